"""The states that things are in, by the names that the database, the commands and the Dagster UI share."""

from __future__ import annotations

from enum import StrEnum


class InteractionStatus(StrEnum):
    """Where one attempt stands.

    `sending`, `sent` and `in_doubt` occupy the occasion and count against the quotas. `failed` is proof that nothing
    went out, so the occasion is free again. `rehearsed` went up to the last click, `refused` is a rehearsal that ended
    before it for a reason; both occupy nothing.
    """

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    REHEARSED = "rehearsed"
    REFUSED = "refused"


OCCUPYING = (InteractionStatus.SENDING, InteractionStatus.SENT, InteractionStatus.IN_DOUBT)


class InteractionOrigin(StrEnum):
    """Who did it: a campaign of ours, the member by hand, or the product that this one replaced."""

    CAMPAIGN = "campaign"
    BY_HAND = "by_hand"
    LEGACY = "legacy"


class ContactStatus(StrEnum):
    """`connected` people may be wished; `known` ones occur in the member's files without proof of a connection."""

    CONNECTED = "connected"
    KNOWN = "known"
    REMOVED = "removed"


class EntryOutcome(StrEnum):
    """What a list says of one person: will be wished, is left out, or waits for another day."""

    PLANNED = "planned"
    SKIPPED = "skipped"
    DEFERRED = "deferred"


class Reason(StrEnum):
    """Why a person was left out, deferred or failed. The sentence beside it, for the member, is stored with it."""

    # left out
    ALREADY_WISHED = "already_wished"
    WISHED_BY_HAND = "wished_by_hand"
    IN_DOUBT = "in_doubt"
    IN_FLIGHT = "in_flight"
    DO_NOT_CONTACT = "do_not_contact"
    STOP_REQUESTED = "stop_requested"
    NOT_CONNECTED = "not_connected"
    NO_PROFILE_URL = "no_profile_url"
    NO_SAFE_NAME = "no_safe_name"
    TOO_LATE = "too_late"
    TOO_MANY_FAILURES = "too_many_failures"
    IS_SELF = "is_self"
    NO_TEMPLATE = "no_template"
    LEFT_OUT = "left_out"  # the member said: not this person, not this time
    BIRTHDAY_DISPUTED = "birthday_disputed"
    BIRTHDAY_CHANGED = "birthday_changed"
    PROFILE_GONE = "profile_gone"
    TALKED_LATELY = "talked_lately"  # a congratulation would read as from a machine
    INVITATION_GONE = "invitation_gone"  # accepted, withdrawn elsewhere or expired
    # deferred
    NOT_YET = "not_yet"
    WRITTEN_LATELY = "written_lately"  # at most one message to a person in so many days
    BIRTHDAY_SOON = "birthday_soon"  # which goes first
    RUN_QUOTA = "run_quota"
    DAY_QUOTA = "day_quota"
    WEEK_QUOTA = "week_quota"
    OUTSIDE_HOURS = "outside_hours"
    ACCOUNT_PAUSED = "account_paused"
    ACCOUNT_RETIRED = "account_retired"
    BREAKER_OPEN = "breaker_open"
    SETTLE_FIRST = "settle_first"
    UNSETTLED_IN_DOUBT = "unsettled_in_doubt"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    NOT_APPROVED = "not_approved"
    NOT_LIVE = "not_live"
    INTERRUPTED = "interrupted"
    DAY_CHANGED = "day_changed"  # the words are for a day that is over
    REHEARSED_TODAY = "rehearsed_today"
    NOT_PRESSED = "not_pressed"  # in assisted mode: the member did not press Send
    # failed: proof that nothing went out
    WRONG_PERSON = "wrong_person"
    TEXT_MISMATCH = "text_mismatch"
    PAGE_UNREADABLE = "page_unreadable"
    STOP_SIGN = "stop_sign"
    BROWSER_FAILED = "browser_failed"
    NOT_DELIVERED = "not_delivered"
    # in doubt
    CLICK_UNPROVEN = "click_unproven"
    RUN_DIED = "run_died"


LEAVING_OUT = frozenset(
    {
        Reason.ALREADY_WISHED,
        Reason.WISHED_BY_HAND,
        Reason.IN_DOUBT,
        Reason.IN_FLIGHT,
        Reason.DO_NOT_CONTACT,
        Reason.STOP_REQUESTED,
        Reason.NOT_CONNECTED,
        Reason.NO_PROFILE_URL,
        Reason.NO_SAFE_NAME,
        Reason.TOO_LATE,
        Reason.TOO_MANY_FAILURES,
        Reason.IS_SELF,
        Reason.NO_TEMPLATE,
        Reason.LEFT_OUT,
        Reason.BIRTHDAY_DISPUTED,
        Reason.BIRTHDAY_CHANGED,
        Reason.PROFILE_GONE,
        Reason.TALKED_LATELY,
        Reason.INVITATION_GONE,
    }
)
"""By these a person is left out, also where an attempt found them out."""
PUTTING_OFF = frozenset(
    {
        Reason.NOT_YET,
        Reason.WRITTEN_LATELY,
        Reason.BIRTHDAY_SOON,
        Reason.RUN_QUOTA,
        Reason.DAY_QUOTA,
        Reason.WEEK_QUOTA,
        Reason.OUTSIDE_HOURS,
        Reason.ACCOUNT_PAUSED,
        Reason.ACCOUNT_RETIRED,
        Reason.BREAKER_OPEN,
        Reason.SETTLE_FIRST,
        Reason.UNSETTLED_IN_DOUBT,
        Reason.TERMS_NOT_ACCEPTED,
        Reason.NOT_APPROVED,
        Reason.NOT_LIVE,
        Reason.INTERRUPTED,
        Reason.DAY_CHANGED,
        Reason.REHEARSED_TODAY,
        Reason.NOT_PRESSED,
    }
)
"""By these a person waits, also where an attempt found them out."""


class BreakerState(StrEnum):
    """`closed` lets work through, `open` none, `half_open` one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class BirthdaySource(StrEnum):
    """Where a birthday was read."""

    VCARD = "vcard"
    GOOGLE = "google"
    OUTLOOK = "outlook"
    ICALENDAR = "icalendar"
    CATCH_UP = "catch_up"
    CONTACT_INFO = "contact_info"
    LEGACY = "legacy"


class SourceKind(StrEnum):
    """The services that are read beside files."""

    DAV = "dav"
    """CardDAV or CalDAV."""
    PORTABILITY = "linkedin_portability"
    """LinkedIn's Member Data Portability API."""


class SitePage(StrEnum):
    """A page that birthdays are read from, a day at a time."""

    CATCH_UP = "catch_up"


class ReadingOutcome(StrEnum):
    """`whole`: all that the page had to say of the day was read. `unknown`: it was not, or nothing proves it."""

    WHOLE = "whole"
    UNKNOWN = "unknown"


class MatchRule(StrEnum):
    """How a birthday found its contact, strongest first."""

    MEMBER = "member"  # the member settled it
    PROFILE_URL = "profile_url"
    EMAIL = "email"
    FULL_NAME = "full_name"


class FileKind(StrEnum):
    """The file formats that an import tells apart."""

    ARCHIVE = "linkedin_archive"
    CONNECTIONS = "linkedin_connections"
    MESSAGES = "linkedin_messages"
    INVITATIONS = "linkedin_invitations"
    VCARD = "vcard"
    GOOGLE = "google_csv"
    OUTLOOK = "outlook_csv"
    ICALENDAR = "icalendar"
