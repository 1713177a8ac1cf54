"""The look at the pages as a run shows it: a failed check with its picture, and only what needs the element held."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.domain.canary import CanaryElement, Part
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.services.accounts.signed_in import open_signed_in
from linkedin_pipelines.services.reporting.metrics import collect
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import LIVE, TODAY, Stage, metadata_of, rows_of
from linkedin_pipelines_tests.site_control import told

CHECKS = {*(f"{element}_readable" for element in CanaryElement), "selectors_find_their_elements"}


@pytest.fixture
def people(stage: Stage) -> list[int]:
    return contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper"])


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return {each.check_name: each for each in found if each.asset_key == dg.AssetKey("site_canary")}


def explanations(result: dg.ExecuteInProcessResult) -> list[tuple[str, str]]:
    told = metadata_of(result, "birthday_messages")
    why = {row["person"]: row["explanation"] for row in rows_of(told["why"].records)}
    return [(row["outcome"], why.get(row["person"], "")) for row in rows_of(told["people"].records)]


def test_every_element_has_its_check_and_one_browser_serves_look_and_wishes(stage: Stage, people: list[int]) -> None:
    result = stage.run(live=True)
    assert result.success
    assert set(checks(result)) == CHECKS
    assert all(each.passed for each in checks(result).values())
    assert (stage.browsers_opened, stage.browsers_closed) == (1, 1)
    assert [part for part, _ in stage.site.polls] == [Part.COMPOSER]
    assert len(stage.site.deliveries) == len(people)
    table = rows_of(metadata_of(result, "site_canary")["elements"].records)
    assert {row["outcome"] for row in table} == {"ok"}


def test_an_unreadable_element_fails_its_check_with_the_picture_and_holds_its_actions(
    stage: Stage, people: list[int]
) -> None:
    stage.site.unreadable = {CanaryElement.SEND_BUTTON}
    result = stage.run(live=True)
    found = checks(result)
    assert {name for name, each in found.items() if not each.passed} == {"send_button_readable"}
    failed = found["send_button_readable"]
    assert failed.severity is dg.AssetCheckSeverity.ERROR
    assert "there is none" in (failed.description or "")
    assert str(failed.metadata["picture"].value) == str(stage.settings.evidence / "demo/send_button.png")
    assert result.success
    assert metadata_of(result, "birthday_messages")["stopped_by"]
    assert stage.site.deliveries == []
    assert stage.site.opened == []
    told = explanations(result)
    assert [outcome for outcome, _ in told] == ["deferred"] * len(people)
    assert all("the send button" in why and "looked at again from" in why for _, why in told)
    why = rows_of(metadata_of(result, "site_canary")["why"].records)
    assert {row["element"] for row in why if row["holds"]} == {"the send button"}


def test_an_element_that_sending_does_not_need_is_not_looked_at_and_holds_no_wish(
    stage: Stage, people: list[int]
) -> None:
    stage.site.unreadable = {CanaryElement.BIRTHDAY_CARDS}
    result = stage.run(live=True)
    assert all(each.passed for each in checks(result).values())
    assert result.success
    assert len(stage.site.deliveries) == len(people)


def test_a_held_campaign_is_taken_up_once_the_pages_are_due_and_goes_on_when_they_can_be_read(
    stage: Stage, people: list[int]
) -> None:
    stage.site.unreadable = {CanaryElement.SEND_BUTTON}
    stage.run(live=True, config=LIVE)
    stage.site.unreadable = set()
    assert stage.sensor_tick("breaker_sensor").run_requests == []
    stage.clock.advance(timedelta(hours=1))
    [request] = stage.sensor_tick("breaker_sensor").run_requests
    assert request.partition_key == f"demo|{TODAY}" or "demo" in str(request.partition_key)
    assert stage.run(live=True).success
    assert len(stage.site.deliveries) == len(people)


def test_on_demand_the_pages_are_looked_at_again(stage: Stage, people: list[int]) -> None:
    stage.run("birthday_list", "approved_messages", "site_canary")
    polls = len(stage.site.polls)
    stage.run("site_canary")
    assert len(stage.site.polls) == polls
    stage.run("site_canary", config={"ops": {"site_canary": {"config": {"again": True}}}})
    assert len(stage.site.polls) == 2 * polls
    assert stage.site.deliveries == []


def test_a_stop_sign_met_while_looking_is_the_accounts_and_no_elements(stage: Stage, people: list[int]) -> None:
    def stop(_to: Recipient) -> None:
        raise StopSignError("captcha", "Stop sign: the site shows a captcha.")

    stage.site.hooks["look"] = stop
    result = stage.run(live=True)
    assert "captcha" in metadata_of(result, "birthday_messages")["stopped_by"]
    assert all(each.passed for each in checks(result).values())
    assert {row["outcome"] for row in rows_of(metadata_of(result, "site_canary")["elements"].records)} == {
        "ok",
        "stop_sign",
    }
    first, second = explanations(result)
    assert "captcha" in first[1]
    assert "captcha" in second[1]


def test_in_a_browser_an_unreadable_editor_holds_the_wishes_and_not_the_reading_of_birthdays(stage: Stage) -> None:
    person = Person(slug="ada-byron", first_name="Ada", last_name="Byron", birthday="03-18")
    member = Member(
        account="demo",
        slug="demo-member",
        first_name="Demo",
        last_name="Member",
        timezone="UTC",
        interface=Interface(unreadable=("editor",), latency_ms=(0, 20)),
        relations=(Relation(person=person.slug),),
    )
    with SandboxServer(World(today=TODAY, members=(member,), people=(person,))) as site:
        contacts(stage.database, stage.sign_in(site), ["ada-byron"])
        stage.messengers = partial(open_signed_in, clock=stage.clock, timeouts=Timeouts(element=4_000))
        campaign, reading = stage.run(live=True), stage.read_birthdays()
        deliveries = told(site.url, "deliveries")

    found = checks(campaign)
    assert {name for name, each in found.items() if not each.passed} - {"selectors_find_their_elements"} == {
        "editor_readable"
    }
    screenshot = Path(str(found["editor_readable"].metadata["picture"].value))
    assert {file.suffixes[-1] for file in screenshot.parent.glob(f"{screenshot.stem}.*")} == {".png", ".yaml", ".html"}
    assert campaign.success  # a hold is an outcome with its reason, no failure of the run
    assert [outcome for outcome, _ in explanations(campaign)] == ["deferred"]
    assert deliveries == []
    assert reading.success
    assert metadata_of(reading, "birthdays_seen")["outcome"] == "whole"
    [pages] = [each for each in collect(stage.database, stage.settings, stage.clock) if "page_duration" in each.name]
    opened = {each.labels["page"]: each.value for each in pages.samples if each.name.endswith("_count")}
    assert {name for name, number in opened.items() if number >= 1} >= {"feed", "profile", "network"}
