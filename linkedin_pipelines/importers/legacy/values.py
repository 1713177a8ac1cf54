"""How the reference product wrote single values, and what SQLite may hold in their place."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from linkedin_pipelines.domain.identity import tidy
from linkedin_pipelines.domain.legacy.facts import Moment

FIRST_DAY = datetime(2025, 11, 1, tzinfo=UTC)
"""No database of the product is older; an earlier time is that of a clock that was not set."""
REHEARSAL_MODES = frozenset({"routine_dry_run", "dry_run"})
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d(?::\d\d)?)?)?",
    re.IGNORECASE,
)
_NAME_LIMIT = 390
UNREADABLE = object()
"""What `payload` returns for a text that nothing can be read out of."""


def text(value: object) -> str | None:
    """A cell as text that any database can hold; None for NULL. Bytes that are no UTF-8 are shown as replaced."""
    if value is None:
        return None
    plain = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return plain.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def name(value: object) -> str | None:
    """A person's name; None where there is none, or the product wrote that it knew none."""
    plain = tidy(text(value) or "")[:_NAME_LIMIT]
    return None if not plain or plain.casefold() == "unknown" else plain


def whole(value: object) -> int | None:
    """A whole number, written as one in any type."""
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    plain = (text(value) or "").strip()
    return int(plain) if re.fullmatch(r"[+-]?\d{1,18}", plain, re.ASCII) else None


def truth(value: object) -> bool | None:
    """A flag: a number, or the words for it; None for anything else."""
    if (number := whole(value)) is not None:
        return {0: False, 1: True}.get(number)
    return {"true": True, "false": False}.get((text(value) or "").strip().casefold())


def days_late(is_late: object, days: object) -> int | None:
    """By how many days a wish was late: 1 to 365, else None."""
    count = whole(days)
    return count if truth(is_late) and count is not None and 1 <= count <= 365 else None


def moment(value: object, zone: ZoneInfo) -> Moment | None:
    """A time in any form that the product wrote or read; else None. `zone` is assumed where none is written."""
    match = _TIME.fullmatch((text(value) or "").strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return Moment(None, day)
        micro = int((match[7] or "0")[:6].ljust(6, "0"))
        clock = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6] or 0), micro)  # noqa: DTZ001 - zone follows
        if match[8] is None:
            return Moment(clock.replace(tzinfo=zone).astimezone(UTC), naive=clock)
        return Moment(clock.replace(tzinfo=_offset(match[8])).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _offset(written: str) -> timezone:
    if written.upper() == "Z":
        return UTC
    digits = written[1:].replace(":", "").ljust(6, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:6]))
    return timezone(-shift if written[0] == "-" else shift)


def possible(when: Moment, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a time lies between the product's first day and the import."""
    if when.at is not None:
        return FIRST_DAY <= when.at <= now
    assert when.day is not None
    return FIRST_DAY.date() <= when.day <= now.astimezone(zone).date()


def payload(value: object) -> Any:
    """A JSON cell: an object, None for nothing, or `UNREADABLE`. The product encoded some twice."""
    told: Any = value
    for _ in range(3):
        if told is None or isinstance(told, dict):
            return told
        if not isinstance(told, str | bytes):
            return UNREADABLE
        try:
            told = json.loads(told)
        except (ValueError, RecursionError):
            return UNREADABLE
    return told if told is None or isinstance(told, dict) else UNREADABLE


def rehearsed(told: dict[str, Any] | None) -> bool | None:
    """Whether a payload tells of a rehearsal; None where its flag is no flag."""
    if not told:
        return False
    if text(told.get("script_mode")) in REHEARSAL_MODES:
        return True
    flag = told.get("dry_run")
    return False if flag is None else truth(flag)
