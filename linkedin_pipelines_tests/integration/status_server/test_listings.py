"""The read API: pages without gaps, filters that are used or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.invitations.pending import keep_reading
from linkedin_pipelines.db.models import BirthdayList, Contact, Interaction, InvitationSnapshot, MomentReading
from linkedin_pipelines.db.moments.moments import keep_reading as keep_moments
from linkedin_pipelines.db.reporting.keyset import Order
from linkedin_pipelines.db.visits.profiles import Visited, keep_missing, keep_profile
from linkedin_pipelines.domain.invitations import PendingInvitation
from linkedin_pipelines.domain.moments import Moment, MomentKind
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.builders import a_contact, an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt
from linkedin_pipelines_tests.integration.network.test_stored_profiles import read


def test_a_walk_meets_every_row_that_was_there_all_the_time_once(
    client: TestClient, database: Database, account: int
) -> None:
    """Rows are inserted and deleted between any two pages, the last row of the page before among them."""
    ids = contacts(database, account, [f"walk-{number}" for number in range(40)])
    met: list[int] = []
    gone: set[int] = set()
    cursor = None
    while True:
        page = client.get("/api/contacts", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        met += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        victims = {met[-1], *(one for one in ids if one > met[-1] + 3)} & set(ids) - gone
        chosen = {met[-1], *sorted(victims)[1:2]}
        with database.writing() as session:
            session.execute(delete(Contact).where(Contact.id.in_(chosen)))
        gone |= chosen
        if len(met) < 20:
            a_contact(database, account)
    assert len(met) == len(set(met))
    assert set(ids) - gone <= set(met)


def test_lists_that_share_a_day_are_all_met(client: TestClient, database: Database, clock: ManualClock) -> None:
    for number in range(5):
        an_account(database, f"member-{number}")
        for day in (17, 18):
            build_list(database, clock, f"member-{number}", date(2026, 3, day), "run-1")
    met, cursor = [], None
    while True:
        page = client.get("/api/lists", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        met += [(item["list_date"], item["account"]) for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(met) == len(set(met)) == 10
    assert [day for day, _ in met] == ["2026-03-18"] * 5 + ["2026-03-17"] * 5


def test_a_cursor_belongs_to_its_listing_and_filters(client: TestClient, database: Database, account: int) -> None:
    contacts(database, account, ["anna-arendt", "bea-bloch"])
    cursor = client.get("/api/contacts", params={"limit": 1}).json()["next_cursor"]
    others = [
        ("/api/birthdays", cursor, {}),
        ("/api/contacts", cursor, {"status": "known"}),
        ("/api/contacts", cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB"), {}),
        ("/api/contacts", "no cursor at all", {}),
        ("/api/contacts", "é", {}),
    ]
    answers = [client.get(path, params={"cursor": given, **filters}) for path, given, filters in others]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=x", "stauts=known", "status=nowhere", "limit=1&limit=2", "offset=3", "cursor="],
)
def test_parameters_that_cannot_be_used_are_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/contacts?{query}")
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_addresses_without_filters_refuse_all(client: TestClient) -> None:
    for path in ("/health", "/ready", "/metrics"):
        assert client.get(f"{path}?verbose=1").status_code == 422


def test_an_account_that_is_not_there_is_not_an_empty_page(client: TestClient, account: int) -> None:
    assert client.get("/api/contacts?account=demo").json() == {"items": [], "next_cursor": None}
    assert client.get("/api/contacts?account=elsewhere").status_code == 404


def test_what_happened_is_told(client: TestClient, database: Database, account: int, clock: ManualClock) -> None:
    contact = a_contact(database, account, "anna-arendt")
    build_list(database, clock, "demo", date(2026, 3, 18), "run-1")
    attempt(database, account, contact)
    (birthday,) = client.get("/api/birthdays?account=demo&month=3&day=18").json()["items"]
    assert (birthday["full_name"], birthday["month"], birthday["day"]) == ("Anna Arendt", 3, 18)
    assert client.get("/api/birthdays?month=4").json()["items"] == []
    (row,) = client.get("/api/interactions?kind=birthday_message&status=sent").json()["items"]
    assert (row["contact_id"], row["status"], row["body"]) == (contact, "sent", "Happy birthday!")
    (listed,) = client.get("/api/lists?first=2026-03-18&last=2026-03-18").json()["items"]
    assert listed["entries"] == {"planned": 1, "skipped": 0, "deferred": 0}
    (campaign,) = client.get("/api/campaigns").json()["items"]
    assert campaign["attempts"]["sent"] == 1
    assert campaign["approved_at"] is None
    whole = client.get("/api/lists/demo/2026-03-18").json()
    assert whole["entries"][0]["full_name"] == "Anna Arendt"
    assert client.get("/api/lists/demo/2026-03-19").status_code == 404


def test_an_order_that_could_lose_rows_is_refused() -> None:
    for columns in ((Contact.connected_on, Contact.id), (Contact.created_at,), (Interaction.account_id,), ()):
        with pytest.raises(TypeError, match="would lose rows"):
            Order(columns)
    Order((BirthdayList.list_date, BirthdayList.id))


def test_invitations_profiles_and_interactions_of_kinds_without_a_birthday_are_listed(
    client: TestClient, database: Database, account: int
) -> None:
    [person] = contacts(database, account, ["ida-invited"])
    day, moment = date(2026, 3, 18), datetime(2026, 3, 18, 9, tzinfo=UTC)
    visited = Visited(moment, day, "run")
    with database.writing() as session:
        snapshot = InvitationSnapshot(
            account_id=account, local_day=day, read_at=moment, run_id="run", people=1, others=0
        )
        keep_reading(session, snapshot, [PendingInvitation("ida-invited", "Ida", "Sent", 90)], {"ida-invited": person})
        keep_missing(session, account, "gone", visited)
        keep_profile(session, account, read("nurse-1", ("Nursing",)), visited)
        session.add(
            Interaction(
                account_id=account, contact_id=person, kind="invitation_withdrawal",
                occasion_key="first_seen:2026-03-18", status="rehearsed", origin="campaign", run_id="run",
                lease_token=1, claimed_at=moment, settled_at=moment, local_day=day,
            )
        )  # fmt: skip
    [invitation] = client.get("/api/invitations", params={"waiting": True}).json()["items"]
    assert (invitation["profile_slug"], invitation["outcome"], invitation["contact_id"]) == (
        "ida-invited",
        None,
        person,
    )
    assert client.get("/api/invitations", params={"outcome": "withdrawn"}).json()["items"] == []
    [profile] = client.get("/api/profiles", params={"missing": False}).json()["items"]
    assert (profile["profile_slug"], profile["profile"]["skills"]["items"]) == ("nurse-1", ["Nursing"])
    [row] = client.get("/api/interactions").json()["items"]
    assert (row["kind"], row["occasion_key"], row["occurrence_year"]) == (
        "invitation_withdrawal",
        "first_seen:2026-03-18",
        None,
    )


def test_moments_are_listed_by_kind_and_by_the_day_they_were_last_seen_on(
    client: TestClient, database: Database, account: int
) -> None:
    ids = dict(zip(("ida", "ben"), contacts(database, account, ["ida", "ben"]), strict=True))
    for slug, kind, day in (("ida", MomentKind.NEW_JOB, 17), ("ben", MomentKind.WORK_ANNIVERSARY, 18)):
        on = date(2026, 3, day)
        reading = MomentReading(
            account_id=account, kind=kind, local_day=on, read_at=datetime(2026, 3, day, 9, tzinfo=UTC), run_id="r",
            people=1,
        )  # fmt: skip
        with database.writing() as session:
            keep_moments(session, reading, [Moment(slug, slug.title(), kind, on, "Baker at Crumb")], ids)

    def listed(**filters: str) -> list[tuple[str, str]]:
        items = client.get("/api/moments", params=filters).json()["items"]
        return [(item["profile_slug"], item["kind"]) for item in items]

    assert listed() == [("ben", "work_anniversary"), ("ida", "new_job")]
    assert listed(kind="new_job") == [("ida", "new_job")]
    assert listed(seen_since="2026-03-18") == [("ben", "work_anniversary")]
    assert client.get("/api/moments", params={"kind": "wedding"}).status_code == 422
