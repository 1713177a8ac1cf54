"""Texts that people write to each other: what counts as a birthday wish, and what asks to be left alone.

The phrases are data, one file a language in `phrasebook/`; a text may be in any of them, whatever the account's own
language, and people mix them. Both judgements err to the safe side: a wish not recognised is still caught by its exact
text, and a request recognised in error only waits for the member's decision.
"""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal

STOP_LENGTH = 400
"""Characters beyond which a message is a letter, or an advertisement with a footer, and no request to stop."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
_TAG = re.compile(r"<[^<>]{1,500}>")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

Topic = Literal["birthday_wishes", "thanks", "stop_requests", "not_stop_requests"]


@cache
def _patterns(topic: Topic) -> re.Pattern[str]:
    book = files("linkedin_pipelines.domain") / "phrasebook"
    pages = sorted((page for page in book.iterdir() if page.name.endswith(".toml")), key=lambda page: page.name)
    phrases = [phrase for page in pages for phrase in tomllib.loads(page.read_text("utf-8")).get(topic, ())]
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


def without_markup(text: str) -> str:
    """A message as its reader saw it: exports hold some messages with HTML tags and entities."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return html.unescape(text) if "&" in text else text


def _plain(text: str) -> str:
    """The form that the phrases are written for; `ß` stays, so lower case rather than case folding."""
    return " ".join(unicodedata.normalize("NFKC", without_markup(text)).translate(_APOSTROPHES).lower().split())


def is_birthday_wish(text: str) -> bool:
    """Whether a message wishes its reader a happy birthday, in any language of the phrasebook."""
    plain, wishes = _plain(text), _patterns("birthday_wishes")
    return wishes.search(plain) is not None and wishes.search(_patterns("thanks").sub(" ", plain)) is not None


def asks_to_stop(text: str) -> bool:
    """Whether a message asks its reader not to write again; a proposal for the member, never a verdict."""
    plain = _plain(text)
    if len(plain) > STOP_LENGTH:
        return False
    asks, does_not = _patterns("stop_requests"), _patterns("not_stop_requests")
    return any(asks.search(each) and not does_not.search(each) for each in _SENTENCE_END.split(plain))
