"""One message to a person, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

PRODUCT = "LinkedIn Pipelines"


@dataclass(frozen=True)
class Cause:
    """Something that a person should know of, as it stands now; no text of it names a contact."""

    account: str | None
    """None for what concerns the whole installation."""
    name: str
    """Stays the same while it lasts; with the account it is the notice's fingerprint."""
    title: str
    stopped: str
    """What does not work any more, in sentences."""
    not_sent: str
    """What was not sent because of it."""
    to_do: str
    """What the reader can do about it."""

    @property
    def fingerprint(self) -> str:
        return f"{self.account or ''}:{self.name}"[:200]


@dataclass(frozen=True)
class Message:
    """What a channel sends."""

    key: str
    """The same for the same message, whoever sends it: by it a mail program knows a second copy."""
    subject: str
    text: str
    email: str | None
    """Address for the mail channel; None keeps that channel silent."""
    facts: Mapping[str, str | None] = field(default_factory=dict)
    """The same for programs; empty for what only the member's own mailbox may hold."""


def told(cause: Cause, since: datetime, zone: ZoneInfo, key: str, email: str | None) -> Message:
    """The message that tells of a cause while it lasts."""
    subject = _subject(cause.account, cause.title)
    text = "\n\n".join(
        [
            _section("What stopped", cause.stopped),
            _section("What was not sent", cause.not_sent),
            _section("What to do", cause.to_do),
            f"Since {moment(since, zone)}. This is told once a day while it lasts, and once more when it is over.",
        ]
    )
    return Message(key, subject, text + "\n", email, _facts(cause.account, cause.name, "lasts", subject, text, since))


def over(
    account: str | None,
    name: str,
    title: str,
    since: datetime,
    end: datetime,
    zone: ZoneInfo,
    key: str,
    email: str | None,
) -> Message:
    """The message that tells of the end."""
    subject = _subject(account, f"over: {title}")
    text = f"This is over: {title}\n\nIt lasted from {moment(since, zone)} to {moment(end, zone)}."
    return Message(key, subject, text + "\n", email, _facts(account, name, "over", subject, text, since))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment as its reader counts it."""
    return f"{at.astimezone(zone):%A %d %B %Y, %H:%M} ({zone.key})"


def _subject(account: str | None, title: str) -> str:
    return f"[{PRODUCT}] {account}: {title}" if account else f"[{PRODUCT}] {title}"


def _section(title: str, text: str) -> str:
    return f"{title}\n" + "\n".join(f"  {line}" for line in text.splitlines())


def _facts(
    account: str | None, cause: str, state: str, title: str, text: str, since: datetime
) -> dict[str, str | None]:
    return {
        "account": account,
        "cause": cause,
        "state": state,
        "title": title,
        "text": text,
        "since": since.isoformat(),
    }
