"""One way of logging for every process: structlog, with people kept out of it.

What belongs here: how a line is made and what may stand in it. What does not: what to say; modules ask
`structlog.get_logger(__name__)` and pass facts by keyword. The event itself is a fixed sentence; whatever varies is a
keyword, because keywords are what the rules below can judge.

At info level and above a text shows only under a key that is known to hold no person (`OPEN_KEYS`); every other text is
masked, be it a name, a message, an address or something nobody has thought of yet. Numbers, dates, yes and no are shown
unless they are one person's. At debug level nothing is masked but secrets.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "[masked]"

# fmt: off
OPEN_KEYS = frozenset({
    "account", "accounts", "action", "asset", "attempt", "breaker", "browser", "candidate", "check", "code",
    "command", "content_hash", "dialect", "element", "error_type", "event", "evidence", "exception",
    "file_kind", "from_state", "generation", "holder", "host", "interaction_kind", "job", "kind", "label",
    "language", "level", "list_date", "local_day", "logger", "method", "mode", "module", "op", "origin",
    "outcome", "partition", "pid", "port", "reason", "retry_at", "revision", "rule", "run_id", "scenario",
    "schedule", "sensor", "sha256", "sign", "source", "state", "status", "step", "stop_sign", "surface",
    "table", "task", "template", "timestamp", "timezone", "to_state", "unit", "version", "weekday",
})
# fmt: on
"""Keys whose texts are words of ours or of the installation, never of a person."""

SECRET_KEYS = re.compile(r"cookie|li_at|storage_state|secret|password|authorization|sealed|(^|_)key$", re.IGNORECASE)
"""Keys whose values are never shown, at any level."""

PERSONAL_NUMBERS = re.compile(r"birth_|phone", re.IGNORECASE)
"""Keys whose numbers and dates say something of one person; other numbers are counts and identities of ours."""

_IN_FREE_TEXT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
    r"|/in/[^\s/?#\"']+"  # a profile
    r"|\bli_at\b[\"']?\s*[=:]\s*\S+"  # the session's cookie
    r"|gAAAAA[\w=-]{20,}"  # something sealed
)


def configure_logging(
    log_format: Literal["console", "json"], *, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Send all logs of this process, structlog's and the standard library's, to `stream` (default: stderr).

    Call it once, as early as the process knows its settings; another call replaces the first.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_people_out,
    ]
    structlog.configure(
        processors=[*shared[:3], *shared[4:], structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    target = stream or sys.stderr
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=target.isatty(), pad_event_to=0)
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for former in [each for each in root.handlers if getattr(each, "ours", False)]:
        root.removeHandler(former)
    handler.ours = True  # type: ignore[attr-defined]  # so that a second call replaces this handler and no other
    root.addHandler(handler)
    root.setLevel(level)
    for chatty in ("alembic", "asyncio", "gql", "httpx", "urllib3", "uvicorn"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


@contextmanager
def correlated(**facts: str | int) -> Iterator[None]:
    """Every line within carries these facts: `run_id`, `step`, `account`, `interaction_id`."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def keep_people_out(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask what must not be read in a log; a structlog processor."""
    told = method in ("debug", "notset")
    if exception := _exception_of(event):
        event["exception"] = _told(exception) if told else _frames(exception)
    for key, value in list(event.items()):
        if key.startswith("_"):
            continue  # structlog's own bookkeeping, removed before rendering
        if key in ("event", "exception"):
            event[key] = value if told else without_people(str(value))
        else:
            event[key] = _judged(key, value, told=told)
    return event


def without_people(text: str) -> str:
    """A free text without the addresses, profiles and cookies that occur in it; names cannot be told from words."""
    return _IN_FREE_TEXT.sub(MASK, text)


def _judged(key: str, value: object, *, told: bool) -> object:
    """What may be shown of `value`, which stands under `key`."""
    if value is None:
        return None
    if SECRET_KEYS.search(key):
        return MASK
    if told:
        return value
    if isinstance(value, Mapping):
        return {str(inner): _judged(str(inner), each, told=told) for inner, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_judged(key, each, told=told) for each in value]
    return _judged_alone(key, value)


def _judged_alone(key: str, value: object) -> object:
    if isinstance(value, bool | int | float | date | timedelta) and not isinstance(value, Enum):
        return MASK if PERSONAL_NUMBERS.search(key) else value
    if key not in OPEN_KEYS or not isinstance(value, str | Path | Enum):
        return MASK
    return without_people(str(value))


def _exception_of(event: MutableMapping[str, object]) -> BaseException | None:
    given = event.pop("exc_info", None)
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _told(exception: BaseException) -> str:
    return "".join(traceback.format_exception(exception))


def _frames(exception: BaseException) -> str:
    """Where it happened and of what type, without the words: those may quote a page or a person."""
    frames = traceback.extract_tb(exception.__traceback__)
    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    kinds = [type(exception).__qualname__]
    while (cause := exception.__cause__ or exception.__context__) is not None:
        exception = cause
        kinds.append(type(exception).__qualname__)
    return " < ".join(kinds) + " at " + " > ".join(lines)
