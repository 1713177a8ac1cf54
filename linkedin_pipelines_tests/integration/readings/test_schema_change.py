"""The step of the schema that admits held people goes both ways with rows in the tables, and loses nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction, ListEntry
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

BEFORE = "0004_hand_sent_wishes"


def test_there_and_back_with_rows(bare_url: str, clock: ManualClock) -> None:
    database = Database(bare_url)
    database.upgrade()
    account = an_account(database)
    anna, bert, carl = (a_contact(database, account, slug) for slug in ("anna", "bert", "carl"))
    attempt(database, account, anna)
    newest = attempt(database, account, bert)
    with database.writing() as session:
        session.execute(delete(Interaction).where(Interaction.id == newest))
    a_contact(database, account, "dora", birthday_disputed=True)
    build_list(database, clock, "demo", clock.now().date(), "run-1")
    database.downgrade(BEFORE)
    database.upgrade()
    with database.reading() as session:
        assert session.scalars(select(Interaction.contact_id)).all() == [anna]
        reasons = set(session.scalars(select(ListEntry.reason)))
    assert Reason.ALREADY_WISHED in reasons
    assert Reason.BIRTHDAY_DISPUTED not in reasons  # the older schema knows no such reason, and lists are built anew
    build_list(database, clock, "demo", clock.now().date(), "run-2")
    with database.reading() as session:
        assert Reason.BIRTHDAY_DISPUTED in set(session.scalars(select(ListEntry.reason)))
    with pytest.raises(IntegrityError):
        attempt(database, account, anna)  # an occasion is still occupied once
    assert attempt(database, account, carl) > newest  # and no id is given out twice
    database.dispose()
