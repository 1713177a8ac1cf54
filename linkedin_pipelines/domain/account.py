"""What a member may set about an account, and the ceilings that stand above it.

What belongs here: the shape and rules of one account of accounts.yaml. What does not: reading the file
(`linkedin_pipelines.accounts_file`) and storing it (`linkedin_pipelines.services.accounts.registry`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import time
from enum import StrEnum
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from linkedin_pipelines.domain.ceilings import CEILINGS, Quotas
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.network_settings import InvitationCleanup, Moments, Sourcing
from linkedin_pipelines.domain.people_searches import search_query
from linkedin_pipelines.errors import RefusedSearchError

LINKEDIN_URL = "https://www.linkedin.com"
MAIL_ADDRESS = r"^[^\s@<>,;:\x00-\x1f]+@[^\s@<>,;:\x00-\x1f]+$"
"""One bare e-mail address: nothing in it can become a second recipient or a header."""
SLUG_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,47}$"


class Mode(StrEnum):
    """`rehearsal` does everything but the last click; in `assisted` the member makes it; `live` is the real thing."""

    REHEARSAL = "rehearsal"
    ASSISTED = "assisted"
    LIVE = "live"

    @property
    def sends(self) -> bool:
        """Whether messages of a run that asks for live really go out."""
        return self is not Mode.REHEARSAL


class Approval(StrEnum):
    """Who says yes to a day's list: the member, or the scheduled run."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class LeapDay(StrEnum):
    """When a birthday of 29 February is kept in a common year."""

    FEB28 = "feb28"
    MAR1 = "mar1"


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


LATE_DAYS_CEILING = 14
"""A wish more than two weeks late says that nobody noticed."""

PACE_FLOOR_SECONDS = 60.0
"""The least pause between two interactions on the real site; loopback sites, which are sandboxes, have none."""


@cache
def _known_zones() -> frozenset[str]:
    """Names of all time zones; finding them walks the disk, and accounts are read before every single claim."""
    return frozenset(available_timezones())


def _one_line(text: str) -> str:
    if not text.strip() or any(ord(character) < 32 for character in text):
        raise ValueError("must be one line of visible text")
    return text.strip()


class Hours(BaseModel):
    """A daily window of local time, start included, end excluded; `00:00-24:00` is the whole day."""

    model_config = ConfigDict(frozen=True)

    start: time
    end: time | None
    """None stands for midnight at the end of the day."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `HH:MM-HH:MM`.

        Raises:
            ValueError: the text has another form, or the window is empty or runs over midnight.
        """
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-(24:00|(?:[01]\d|2[0-3]):[0-5]\d)", text)
        if match is None:
            raise ValueError('must look like "07:00-19:00"')
        start = time(int(match[1]), int(match[2]))
        end = None if match[3] == "24:00" else time.fromisoformat(match[3])
        if end is not None and end <= start:
            raise ValueError("must end after it starts, on the same day")
        return cls(start=start, end=end)

    def contains(self, moment: time) -> bool:
        """Whether the local time of day `moment` lies in the window."""
        return moment >= self.start and (self.end is None or moment < self.end)


class Late(BaseModel):
    """How long after a birthday a wish may still go out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_days: int = Field(default=7, ge=0, le=LATE_DAYS_CEILING)


class Canary(BaseModel):
    """How long a look at the site's pages is good for; see `domain.canary`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_hours: int = Field(default=12, ge=1, le=168)
    """So long pages that were readable are used without another look."""
    recheck_minutes: int = Field(default=60, ge=5, le=1440)
    """After so long an element that could not be read is looked at again."""


CONTACT_INFO_CEILING = 5
"""Profiles opened a day only to look for a birthday: each visit is seen by the person visited."""


class SiteBirthdays(BaseModel):
    """Which of the member's own pages birthdays are read from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    catch_up: bool = True
    """The catch-up page, once a day; nobody notices that it is read."""
    contact_info_per_day: int = Field(default=0, ge=0, le=CONTACT_INFO_CEILING)
    """So many connections without a birthday a day have their contact info opened, as profile visits."""


class Assisted(BaseModel):
    """How the mode `assisted` waits for the member."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wait_minutes: int = Field(default=10, ge=1, le=12)
    """So long the member may take to press Send, then the text is taken back. Dagster ends a run after 4 hours: 15
    messages, each pressed in the last minute and 3 minutes apart, are to fit."""


class Notices(BaseModel):
    """What the member is told by e-mail; the mail server is a setting of the installation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str | None = Field(default=None, pattern=MAIL_ADDRESS)
    """The member's address; None leaves what concerns the account to the operator's."""
    morning_mail: bool = False
    """Whether the day's list, with its texts and a link to approve it, is mailed each morning."""


