"""A person who asked to be forgotten is nowhere any more, byte for byte, and nothing brings them back."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import MetaData, select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.orchestrator.forgotten_runs import DagsterHistory
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.birthdays.approvals import latest_approval
from linkedin_pipelines.services.maintenance.backups import restore_backup, take_backup
from linkedin_pipelines.services.privacy.forgetting import ForgettingView, forget
from linkedin_pipelines.services.privacy.opting_out import decide_stop_request
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.dagster_defs.stage import Stage
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.member_files import DATA, messages_csv, received, sent, vcard

BIRTHDAY = date(2026, 11, 20)
SLUG, NAME, EMAIL = "dmitri-almeida-vasquez-2e58dcf", "Dmitri Almeida Vasquez", "dav@example.org"
FILES = ("Complete_LinkedInDataExport_11-20-2026.zip", "contacts.vcf")
SAID = "Happy birthday Dmitri, and thank you for the evening in Porto"


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    home = tmp_path / "home"
    settings = Settings.from_environment({"LINKEDIN_HOME": str(home), "LINKEDIN_DATABASE_URL": database_url})
    make_home(settings)
    database = open_database(settings)
    clock = ManualClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield Stage(database, clock, settings, instance)
    database.dispose()


def drop(stage: Stage, *, again: bool = False) -> None:
    """Put the member's files into the inbox; `again` with other bytes, so that they are really read."""
    inbox = stage.settings.inbox / "demo"
    inbox.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        target = Path(shutil.copy(DATA / name, inbox / name))
        if not again:
            continue
        if target.suffix == ".zip":
            with zipfile.ZipFile(target, "a") as archive:
                archive.comment = b"downloaded again"
        else:
            target.write_bytes(target.read_bytes() + b"\r\n")
    more = "\r\n" if again else ""
    cards = vcard(NAME, "BDAY:--1120", f"EMAIL:{EMAIL}") + vcard(NAME, "BDAY:--0231")
    (inbox / f"{NAME}.vcf").write_text(cards + more)
    messages = messages_csv(
        sent(SLUG, SAID, "2025-11-20 09:00:00 UTC", TO=NAME),
        received(SLUG, "Please stop messaging me.", "2025-11-20 10:00:00 UTC", FROM=NAME),
    )
    (inbox / "messages.csv").write_text(messages + more)


def import_inbox(stage: Stage) -> dict[str, Any]:
    job = stage.definitions.resolve_job_def("import_contacts")
    result = job.execute_in_process(instance=stage.instance, partition_key="demo", raise_on_error=False)
    assert result.success
    [event] = result.get_asset_materialization_events()
    return {key: value.value for key, value in event.materialization.metadata.items()}


def play(stage: Stage) -> str:
    """Import, list, approve, send; a log and screenshots that name people. The words that the person was sent."""
    stage.account(late={"max_days": 0})
    drop(stage)
    import_inbox(stage)
    assert decide_stop_request(stage.database, stage.clock, "demo", SLUG, accept=False)
    assert stage.run(day=BIRTHDAY, live=True).success
    delivered = dict(stage.site.deliveries)
    assert SLUG in delivered
    assert len(delivered) > 1
    for row in interactions_of(stage.database, "demo", list_date=BIRTHDAY):
        for path in (row.evidence or {})["screenshots"]:
            screenshot = stage.settings.evidence / path
            screenshot.parent.mkdir(parents=True, exist_ok=True)
            screenshot.write_bytes(f"a picture of {row.slug}".encode())
            screenshot.with_suffix(".dom.html").write_text(f"<h1>{row.full_name}</h1>")
    (stage.settings.evidence / "demo" / BIRTHDAY.isoformat()).mkdir(parents=True)
    (stage.settings.evidence / "demo" / BIRTHDAY.isoformat() / "090000-feed.png").write_bytes(
        b"a picture of nobody knows whom"
    )
    stage.settings.logs.mkdir()
    (stage.settings.logs / "errors.log").write_text(f"--- ValueError: {NAME} ({SLUG}), <{EMAIL}>\n--- another\n")
    return delivered[SLUG]


