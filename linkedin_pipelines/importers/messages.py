"""messages.csv: wishes that the member sent by hand, and people who asked for no more messages.

Nothing else of the messages is kept. Which messages are the member's own is told by the sender's profile address, never
by a name. LinkedIn's archive holds other files with the same columns (`guide_messages.csv`, role play); they are told
apart by their names, in `archive` and `sniffing`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.phrases import is_stop_request, plain
from linkedin_pipelines.domain.records import BODY_LIMIT, EXCERPT_LIMIT, NAME_LIMIT, RefusedRow, SentWish, StopReply
from linkedin_pipelines.domain.wishes import is_own_wish
from linkedin_pipelines.importers.part import Part, UntrustedFileError
from linkedin_pipelines.importers.people import too_long, whole_name
from linkedin_pipelines.importers.tables import read_frames

if TYPE_CHECKING:
    import pandas as pd

REQUIRED = ("FROM", "SENDER PROFILE URL", "RECIPIENT PROFILE URLS", "DATE", "CONTENT")
FIRST_YEAR = 2003
"""LinkedIn opened in May 2003."""
_TRUE = {"yes", "true", "1"}


def read(part: Part, stream: BinaryIO) -> Iterator[SentWish | StopReply | RefusedRow]:
    """The wishes and stop requests of one file.

    Raises:
        RefusedFileError: the messages involve people, but never the member; or the file has another header.
    """
    refused: list[RefusedRow] = []
    seen: Counter[str] = Counter()
    for frame in read_frames(part, stream, REQUIRED, refused):
        yield from refused
        refused.clear()
        for column in ("to", "is message draft"):
            if column not in frame:
                frame[column] = ""
        is_draft = frame["is message draft"].str.strip().str.lower().isin(_TRUE)
        seen["drafts"] += int(is_draft.sum())
        for message in _messages(frame[~is_draft]):
            own = message.sender == part.owner_slug
            seen["addressed"] += message.sender is not None or bool(message.recipients)
            seen["involved"] += own or part.owner_slug in message.recipients
            others = message.recipients - {part.owner_slug}
            if own and is_own_wish(message.content):
                if len(others) > 1:
                    seen["groups"] += 1
                else:
                    yield _wish(part, message, next(iter(others), None))
            elif message.sender is not None and not own and is_stop_request(message.content):
                if others:
                    seen["groups"] += 1
                elif part.owner_slug in message.recipients:
                    yield _stop(part, message, message.sender)
    _conclude(part, seen)


def _conclude(part: Part, seen: Counter[str]) -> None:
    if seen["addressed"] and not seen["involved"]:
        raise UntrustedFileError(
            f"{part.name}: none of its {seen['addressed']:,} messages is from or to /in/{part.owner_slug}: "
            "this is another member's export, or the account's profile_url is wrong"
        )
    if seen["drafts"]:
        part.notes.append(f"{seen['drafts']} drafts are no messages and were left out")
    if seen["groups"]:
        part.notes.append(
            f"{seen['groups']} wishes or requests in group conversations are to nobody alone and were left out"
        )


class _Message(NamedTuple):
    line: int
    sender_name: str
    sender: str | None
    to: str
    recipients: frozenset[str]
    date: str
    content: str


def _messages(frame: pd.DataFrame) -> Iterator[_Message]:
    columns = ("from", "sender profile url", "to", "recipient profile urls", "date", "content")
    for line, name, sender, to, recipients, date, content in zip(
        frame.index.tolist(), *(frame[column].tolist() for column in columns), strict=True
    ):
        yield _Message(line, name, next(iter(_slugs(sender)), None), to, _slugs(recipients), date, content)


@lru_cache(maxsize=10_000)
def _slugs(cell: str) -> frozenset[str]:
    """The profiles of a cell that may hold several addresses; a conversation repeats the same two in every message."""
    slugs = (slug_of(url) for url in re.split(r"[\s,;]+", cell) if url)
    return frozenset(slug for slug in slugs if slug is not None and len(slug) <= NAME_LIMIT)


def _wish(part: Part, message: _Message, slug: str | None) -> SentWish | RefusedRow:
    if slug is None:
        return part.refuse(message.line, "a wish to somebody without a profile address", message.content)
    moment = _plausible(message.date, part)
    if moment is None:
        return part.refuse(message.line, f"the wish has no believable date: {message.date[:40]}", message.content)
    text = plain(message.content).strip()[:BODY_LIMIT]
    return SentWish(message.line, slug, _name(message.to, slug), moment, text)


def _stop(part: Part, message: _Message, slug: str) -> StopReply | RefusedRow:
    moment = _plausible(message.date, part)
    if moment is None:
        return part.refuse(message.line, f"the request has no believable date: {message.date[:40]}", message.content)
    excerpt = " ".join(plain(message.content).split())[:EXCERPT_LIMIT]
    return StopReply(message.line, slug, _name(message.sender_name, slug), moment, excerpt)


def _plausible(text: str, part: Part) -> datetime | None:
    """The moment, if messages could be sent on this site then."""
    moment = moment_of(text)
    if moment is None or moment.year < FIRST_YEAR or moment.date() > part.today + timedelta(days=1):
        return None
    return moment


def _name(text: str, slug: str) -> str:
    """The person's name as the messages show it; the slug where they show none ("LinkedIn Member" is nobody's name)."""
    name = whole_name(text)
    return slug if not name or name.casefold() == "linkedin member" or too_long(name) else name


def moment_of(text: str) -> datetime | None:
    """`2026-09-19 13:28:00 UTC`, or any ISO form; without a zone it is UTC, as LinkedIn writes it. None if neither."""
    text = text.strip()
    text = text.removesuffix(" UTC")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
