"""Shapes of what is stored as JSON, with limits, so that no unchecked payload reaches the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_SHORT, _LONG = 400, 8000
_LONG_BYTES = 24_000
"""Two such texts and the rest stay below what one payload may hold."""
_SCREENSHOTS = 10


def _clipped(value: object, limit: int) -> object:
    """A text of a page, cut where it is too long to keep: pages may show anything, and claims must end."""
    if not isinstance(value, str):
        return value
    value = value.replace("\x00", "\ufffd")  # which Postgres does not store
    value = value.encode("utf-8", "replace")[:_LONG_BYTES].decode("utf-8", "ignore")
    return value if len(value) <= limit else value[: limit - 1] + "…"


def _kept_paths(value: object) -> object:
    """The newest screenshots; a path that is too long leads nowhere once it is cut, so it is left out."""
    if not isinstance(value, tuple | list):
        return value
    return tuple(path for path in value if not isinstance(path, str) or len(path) <= _SHORT)[-_SCREENSHOTS:]


Short = Annotated[str, BeforeValidator(lambda value: _clipped(value, _SHORT)), Field(max_length=_SHORT)]
Long = Annotated[str, BeforeValidator(lambda value: _clipped(value, _LONG)), Field(max_length=_LONG)]
Path = Annotated[str, Field(max_length=_SHORT)]


class Evidence(BaseModel):
    """What proves the outcome of one interaction. What a page showed is clipped, never refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    screenshots: Annotated[tuple[Path, ...], BeforeValidator(_kept_paths)] = Field(default=(), max_length=_SCREENSHOTS)
    """Paths below the evidence folder."""
    recipient: Short | None = None
    """Identity that the composer itself showed: a slug or a URN."""
    read_back: Long | None = None
    """The editor's content just before the click."""
    event: Short | None = None
    """Identity of the new own event in the thread."""
    event_text: Long | None = None

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> Self:
        """Read what is stored, whichever version stored it: facts that this version does not know are left out."""
        return cls.model_validate({key: value for key, value in values.items() if key in cls.model_fields})


class OwnEvent(BaseModel):
    """One message of the member's own, as a conversation showed it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: Short
    text: Annotated[str, Field(max_length=1000)]
    sent_on: date | None
    wordless: bool = False


class OwnEvents(BaseModel):
    """The member's own messages that a conversation showed before a click, newest last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    events: tuple[OwnEvent, ...] = Field(default=(), max_length=40)
    press_until: datetime | None = None
    """Until when the member could press the button; None where the product pressed it at the announcement."""


class ApprovedMessage(BaseModel):
    """One recipient and text that the member said yes to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact_id: int
    occurrence_year: int = Field(ge=2000, le=2200)
    occurs_on: date | None = None
    """Day the birthday was to be kept when the yes was given; approvals of before 0008 do not say."""
    template: Annotated[str, Field(max_length=100)]
    body: str = Field(min_length=1, max_length=4000)


class ApprovedItem(BaseModel):
    """One person of a plan, and the occasion, that the member said yes to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact_id: int
    occasion_key: str = Field(min_length=1, max_length=100)
    template: str | None = Field(default=None, max_length=100)
    body: str | None = Field(default=None, min_length=1, max_length=4000)
    """The exact words, where the kind writes any."""


class ApprovedPlan(BaseModel):
    """All that one approval of a plan covers, in its order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: tuple[ApprovedItem, ...] = Field(max_length=5000)


class ApprovedContent(BaseModel):
    """All that one approval covers, in the list's order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[ApprovedMessage, ...] = Field(max_length=500)
