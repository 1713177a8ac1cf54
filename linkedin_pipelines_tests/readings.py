"""Which reading of a page a refusal came from, by its sentence: what the harnesses count refusals by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_READINGS = (
    ("conversation (thread)", r"\bthe conversation\b|message's sender|third person speaks"),
    ("profile (profile)", r"\bthe profile\b|not on the person's profile|no such profile|first-degree"),
    (
        "recipient (recipients)",
        r"addresses|names its recipient|names \S+ people|does not bear the name|composer's header",
    ),
    ("open composers (composers)", r"open conversation|another conversation is open|paid plan|took its place"),
    (
        "form (composer)",
        r"\beditor\b|fields can be written|send button|send_button|close_control|closes the conversation|subject line",
    ),
    ("birthdays (catch_up)", r"catch-up"),
    (
        "the site (site, stop_signs)",
        r"Stop sign|\bthe site\b|page hangs|did not answer in time|page refused|open (?:in|feed)",
    ),
)


def reading_of(why: str) -> str:
    """The reading, and the page object that does it; what is none of them is named as such."""
    return next((name for name, words in _READINGS if re.search(words, why)), "none of the page's")


def refusals(sentences: Iterable[str]) -> list[str]:
    """A line for each reading that refused: how often, and its sentences without what differs from page to page."""
    by_reading: dict[str, Counter[str]] = {}
    for why in sentences:
        plain = re.sub(r"\d+", "N", why.removeprefix("page_unreadable: "))[:150]
        by_reading.setdefault(reading_of(why), Counter())[plain] += 1
    lines = []
    for reading, told in sorted(by_reading.items(), key=lambda row: -row[1].total()):
        lines.append(f"{told.total():4} {reading}")
        lines += [f"       {count:4} {plain}" for plain, count in told.most_common()]
    return lines
