"""What a member sees of a run: small pictures inside the pages, how far it has come, and the last weeks."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import dagster as dg
import pytest
from PIL import Image

from linkedin_pipelines.defs.shared.images import MOST_BYTES, thumbnail
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.services.accounts.registry import pause
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of

JPEG, SVG = (
    "![screenshot](data:image/jpeg;base64,",
    "![sent, deferred and failed wishes of the last four weeks](data:image/svg+xml;",
)


def test_a_screenshot_is_made_small_however_busy_it_is(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (1440, 900), os.urandom(1440 * 900 * 3))
    noise.save(tmp_path / "page.png")
    shown = thumbnail(tmp_path / "page.png")
    assert shown is not None
    assert shown.value.startswith(JPEG)
    content = base64.b64decode(shown.value.removeprefix(JPEG).removesuffix(")"))
    assert content[:2] == b"\xff\xd8"
    assert len(content) <= MOST_BYTES


def test_what_is_no_picture_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"no picture")
    assert thumbnail(tmp_path / "page.png") is None
    assert thumbnail(tmp_path / "gone.png") is None


@pytest.fixture
def result(stage: Stage) -> dg.ExecuteInProcessResult:
    """Three people, one of whom fails, each attempt with the same picture."""
    people = contacts(stage.database, stage.account(timezone="UTC"), ["ada-byron", "grace-hopper", "mary-jackson"])
    stage.settings.evidence.mkdir(parents=True)
    for person in people[1:]:
        for label in ("filled", "proven", "sent", "written", "after", "before", "failed"):
            Image.new("RGB", (1440, 900), "white").save(stage.settings.evidence / f"{person}-{label}.png")

    def unreadable(to: Recipient) -> None:
        if to.profile_slug == "grace-hopper":
            raise PageUnreadableError("The composer does not say whose it is.")

    stage.site.hooks["open"] = unreadable
    return stage.run(live=True)


def test_a_run_tells_what_it_does_and_how_far_it_is(stage: Stage, result: dg.ExecuteInProcessResult) -> None:
    run = stage.instance.get_run_by_id(result.run_id)
    assert run is not None
    assert (run.tags["linkedin/acts"], run.tags["linkedin/progress"]) == ("live", "3 of 3")
    said = [
        log.user_message for log in stage.instance.all_logs(result.run_id) if log.user_message.startswith("Contact")
    ]
    assert [line.split(". ")[1].split(",")[0].rstrip(".") for line in said] == ["1 of 3", "2 of 3", "3 of 3"]
    assert "the next from 09:" in said[0]
    assert "next" not in said[2]


def test_a_run_that_only_rehearses_says_so_though_live_was_asked_for(stage: Stage) -> None:
    contacts(stage.database, stage.account(mode="rehearsal"), ["ada-byron"])
    run = stage.instance.get_run_by_id(stage.run(live=True).run_id)
    assert run is not None
    assert run.tags["linkedin/acts"] == "rehearsal"


def test_the_report_has_the_last_weeks_as_numbers_and_as_a_picture(result: dg.ExecuteInProcessResult) -> None:
    told = metadata_of(result, "campaign_report")
    assert list(told)[:2] == ["summary", "last_weeks"]
    assert told["last_weeks"].startswith(SVG)
    names = ("sent", "failed", "in_doubt", "deferred", "sent_in_four_weeks")
    assert [told[name] for name in names] == [2, 1, 0, 0, 2]


def test_a_step_shows_its_last_screenshot(stage: Stage, result: dg.ExecuteInProcessResult) -> None:
    outputs = [event.step_output_data for event in result.all_events if event.is_successful_output]
    people = [output.metadata for output in outputs if "person" in output.metadata]
    shown = {str(facts["status"].value): str(facts["seen"].value)[: len(JPEG)] for facts in people if "seen" in facts}
    assert shown == {"sent": JPEG}


def test_a_run_whose_account_is_paused_on_the_way_says_what_the_rest_wait_for(stage: Stage) -> None:
    """It is not held: nothing has to be mended, and the pause was the member's own."""
    contacts(stage.database, stage.account(timezone="UTC"), ["ada-byron", "grace-hopper", "mary-jackson"])

    def pause_it(_: Recipient) -> None:
        pause(stage.database, stage.clock, "demo", "On holiday", "test")

    stage.site.hooks["open"] = pause_it
    result = stage.run(live=True)
    run = stage.instance.get_run_by_id(result.run_id)
    assert run is not None
    said = "3 people are deferred: The account is paused: On holiday. `accounts resume` ends that."
    assert run.tags["linkedin/waits_for"] == said
    assert "linkedin/held" not in run.tags
    assert said in [log.user_message for log in stage.instance.all_logs(result.run_id)]
    assert "Waits: The account is paused" in metadata_of(result, "campaign_report")["summary"]