def hits(stage: Stage, *words: str) -> list[str]:
    """Where any of the words stands: tables, and every file of the home and of the database, as bytes."""
    found = []
    with stage.database.reading() as session:
        tables = MetaData()
        tables.reflect(session.connection())
        for table in tables.sorted_tables:
            for row in session.execute(select(table)):
                found += [f"{table.name}: {row}" for word in words if word in str(row)]
    files = [path for path in stage.settings.home.rglob("*") if path.is_file()]
    if stage.database.file is not None:
        files += stage.database.file.parent.glob(stage.database.file.name + "*")
    for path in files:
        content, name = path.read_bytes(), path.name
        found += [str(path) for word in words if word.encode() in content or word in name]
    return found


def others(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that is known of everybody else: as contacts, and in the ledger."""
    with database.reading() as session:
        people = session.scalars(select(Contact).where(Contact.full_name != NAME).order_by(Contact.identity_key)).all()
        kept = [each for each in people if not each.identity_key.startswith("forgotten:")]
        ids = [each.id for each in kept]
        ledger = session.scalars(select(Interaction).order_by(Interaction.id)).all()
        return {
            "contacts": [
                (
                    each.identity_key,
                    each.full_name,
                    each.email,
                    each.status,
                    each.birth_month,
                    each.birth_day,
                    each.birth_year,
                    each.do_not_contact_since,
                )
                for each in kept
            ],
            "ledger": [
                (row.contact_id, row.status, row.body, row.evidence, row.sent_at)
                for row in ledger
                if row.contact_id in ids
            ],
        }


def forgotten(stage: Stage, *, rehearsal: bool = False) -> ForgettingView:
    history = DagsterHistory(stage.instance, stage.settings.home)
    return forget(
        stage.database,
        stage.settings,
        stage.clock,
        "demo",
        f"https://www.linkedin.com/in/{SLUG}/",
        history,
        rehearsal=rehearsal,
    )


def test_a_forgotten_person_is_nowhere_and_no_file_or_backup_brings_them_back(stage: Stage, tmp_path: Path) -> None:
    text = play(stage)
    needles = (NAME, SLUG, EMAIL, text, SAID)
    backup = take_backup(stage.database, stage.settings, stage.clock)
    elsewhere = Path(shutil.copy(backup.path, tmp_path / backup.path.name))
    before = others(stage.database)
    used = [row.status for row in interactions_of(stage.database, "demo", list_date=BIRTHDAY)]
    assert len(hits(stage, *needles)) > 10

    rehearsed = forgotten(stage, rehearsal=True)
    assert rehearsed.rows["contacts"] == 1
    assert rehearsed.runs == 2, "the import and the campaign both show the person"
    assert others(stage.database) == before
    assert len(hits(stage, SLUG)) > 3
    assert not stage.settings.marking_key_file.exists()

    done = forgotten(stage)
    assert (done.rows, done.files, done.runs) == (rehearsed.rows, rehearsed.files, rehearsed.runs)
    assert done.backups == (backup.path.name,)
    stage.clock.advance(hours=1)
    take_backup(stage.database, stage.settings, stage.clock, keep=1)
    assert hits(stage, *needles) == []
    assert others(stage.database) == before
    after = interactions_of(stage.database, "demo", list_date=BIRTHDAY)
    assert [row.status for row in after] == used == [InteractionStatus.SENT] * len(used)
    assert latest_approval(stage.database, "demo", BIRTHDAY).covers_list
    assert stage.settings.marking_key_file.stat().st_mode & 0o077 == 0

    drop(stage, again=True)
    told = import_inbox(stage)
    assert sum(row.data["rows_forgotten"] for row in told["other_rows"].records) >= 4
    assert hits(stage, *needles) == []
    assert others(stage.database) == before
    assert not [path for path in (stage.settings.inbox / "demo" / "done").iterdir() if path.suffix != ".json"]
    again = forgotten(stage)
    assert again.known_before
    assert not again.rows

    restored = restore_backup(stage.database, stage.settings, stage.clock, elsewhere)
    assert restored.forgotten_again == 1
    assert [hit for hit in hits(stage, *needles) if "before-restore" not in hit] == []
    assert others(stage.database) == before
    assert stage.run(day=BIRTHDAY, live=True).success
    assert len(stage.site.deliveries) == len(used), "nobody is wished twice, and the forgotten person never"
