"""Building a list as a run does, and looking at it."""

from __future__ import annotations

from datetime import date
from typing import Any

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView, build_list
from linkedin_pipelines_tests.doubles import ManualClock

TODAY = date(2026, 3, 18)


def build(database: Database, clock: ManualClock, on: date = TODAY, run: str = "run-1", **options: Any) -> ListView:
    return build_list(database, clock, "demo", on, run, **options)


def only(view: ListView) -> EntryView:
    (entry,) = view.entries
    return entry
