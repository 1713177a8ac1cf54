"""Wishes that the member sent by hand occupy the occasion they were for, and none of them is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, HandSentWish, Interaction, StopRequest
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus
from linkedin_pipelines_tests.builders import account_config, an_account, edit_account
from linkedin_pipelines_tests.integration.imports.importing import (
    asked_to_stop,
    contact,
    import_text,
    wished_by_hand,
)
from linkedin_pipelines_tests.member_files import connection, connections_csv, messages_csv, received, sent, vcard

PEOPLE = connections_csv(connection("Jo Doe", "jo"))


def start(database: Database, folder: Path, *messages: dict[str, str], **account: Any) -> int:
    account_id = an_account(database, **account)
    import_text(database, folder, "Connections.csv", PEOPLE)
    import_text(database, folder, "messages.csv", messages_csv(*messages))
    return account_id


def born(database: Database, folder: Path, birthday: str) -> None:
    import_text(database, folder, f"{birthday}.vcf".replace(":", ""), vcard("Jo Doe", f"BDAY:{birthday}"))


def stored_wishes(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(HandSentWish)) or 0


def test_a_wish_of_3_january_for_30_december_is_last_years(database: Database, tmp_path: Path) -> None:
    start(database, tmp_path, sent("jo", on="2026-01-03 09:00:00 UTC"))
    assert wished_by_hand(database) == {("jo", 2026)}  # no birthday is known yet
    born(database, tmp_path, "--1230")
    assert wished_by_hand(database) == {("jo", 2025)}


def test_a_wish_two_days_early_counts_for_the_birthday_to_come(sqlite: Database, tmp_path: Path) -> None:
    start(sqlite, tmp_path, sent("jo", on="2025-12-30 09:00:00 UTC"))
    born(sqlite, tmp_path, "--0101")
    assert wished_by_hand(sqlite) == {("jo", 2026)}


def test_two_wishes_of_one_calendar_year_are_two_occasions_once_the_birthday_is_known(
    database: Database, tmp_path: Path
) -> None:
    start(database, tmp_path, sent("jo", on="2026-01-03 09:00:00 UTC"), sent("jo", on="2026-10-30 09:00:00 UTC"))
    assert wished_by_hand(database) == {("jo", 2026)}
    assert stored_wishes(database) == 2
    born(database, tmp_path, "--1101")
    assert wished_by_hand(database) == {("jo", 2025), ("jo", 2026)}


def test_two_wishes_for_one_occasion_are_one_row_and_both_are_kept(database: Database, tmp_path: Path) -> None:
    start(
        database,
        tmp_path,
        sent("jo", "Happy birthday!"),
        sent("jo", "and many happy returns", "2026-03-18 09:01:00 UTC"),
    )
    born(database, tmp_path, "--0318")
    assert wished_by_hand(database) == {("jo", 2026)}
    assert stored_wishes(database) == 2
    with database.reading() as session:
        row = session.scalars(select(Interaction)).one()
    assert (row.body, row.sent_at) == ("Happy birthday!", datetime(2026, 3, 18, 9, tzinfo=UTC))


def test_a_corrected_birthday_moves_the_wish_with_it(database: Database, tmp_path: Path) -> None:
    start(database, tmp_path, sent("jo", on="2026-01-03 09:00:00 UTC"))
    born(database, tmp_path, "--1230")
    assert wished_by_hand(database) == {("jo", 2025)}
    born(database, tmp_path, "--0102")
    assert wished_by_hand(database) == {("jo", 2026)}


def test_a_wish_that_a_campaign_sent_is_found_in_the_export_and_stays_the_campaigns(
    database: Database, tmp_path: Path
) -> None:
    account_id = start(database, tmp_path)
    born(database, tmp_path, "--0318")
    moment = datetime(2026, 3, 18, 9, tzinfo=UTC)
    with database.writing() as session:
        session.add(
            Interaction(
                account_id=account_id,
                contact_id=contact(database, "jo").id,
                kind=InteractionKind.BIRTHDAY_MESSAGE,
                occasion_key="2026",
                occurrence_year=2026,
                status=InteractionStatus.SENT,
                origin=InteractionOrigin.CAMPAIGN,
                run_id="run",
                lease_token=1,
                body="Happy birthday!",
                claimed_at=moment,
                local_day=date(2026, 3, 18),
                settled_at=moment,
                sent_at=moment,
            )
        )
    import_text(database, tmp_path / "later", "messages.csv", messages_csv(sent("jo", "Happy birthday!")))
    assert wished_by_hand(database) == set()
    assert stored_wishes(database) == 1


def test_a_wish_read_from_a_thread_is_left_where_it_was_put(sqlite: Database, tmp_path: Path) -> None:
    """Rows that no file of ours stands behind are not ours to move."""
    account_id = start(sqlite, tmp_path)
    born(sqlite, tmp_path, "--0318")
    with sqlite.writing() as session:
        jo = session.scalars(select(Contact.id)).one()
        moment = datetime(2024, 3, 18, 12, tzinfo=UTC)
        assert ledger.record_by_hand(session, account_id, jo, 2024, moment, account_config().zone, None)
    import_text(sqlite, tmp_path / "later", "messages.csv", messages_csv(sent("jo")))
    assert wished_by_hand(sqlite) == {("jo", 2024), ("jo", 2026)}


def test_the_year_is_that_of_the_members_own_zone(sqlite: Database, tmp_path: Path) -> None:
    start(sqlite, tmp_path, sent("jo", on="2025-12-31 23:30:00 UTC"), timezone="Europe/Paris")
    assert wished_by_hand(sqlite) == {("jo", 2026)}


def test_29_february_wished_on_28_february_is_that_years(sqlite: Database, tmp_path: Path) -> None:
    account_id = start(sqlite, tmp_path, sent("jo", on="2026-02-28 09:00:00 UTC"))
    born(sqlite, tmp_path, "--0229")
    assert wished_by_hand(sqlite) == {("jo", 2026)}
    edit_account(sqlite, account_id, leap_day="mar1")
    born(sqlite, tmp_path, "1988-02-29")
    assert wished_by_hand(sqlite) == {("jo", 2026)}


def test_requests_to_stop_are_proposed_and_never_applied(database: Database, tmp_path: Path) -> None:
    start(
        database,
        tmp_path,
        sent("jo"),
        received("jo", "Please stop messaging me."),
        received("al", "I can't stop smiling"),
    )
    assert asked_to_stop(database) == {"jo"}
    assert contact(database, "jo").do_not_contact_since is None
    with database.reading() as session:
        request = session.scalars(select(StopRequest)).one()
    assert (request.excerpt, request.decided_at) == ("Please stop messaging me.", None)


def test_a_decided_request_is_not_proposed_again(sqlite: Database, tmp_path: Path) -> None:
    start(sqlite, tmp_path, received("jo", "Please stop messaging me."))
    with sqlite.writing() as session:
        request = session.scalars(select(StopRequest)).one()
        request.decided_at, request.accepted = datetime(2026, 4, 1, tzinfo=UTC), False
    import_text(
        sqlite, tmp_path / "b", "messages.csv", messages_csv(received("jo", "Please stop messaging me."), sent("jo"))
    )
    with sqlite.reading() as session:
        assert session.scalars(select(StopRequest)).one().accepted is False