class AccountConfig(BaseModel):
    """One account of accounts.yaml, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=SLUG_PATTERN)
    """Our own short name of the account. It is a partition key and a folder name, hence the narrow alphabet."""
    display_name: Annotated[str, AfterValidator(_one_line), Field(max_length=100)]
    profile_url: str
    base_url: str = LINKEDIN_URL
    timezone: str
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    """Language of the wishes where a contact has none of its own; ISO 639-1."""
    mode: Mode = Mode.REHEARSAL
    assisted: Assisted = Assisted()
    approval: Approval = Approval.MANUAL
    hours: str = "07:00-19:00"
    weekdays: tuple[Weekday, ...] = WEEKDAYS
    pace_seconds: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0, le=3600)]] = (90.0, 180.0)
    """Shortest and longest pause between two interactions."""
    late: Late = Late()
    leap_day: LeapDay = LeapDay.FEB28
    site_birthdays: SiteBirthdays = SiteBirthdays()
    canary: Canary = Canary()
    notices: Notices = Notices()
    sourcing: Sourcing = Sourcing()
    invitation_cleanup: InvitationCleanup = InvitationCleanup()
    moments: Moments = Moments()
    quotas: Quotas = Quotas()
    _lowered: tuple[str, ...] = PrivateAttr(default=())

    @field_validator("profile_url")
    @classmethod
    def _is_a_profile(cls, url: str) -> str:
        if slug_of(url) is None or re.search(r"[\\\s\x00-\x1f\x7f]|//[^/]*@", url):
            raise ValueError("must be the address of a profile, like https://www.linkedin.com/in/demo-member")
        return url

    @field_validator("base_url")
    @classmethod
    def _is_linkedin_or_loopback(cls, url: str) -> str:
        url = url.removesuffix("/")
        # Matched as a whole: programs differ in how they read user names, backslashes and control characters, and a
        # browser would take `http://www.linkedin.com\@127.0.0.1` to LinkedIn.
        match = re.fullmatch(r"http://(?:(localhost|[0-9.]+)|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?", url)
        if url == LINKEDIN_URL:
            return url
        if match is not None and (match[3] is None or 0 < int(match[3]) < 65536):
            host = match[1] or match[2]
            with suppress(ValueError):  # no address after all
                if host == "localhost" or ip_address(host).is_loopback:
                    return url
        raise ValueError(f"must be {LINKEDIN_URL}, or http:// and a loopback address; nothing else")

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in _known_zones():
            raise ValueError("is not an IANA time zone, like Europe/Paris")
        return name

    @field_validator("hours")
    @classmethod
    def _is_a_window(cls, text: str) -> str:
        Hours.parse(text)
        return text

    @field_validator("weekdays")
    @classmethod
    def _are_days(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days or len(set(days)) != len(days):
            raise ValueError("must name at least one day, each once")
        return tuple(sorted(days, key=WEEKDAYS.index))

    @field_validator("pace_seconds")
    @classmethod
    def _keeps_the_pace(cls, pace: tuple[float, float], info: ValidationInfo) -> tuple[float, float]:
        low, high = pace
        if low > high:
            raise ValueError("must name the shorter pause first")
        if info.data.get("base_url") == LINKEDIN_URL and low < PACE_FLOOR_SECONDS:
            raise ValueError(f"must be at least {PACE_FLOOR_SECONDS:g} on {LINKEDIN_URL}")
        return pace

    @field_validator("sourcing")
    @classmethod
    def _searches_its_own_site(cls, sourcing: Sourcing, info: ValidationInfo) -> Sourcing:
        if sourcing.search is not None and "base_url" in info.data:
            try:
                search_query(sourcing.search, info.data["base_url"])
            except RefusedSearchError as error:
                raise ValueError(str(error)) from error
        return sourcing

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> Self:
        """Read what an earlier version stored: settings above today's ceilings count as the ceilings; see `lowered`.

        Raises:
            ValidationError: something else is wrong with them.
        """
        return cls._of_text(json.dumps(values))

    @classmethod
    @lru_cache(maxsize=256)
    def _of_text(cls, text: str) -> Self:
        """Each transaction reads the settings anew and finds the same: the same text is checked once."""
        held, lowered = _held_below_ceilings(json.loads(text))
        config = cls.model_validate(held)
        config._lowered = lowered  # noqa: SLF001 - its own
        return config

    @property
    def lowered(self) -> tuple[str, ...]:
        """Settings that are stored above today's ceilings, and what they count as instead, a sentence each."""
        return self._lowered

    @property
    def is_sandbox(self) -> bool:
        """Whether the account lives on a loopback site, that is, not on LinkedIn."""
        return self.base_url != LINKEDIN_URL

    @property
    def profile_slug(self) -> str:
        """The member's own identity on the site."""
        slug = slug_of(self.profile_url)
        assert slug is not None  # _is_a_profile has seen to it
        return slug

    @property
    def window(self) -> Hours:
        """The daily sending window, in local time."""
        return Hours.parse(self.hours)

    @property
    def zone(self) -> ZoneInfo:
        """The member's own time zone; days and hours are counted in it."""
        return ZoneInfo(self.timezone)


def _held_below_ceilings(held: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Stored settings with every number that stands above its ceiling put down to it, and what was put down."""
    tops: dict[tuple[str, ...], float] = {
        ("late", "max_days"): LATE_DAYS_CEILING,
        ("site_birthdays", "contact_info_per_day"): CONTACT_INFO_CEILING,
    }
    for kind, quota in CEILINGS.items():
        tops |= {("quotas", kind.value, field): top for field, top in quota.model_dump().items()}
    lowered = []
    for path, top in tops.items():
        group: Any = held
        for key in path[:-1]:
            group = group.get(key) if isinstance(group, dict) else None
        found = group.get(path[-1]) if isinstance(group, dict) else None
        if isinstance(found, int | float) and found > top:
            group[path[-1]] = top
            lowered.append(f"{'.'.join(path)} is stored as {found:g} and counts as {top:g}, today's ceiling")
    pace = held.get("pace_seconds")
    if held.get("base_url", LINKEDIN_URL) == LINKEDIN_URL and isinstance(pace, list) and pace[0] < PACE_FLOOR_SECONDS:
        held["pace_seconds"] = [PACE_FLOOR_SECONDS, max(pace[1], PACE_FLOOR_SECONDS)]
        lowered.append(f"pace_seconds starts at {pace[0]:g} and counts from {PACE_FLOOR_SECONDS:g}, today's floor")
    return held, tuple(lowered)
