"""Every error the product raises on purpose.

What belongs here: exception classes whose message is one sentence naming the fact and the way out. What does not:
handling. A caller that catches one of these does something about it or lets it pass; nobody swallows it.
"""

from __future__ import annotations


class LinkedInPipelinesError(Exception):
    """Base of all our own errors; its text is fit to be shown to the member as it stands."""


class ConfigurationError(LinkedInPipelinesError):
    """Settings or accounts.yaml are wrong; nothing was changed."""


class UnknownAccountError(LinkedInPipelinesError):
    """The account is not in the database, or is retired; `accounts list` shows those that are."""


class RefusedFileError(LinkedInPipelinesError):
    """A whole file cannot be trusted; nothing of it was imported."""


class SchemaError(LinkedInPipelinesError):
    """The database's schema is newer or older than this code; says which command mends it."""


class NoSchemaError(SchemaError):
    """The database has no tables of ours: nothing was set up in it yet."""


class DatabaseUnavailableError(LinkedInPipelinesError):
    """The database cannot be reached, so nothing may be sent."""


class ClockOffError(LinkedInPipelinesError):
    """The clocks of this machine and of the database server are too far apart; nothing may be started here."""


class LeaseLostError(LinkedInPipelinesError):
    """The run no longer holds the account's lease and can neither claim nor settle."""


class LeaseHeldError(LinkedInPipelinesError):
    """Another run holds the account's lease; try again when it has ended."""


class LedgerConflictError(LinkedInPipelinesError):
    """The interaction is not in the state that this step follows; it was settled or taken over meanwhile."""


class ListChangedError(LinkedInPipelinesError):
    """The list is not the one that was approved; look at it again and approve it again."""


class NotOnListError(LinkedInPipelinesError):
    """The person, or the whole list, is not there; build the list first."""


class AmendmentRefusedError(LinkedInPipelinesError):
    """A list cannot be changed by hand in this way; says why."""


class NotApprovedError(LinkedInPipelinesError):
    """Nobody approved this list; materialize approved_messages to approve it."""


class BrowserUnavailableError(LinkedInPipelinesError):
    """No browser could be started; says how to get one."""


class NoScreenError(LinkedInPipelinesError):
    """An assisted account needs a browser window that its member sees, and this machine shows none."""


class SessionMissingError(LinkedInPipelinesError):
    """No signed-in session is stored for the account; `session login` or `session import` stores one."""


class SiteError(LinkedInPipelinesError):
    """What the site shows forbids the step."""

    evidence: str | None = None
    """Path of the screenshot below the evidence folder, once one is taken."""


class PageUnreadableError(SiteError):
    """A page does not show, for certain, what the step needs; the person is left alone."""

    element: tuple[str, str] | None = None
    """Surface and name of the element that no way of finding found, if that is what is wrong."""


class SiteUnreachableError(PageUnreadableError):
    """The site's server does not answer at all; there is no page, so no picture either."""


class NotConnectedError(SiteError):
    """The person's profile shows no first-degree connection, so a message would be an InMail or impossible."""


class ProfileGoneError(SiteError):
    """The person's profile does not exist any more; that is the end for this person, and no fault of the page."""


class StopSignError(SiteError):
    """The site shows a stop sign; the account stops until a human resumes it."""

    def __init__(self, sign: str, message: str) -> None:
        super().__init__(message)
        self.sign = sign


class ClickTooLateError(SiteError):
    """Too much time passed since the click was announced, so it was not made: another run may be reading by now."""


class WrongPersonError(SiteError):
    """The page in front of us is another person's; nothing was written."""


class UnknownContactError(LinkedInPipelinesError):
    """The account has no such contact; `birthdays ACCOUNT --all` lists them."""


class NotNowError(LinkedInPipelinesError):
    """The account must leave the site alone now, or the page cannot tell of that day; says why and until when."""


class ReasonTooLongError(LinkedInPipelinesError):
    """A reason has more characters than are kept; nothing was changed."""


class EvidenceError(LinkedInPipelinesError):
    """Evidence cannot be exported; says why, and nothing was written."""


class BackupError(LinkedInPipelinesError):
    """A backup could not be taken, trusted or restored; the database is as it was."""


class ForgettingRefusedError(LinkedInPipelinesError):
    """A person cannot be forgotten now, or not in this way; says why, and nothing was erased."""


class RefusedSearchError(LinkedInPipelinesError):
    """A people search is none of the account's own site; nothing was opened."""


class ExportRefusedError(LinkedInPipelinesError):
    """Profiles cannot be exported to that file; says why."""


class NamesakeError(PageUnreadableError):
    """Two people on a list bear the same name, and what asks about one of them names no profile."""


class InvitationGoneError(SiteError):
    """The invitation is not among those that wait any more: accepted, withdrawn elsewhere or expired."""


class BadCursorError(LinkedInPipelinesError):
    """A cursor is not one of this listing and these filters; begin again without it."""


class LaunchRefusedError(LinkedInPipelinesError):
    """A launch asked for over HTTP is not possible as it was asked for; says why, and nothing was launched."""


class LaunchUnderWayError(LinkedInPipelinesError):
    """The same launch is being handed over at this moment; ask again in a few seconds with the same key."""


class OrchestratorUnavailableError(LinkedInPipelinesError):
    """Dagster's web server does not answer in time, or answers with an error; says which."""


class NoticeNotSentError(LinkedInPipelinesError):
    """A channel did not take a notice; says which and why, without the address's secrets."""


class ApprovalLinkError(LinkedInPipelinesError):
    """An approval link cannot be used; nothing was approved by it now."""


class ApprovalLinkUnknownError(ApprovalLinkError):
    """The address is none that this installation made."""


class ApprovalLinkExpiredError(ApprovalLinkError):
    """The link's day is over."""


class ApprovalLinkUsedError(ApprovalLinkError):
    """The link approved its list already."""
