"""Texts that people write to each other: what counts as a birthday wish, and what asks to be left alone.

The phrases are data, one file a language in `phrasebook/`; a text may be in any of them, whatever the account's own
language. Both judgements err to the safe side: a wish not recognised is still caught by its exact text, and a request
recognised in error only waits for the member's decision.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})


@cache
def _patterns(topic: Literal["birthday_wishes", "stop_requests"]) -> re.Pattern[str]:
    book = files("linkedin_pipelines.domain") / "phrasebook"
    pages = sorted((page for page in book.iterdir() if page.name.endswith(".toml")), key=lambda page: page.name)
    phrases = [phrase for page in pages for phrase in tomllib.loads(page.read_text("utf-8"))[topic]]
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold().split())


def is_birthday_wish(text: str) -> bool:
    """Whether a message wishes its reader a happy birthday, in any language of the phrasebook."""
    return _patterns("birthday_wishes").search(_plain(text)) is not None


def asks_to_stop(text: str) -> bool:
    """Whether a message asks its reader not to write again; a proposal for the member, never a verdict."""
    return _patterns("stop_requests").search(_plain(text)) is not None
