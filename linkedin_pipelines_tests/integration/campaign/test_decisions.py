"""What three readings could not tell is shown to the member with its evidence, and decided by the member alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.errors import LedgerConflictError, UnknownAccountError
from linkedin_pipelines.services.actions.decisions import decide, in_doubt
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.command_line import CommandLine
from linkedin_pipelines_tests.doubles import ManualClock

PICTURE = "demo/2026-03-18/100000-settled.png"
BODY = "Happy birthday, Jane!"


def a_doubt(database: Database, clock: ManualClock, *, readings: int = 3, slug: str = "demo") -> int:
    """A wish whose click was announced and whose thread was read in vain; its row."""
    account_id = an_account(database, slug)
    request = ledger.ClaimRequest(
        account_id=account_id,
        contact_id=a_contact(database, account_id, f"{slug}-friend"),
        kind=InteractionKind.BIRTHDAY_MESSAGE,
        occasion_key="2026",
        occurrence_year=2026,
        list_date=date(2026, 3, 18),
        run_id="run-1",
        body=BODY,
        template="en-1",
    )
    with database.writing() as session:
        lease = leases.acquire(session, account_id, "run-1", clock.now())
        claimed = ledger.claim(session, request, lease, clock.now())
        assert isinstance(claimed, ledger.Claimed)
        ledger.mark_clicked(session, claimed.interaction_id, lease, clock.now())
        evidence = Evidence(screenshots=("demo/2026-03-18/gone.png", PICTURE), read_back=BODY)
        for _ in range(readings + 1):
            ledger.settle(
                session,
                claimed.interaction_id,
                lease,
                clock.now(),
                InteractionStatus.IN_DOUBT,
                reason=Reason.CLICK_UNPROVEN,
                explanation="Nobody saw the end.",
                evidence=evidence,
            )
        leases.release(session, lease)
    return claimed.interaction_id


def row(database: Database, interaction_id: int) -> Interaction:
    with database.reading() as session:
        return session.scalars(select(Interaction).where(Interaction.id == interaction_id)).one()


def a_picture(settings: Settings) -> Path:
    path = settings.evidence / PICTURE
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_what_is_in_doubt_is_shown_with_all_there_is_to_judge_it_by(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    interaction_id = a_doubt(database, clock)
    screenshot = a_picture(settings)
    [doubt] = in_doubt(database, settings, "demo")
    assert (doubt.interaction_id, doubt.text, doubt.readings) == (interaction_id, BODY, 3)
    assert doubt.waits_for_member
    assert doubt.profile_url == "http://127.0.0.1:8765/in/demo-friend/"
    assert doubt.screenshots == (str(screenshot),), "a picture that was removed is not shown"


@pytest.mark.parametrize("outcome", [InteractionStatus.SENT, InteractionStatus.FAILED])
def test_the_members_word_settles_it(database: Database, clock: ManualClock, outcome: InteractionStatus) -> None:
    interaction_id = a_doubt(database, clock)
    clicked_at = row(database, interaction_id).clicked_at
    assert decide(database, clock, "demo", interaction_id, outcome, "I looked into the conversation", "cli:jo")
    settled = row(database, interaction_id)
    assert settled.status is outcome
    assert settled.sent_at == (clicked_at if outcome is InteractionStatus.SENT else None)
    assert settled.explanation is not None
    assert "cli:jo" in settled.explanation
    assert "I looked into the conversation" in settled.explanation
    assert settled.evidence is not None
    assert not decide(database, clock, "demo", interaction_id, outcome, "again", "cli:jo")


def test_what_was_decided_once_is_not_decided_otherwise(database: Database, clock: ManualClock) -> None:
    interaction_id = a_doubt(database, clock)
    decide(database, clock, "demo", interaction_id, InteractionStatus.SENT, "seen", "cli:jo")
    with pytest.raises(LedgerConflictError, match="settled already"):
        decide(database, clock, "demo", interaction_id, InteractionStatus.FAILED, "not seen", "cli:jo")


def test_an_attempt_under_way_is_not_the_members_to_decide(database: Database, clock: ManualClock) -> None:
    account_id = an_account(database)
    request = ledger.ClaimRequest(
        account_id=account_id,
        contact_id=a_contact(database, account_id),
        kind=InteractionKind.BIRTHDAY_MESSAGE,
        occasion_key="2026",
        list_date=None,
        run_id="run-1",
        body=BODY,
    )
    with database.writing() as session:
        lease = leases.acquire(session, account_id, "run-1", clock.now())
        claimed = ledger.claim(session, request, lease, clock.now())
    assert isinstance(claimed, ledger.Claimed)
    with pytest.raises(LedgerConflictError, match="under way"):
        decide(database, clock, "demo", claimed.interaction_id, InteractionStatus.FAILED, "hm", "cli:jo")


def test_a_row_of_another_account_is_refused(database: Database, clock: ManualClock) -> None:
    interaction_id = a_doubt(database, clock, slug="other")
    an_account(database)
    with pytest.raises(LedgerConflictError, match="account demo has no interaction"):
        decide(database, clock, "demo", interaction_id, InteractionStatus.SENT, "seen", "cli:jo")
    with pytest.raises(UnknownAccountError):
        decide(database, clock, "nobody", interaction_id, InteractionStatus.SENT, "seen", "cli:jo")


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(settings.home, monkeypatch, capsys)


def test_the_command_lists_and_decides(command: CommandLine, settings: Settings, clock: ManualClock) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    interaction_id = a_doubt(database, clock)
    database.dispose()
    [shown] = command("interactions", "list", "demo", "--in-doubt", "--json").facts
    assert shown["interaction_id"] == interaction_id
    assert shown["text"] == BODY
    assert command("interactions", "decide", "demo", str(interaction_id), "failed").code == 2
    decided = command("interactions", "decide", "demo", str(interaction_id), "failed", "--reason", "it is not there")
    assert (decided.code, decided.out) == (0, f"interaction {interaction_id}: failed\n")
    assert command("interactions", "list", "demo", "--in-doubt", "--json").facts == []
    [done] = command("interactions", "list", "demo", "--json").facts
    assert done["status"] == "failed"
    assert command("interactions", "decide", "demo", "99", "sent", "--reason", "x").refused_with("interaction 99")


def test_the_commands_back_up_and_restore(command: CommandLine, settings: Settings, clock: ManualClock) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    an_account(database)
    database.dispose()
    taken = command("backup", "--json").facts
    assert command("backup", "--list", "--json").facts == [taken]
    assert command("restore", settings.home / "nowhere", "--yes").refused_with("there is no file")
    restored = command("restore", taken["path"], "--yes", "--json").facts
    assert restored["accounts"] == ["demo"]
