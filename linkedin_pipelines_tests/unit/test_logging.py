"""What a log may show: facts of the work, never of a person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import date

import pytest
import structlog

from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.errors import WrongPersonError
from linkedin_pipelines.logging import MASK, configure_logging, correlated


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(level: str = "INFO") -> tuple[structlog.stdlib.BoundLogger, io.StringIO]:
    stream = io.StringIO()
    configure_logging("json", level=level, stream=stream)
    return structlog.get_logger("linkedin_pipelines.test"), stream


PERSONAL = {
    "full_name": "Ada Lovelace",
    "name": "Ada",
    "text": "Happy birthday, Ada!",
    "body": "Happy birthday, Ada!",
    "read_back": "Happy birthday, Ada!",
    "cookie": "li_at=AQEDAR",
    "li_at": "AQEDAR",
    "storage_state": {"cookies": [{"name": "li_at", "value": "AQEDAR"}]},
    "secret": "hush",
    "secret_key": "hush",
    "key": "hush",
    "email": "ada@example.org",
    "profile_slug": "ada-lovelace",
    "url": "https://www.linkedin.com/in/ada-lovelace",
    "something_new": "Ada Lovelace",
    "people": ["Ada Lovelace", {"name": "Ada"}],
    "birth_day": 10,
    "error": WrongPersonError("the composer is Ada Lovelace's"),
}


@pytest.mark.parametrize("method", ["info", "warning", "error"])
@pytest.mark.parametrize("key", sorted(PERSONAL))
def test_a_person_is_masked_under_any_key_at_info_and_above(key: str, method: str) -> None:
    log, stream = logged()
    getattr(log, method)("something_happened", **{key: PERSONAL[key]})
    line = stream.getvalue()
    assert MASK in line
    for trace in ("Ada", "AQEDAR", "hush", "ada@", "ada-lovelace", ":10", " 10"):
        assert trace not in line.replace(json.loads(line)["timestamp"], "")


def test_facts_of_the_work_are_shown_with_their_correlation() -> None:
    log, stream = logged()
    with correlated(run_id="r-1", account="demo", interaction_id=7):
        log.info("settled", status=InteractionStatus.SENT, list_date=date(2026, 11, 20), waited_seconds=1.5, sent=3)
    line = json.loads(stream.getvalue())
    assert line["event"] == "settled"
    assert (line["run_id"], line["account"], line["interaction_id"]) == ("r-1", "demo", 7)
    assert (line["status"], line["waited_seconds"], line["sent"]) == ("sent", 1.5, 3)
    assert line["level"] == "info"
    assert line["logger"] == "linkedin_pipelines.test"


def refuse() -> None:
    raise WrongPersonError("the composer is Ada Lovelace's")


def test_an_exception_shows_where_it_happened_and_not_what_it_quotes() -> None:
    log, stream = logged()
    try:
        refuse()
    except WrongPersonError:
        log.exception("refused")
    assert "Ada" not in stream.getvalue()
    assert "WrongPersonError at test_logging.py:" in json.loads(stream.getvalue())["exception"]


def test_other_libraries_pass_the_same_gate() -> None:
    _, stream = logged()
    logging.getLogger("elsewhere").warning("GET /in/ada-lovelace by ada@example.org", extra={"full_name": "Ada"})
    line = json.loads(stream.getvalue())
    assert line["event"] == f"GET {MASK} by {MASK}"
    assert line["full_name"] == MASK


def test_debug_tells_more_but_no_secret() -> None:
    log, stream = logged("DEBUG")
    log.debug("typed", body="Happy birthday, Ada!", cookie="li_at=AQEDAR")
    line = json.loads(stream.getvalue())
    assert line["body"] == "Happy birthday, Ada!"
    assert line["cookie"] == MASK


def test_a_second_configuration_replaces_the_first() -> None:
    _, first = logged()
    log, second = logged()
    log.info("once")
    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 1
