"""Shapes of what is stored as JSON, with limits, so that no unchecked payload reaches the database."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Short = Annotated[str, Field(max_length=400)]


class Evidence(BaseModel):
    """What proves the outcome of one interaction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    screenshots: tuple[Short, ...] = Field(default=(), max_length=10)
    """Paths below the evidence folder."""
    recipient: Short | None = None
    """Identity that the composer itself showed: a slug or a URN."""
    read_back: str | None = Field(default=None, max_length=8000)
    """The editor's content just before the click."""
    event: Short | None = None
    """Identity of the new own event in the thread."""
    event_text: str | None = Field(default=None, max_length=8000)


class ApprovedMessage(BaseModel):
    """One recipient and text that the member said yes to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact_id: int
    occurrence_year: int = Field(ge=2000, le=2200)
    template: Annotated[str, Field(max_length=100)]
    body: str = Field(min_length=1, max_length=4000)


class ApprovedContent(BaseModel):
    """All that one approval covers, in the list's order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[ApprovedMessage, ...] = Field(max_length=500)
