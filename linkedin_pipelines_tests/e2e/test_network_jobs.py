"""Sourcing and cleanup through the real stack: 200 results over 20 pages, 120 invitations, the site's own record."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Job, Member, Person, Relation, SentInvitation, World
from linkedin_pipelines.services.invitations.lists import read_list as invitations
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.services.visits.scores import scored
from linkedin_pipelines.services.visits.searches import read_list as search
from linkedin_pipelines_tests.e2e.homes import Home, zone_far_from_midnight
from linkedin_pipelines_tests.site_control import told

RESULTS, INVITED = 200, 120
CRITERIA = {"keywords": ["nursing"], "locations": ["Lyon"]}


def world(home: Home) -> World:
    found = [
        Person(
            slug=f"nurse-{n}", first_name="Nora", last_name=f"Number{n}", headline="Nurse",
            location="Lyon" if n % 2 else "Oslo", skills=("Nursing",),
            experience=(Job(title="Nurse", company="Clinic", since="2019 - Present · 7 yrs"),),
        )
        for n in range(RESULTS)
    ]  # fmt: skip
    asked = [Person(slug=f"invited-{n}", first_name="Ida", last_name=f"Number{n}") for n in range(INVITED)]
    friend = Person(slug="old-friend", first_name="Old", last_name="Friend", birthday="01-02")
    member = Member(
        account="demo", slug="demo-member", first_name="Demo", last_name="Demo", timezone=str(home.zone),
        interface=Interface(latency_ms=(0, 50), event_delay_ms=(0, 100), page_size=20),
        relations=(
            *(Relation(person=person.slug, degree=2) for person in (*found, *asked)),
            Relation(person=friend.slug, connected_on=home.today - timedelta(days=900)),
        ),
        sent_invitations=tuple(
            SentInvitation(person=person.slug, sent_on=home.today - timedelta(days=n)) for n, person in enumerate(asked)
        ),
    )  # fmt: skip
    return World(members=(member,), people=(*found, *asked, friend))


def done(home: Home, kind: str) -> Counter[str]:
    rows = interactions_of(home.database, "demo")
    return Counter(str(row.slug) for row in rows if row.kind == kind and row.status == "sent")


def recorded(url: str, what: str) -> Counter[str]:
    return Counter(str(each["person"]) for each in told(url, what))


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_both_jobs_do_on_the_site_what_the_ledger_says(tmp_path: Path) -> None:
    home = Home(tmp_path, zone_far_from_midnight())
    with SandboxServer(world(home)) as sandbox:
        config: dict[str, Any] = {"sourcing": {"search": "nurse", "criteria": CRITERIA}}
        home.furnish({"demo": sandbox.url}, approval="automatic", **config)
        with home.up():
            rehearsed = home("run", "sourcing_campaign", "--account", "demo")
            assert rehearsed.returncode == 0, rehearsed.stderr
            assert recorded(sandbox.url, "visits") == recorded(sandbox.url, "withdrawals") == Counter()
            for job in ("invitation_cleanup", "sourcing_campaign"):
                ran = home("run", job, "--account", "demo", "--live")
                assert ran.returncode == 0, ran.stderr
        found = search(home.database, SystemClock(), "demo", home.today)
        assert (found.pages, len(found.entries), found.doubt) == (20, RESULTS, None)
        listed = invitations(home.database, "demo", home.today)
        assert listed is not None
        assert (len(listed.entries), listed.doubt) == (INVITED - 10, None)
        withdrawn = recorded(sandbox.url, "withdrawals")
        assert withdrawn == done(home, "invitation_withdrawal")
        assert withdrawn == Counter(f"invited-{n}" for n in range(INVITED - 10, INVITED))
        visited = recorded(sandbox.url, "visits")
        assert set(visited) == set(done(home, "profile_visit")) == {f"nurse-{n}" for n in range(15)}
        assert set(visited.values()) == {1}
        assert {each.slug for each in scored(home.database, "demo") if each.score} == set(visited)
        assert told(sandbox.url, "conduct") == []
        exported = home("profiles", "export", "demo", str(tmp_path / "profiles.parquet"))
        assert exported.returncode == 0, exported.stderr
    home.close()
