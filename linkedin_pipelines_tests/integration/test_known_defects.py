"""Defects that other tools of this kind are known for, each by its name: what happens here instead.

Those that a rule alone decides are tested beside it; `docs/known-defects.md` says where.
"""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.contacts.imports import list_unmatched
from linkedin_pipelines_tests.builders import an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.imports.importing import birthdays, import_text
from linkedin_pipelines_tests.integration.killed import TODAY, Place, kept_site
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
AROUND_THE_CLICK = ("open", "events", "write", "screenshot-written", "before-click", "after-click", "proof",
                    "screenshot-sent", "close")  # fmt: skip


def test_two_people_with_one_display_name(database: Database, tmp_path: Path) -> None:
    """Nobody guesses who of the two a birthday belongs to: it is kept, shown with the reason, and wished to neither."""
    an_account(database)
    people = connections_csv(connection("Jane Doe", "jane-doe"), connection("Jane Doe", "jane-2"))
    import_text(database, tmp_path, "Connections.csv", people)
    import_text(database, tmp_path, "contacts.vcf", vcard("Jane Doe", "BDAY:--0318"))
    with database.reading() as session:
        assert sorted(session.scalars(select(Contact.profile_slug))) == ["jane-2", "jane-doe"]
    assert birthdays(database) == {}
    (unmatched,) = list_unmatched(database, "demo")
    assert unmatched.reason == "two of your connections are called Jane Doe"


def test_killed_at_each_step_around_the_click(database_url: str, tmp_path: Path) -> None:
    """Killed outright at every step in turn; the runs after it wish everybody who is left, and nobody twice."""
    place, database = Place(database_url, tmp_path), Database(database_url)
    people = [f"jo-{name}" for name in ("ann", "bea", "cid", "dan")]
    contacts(database, an_account(database), people)
    now = NOW
    for step in AROUND_THE_CLICK:
        assert place.killed(now, step) == -signal.SIGKILL, step
        now += timedelta(minutes=20)
    for run in ("settles", "goes on"):
        place.wish_all(now, run)
        now += timedelta(minutes=20)
    assert sorted(slug for slug, _ in kept_site(place.record).deliveries) == people
    with database.reading() as session:
        rows = session.scalars(select(Interaction).where(Interaction.kind == "birthday_message")).all()
    assert {row.status for row in rows} == {InteractionStatus.SENT, InteractionStatus.FAILED}
    assert sum(row.status is InteractionStatus.SENT for row in rows) == len(people)
    database.dispose()


def test_switching_late_wishes_on_lifts_a_limit(database_url: str, tmp_path: Path) -> None:
    """Late wishes spend the same limits as those in time, on the list and in the claim."""
    place, database = Place(database_url, tmp_path), Database(database_url)
    quotas = {"birthday_message": {"per_run": 3, "per_day": 3, "per_week": 10}}
    account = an_account(database, quotas=quotas, late={"max_days": 0})
    contacts(database, account, ["jo-ann", "jo-bea"])
    contacts(database, account, ["late-cid", "late-dan", "late-eve"], birth_day=15)
    place.wish_all(NOW, "in time alone")
    assert len(kept_site(place.record).deliveries) == 2
    edit_account(database, account, late={"max_days": 7})
    place.wish_all(NOW + timedelta(minutes=20), "late ones too")
    place.wish_all(NOW + timedelta(minutes=40), "once more")
    assert len(kept_site(place.record).deliveries) == 3
    view = build_list(database, ManualClock(NOW + timedelta(hours=1)), "demo", TODAY, "look")
    waiting = [entry.reason for entry in view.entries if entry.outcome is EntryOutcome.DEFERRED]
    assert waiting == [Reason.DAY_QUOTA, Reason.DAY_QUOTA]
    database.dispose()
