"""Marks of people who asked to be forgotten: enough to know one of them again, nothing to tell who they are.

A mark is the HMAC-SHA256 of one thing that identifies a person, under a key that the database does not hold. Free texts
are searched for a person's words without knowing them: every few words in a row are marked and looked up.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import unquote

from linkedin_pipelines.domain.identity import name_key, without_credentials

FORGOTTEN = "[forgotten]"
"""Stands in a text where a person's words stood."""
FORGOTTEN_NAME = "(asked to be forgotten)"

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_DISTINCT = 6
"""A profile slug of one word this long, or with a digit in it, is no word that occurs by itself."""


class MarkKind(StrEnum):
    """What a mark is of."""

    PROFILE = "profile"
    EMAIL = "email"
    NAME = "name"
    """A name that nobody else of the account bore: it alone tells the person."""
    SHARED_NAME = "shared_name"
    """A name that others bear too: it tells nobody, and no birthday finds its contact by it."""
    CONNECTION = "connection"
    """Name and day of connection, which an export without profile addresses tells people by."""
    TOKENS = "words"
    """Words as they stand in a free text, whatever their order and what is between them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark; equal marks are of the same thing of the same person."""

    kind: MarkKind
    digest: str
    """64 hexadecimal digits."""
    words: int = 0
    """How many words it is of, for marks of words; a search need not try other lengths."""


@dataclass(frozen=True)
class Traces:
    """Everything by which a person is known, gathered before it is erased."""

    slugs: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Names of theirs that nobody else of the account bears."""
    shared_names: frozenset[str] = frozenset()
    connections: frozenset[tuple[str, date]] = frozenset()
    """(name key, day of connection)."""


class Marker:
    """Makes marks under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def key_id(self) -> str:
        """16 hexadecimal digits that tell this key from another and nothing of either."""
        return self._digest("key", "")[:16]

    def of(self, traces: Traces) -> frozenset[Mark]:
        """All marks of a person."""
        marks = {self.mark(MarkKind.PROFILE, slug) for slug in traces.slugs}
        marks |= {self.mark(MarkKind.EMAIL, email) for email in traces.emails}
        marks |= {self.mark(MarkKind.NAME, name_key(name)) for name in traces.names}
        marks |= {self.mark(MarkKind.SHARED_NAME, name_key(name)) for name in traces.shared_names}
        marks |= {self.connection(name, day) for name, day in traces.connections}
        for text in _texts_of(traces):
            words = tuple(word for word, _, _ in tokens_of(text))
            marks.add(self.words(words))
        return frozenset(marks)

    def mark(self, kind: MarkKind, value: str) -> Mark:
        """The mark of one value, which the caller made canonical."""
        return Mark(kind, self._digest(kind, value))

    def connection(self, name: str, day: date) -> Mark:
        """The mark of a name key and the day of connection."""
        return self.mark(MarkKind.CONNECTION, f"{name}|{day.isoformat()}")

    def words(self, words: tuple[str, ...]) -> Mark:
        """The mark of words, whatever their order."""
        return Mark(MarkKind.TOKENS, self._digest(MarkKind.TOKENS, " ".join(sorted(words))), len(words))

    def _digest(self, kind: str, value: str) -> str:
        return hmac.digest(self._key, f"{kind}:{value}".encode(), hashlib.sha256).hex()


class Forgotten:
    """Knows again those of an account who asked to be forgotten. Without marks it knows nobody and needs no key."""

    def __init__(self, marker: Marker | None = None, marks: Collection[Mark] = ()) -> None:
        if marks and marker is None:
            raise ValueError("marks cannot be read without their key")
        self._marker = marker
        self._digests = {kind: {mark.digest for mark in marks if mark.kind is kind} for kind in MarkKind}
        self._lengths = sorted({mark.words for mark in marks if mark.kind is MarkKind.TOKENS})

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return any(self._digests.values())

    def profile(self, slug: str | None) -> bool:
        """Whether a profile is one of theirs."""
        return slug is not None and self._knows(MarkKind.PROFILE, slug)

    def email(self, email: str | None) -> bool:
        """Whether an e-mail address is one of theirs."""
        return email is not None and self._knows(MarkKind.EMAIL, email.lower())

    def name(self, key: str) -> bool:
        """Whether a name, as `name_key` has it, is theirs alone."""
        return self._knows(MarkKind.NAME, key)

    def shares_name(self, key: str) -> bool:
        """Whether one of them bore a name that others bear too."""
        return self._knows(MarkKind.SHARED_NAME, key)

    def connection(self, slug: str | None, email: str | None, full_name: str, day: date | None) -> bool:
        """Whether a connection, as an export shows it, is one of them."""
        if not self:
            return False
        if self.profile(slug) or self.email(email):
            return True
        key = name_key(full_name)
        if day is not None and self._marker is not None:
            known = self._digests[MarkKind.CONNECTION]
            if known and self._marker.connection(key, day).digest in known:
                return True
        return slug is None and self.name(key)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each word stands, as (start, end), that belongs to words of theirs."""
        if self._marker is None or not self._lengths or not text:
            return
        found = list(tokens_of(text))
        hit: set[int] = set()
        for length in self._lengths:
            for start in range(len(found) - length + 1):
                window = tuple(word for word, _, _ in found[start : start + length])
                if self._marker.words(window).digest in self._digests[MarkKind.TOKENS]:
                    hit.update(range(start, start + length))
        for index in sorted(hit):
            yield found[index][1], found[index][2]

    def mentions(self, text: str) -> bool:
        """Whether a text holds words of theirs, be they percent-encoded."""
        return any(True for _ in self.spans(text)) or ("%" in text and any(True for _ in self.spans(unquote(text))))

    def masked(self, text: str) -> str:
        """The text with every word of theirs taken out."""
        parts: list[str] = []
        end = 0
        for start, stop in self.spans(text):
            between = text[end:start]
            if not (parts and parts[-1] == FORGOTTEN and not any(c.isalnum() for c in between)):
                parts += [between, FORGOTTEN]
            end = stop
        result = "".join(parts) + text[end:] if parts else text
        return FORGOTTEN if self.mentions(result) else result  # in another spelling: nothing of it stays

    def _knows(self, kind: MarkKind, value: str) -> bool:
        known = self._digests[kind]
        return bool(known) and self._marker is not None and self._marker.mark(kind, value).digest in known


NOTHING_FORGOTTEN = Forgotten()


def tokens_of(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text made comparable, each with where it stands; punctuation is no part of any."""
    for match in _WORD.finditer(text):
        yield unicodedata.normalize("NFC", unicodedata.normalize("NFKC", match[0]).casefold()), *match.span()


def _texts_of(traces: Traces) -> Iterable[str]:
    """What to look for in free texts. A name of one word is nobody's alone, so it is not looked for."""
    for name in traces.names:
        for text in {name, without_credentials(name)}:
            if len(list(tokens_of(text))) > 1:
                yield text
    for slug in traces.slugs:
        words = list(tokens_of(slug))
        alone = len(words) > 1 or (words and (len(words[0][0]) >= _DISTINCT or any(c.isdigit() for c in slug)))
        yield slug if alone else f"in {slug}"
    yield from traces.emails
