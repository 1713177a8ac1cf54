"""A day's campaign as a run: a step a person, outcomes instead of errors, one browser, nothing by default."""

from __future__ import annotations

import dagster as dg
import pytest

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import PageUnreadableError, StopSignError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage, metadata_of, outcomes, rows_of


@pytest.fixture
def people(stage: Stage) -> list[int]:
    return contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper", "mary-jackson"])


def statuses(stage: Stage) -> list[str]:
    return sorted(row.status for row in interactions_of(stage.database, "demo", list_date=TODAY))


def test_every_person_is_a_step_named_by_number(stage: Stage, people: list[int]) -> None:
    result = stage.run(live=True)
    assert result.success
    steps = [step for step in outcomes(result) if step.startswith("birthday_messages.wish")]
    assert sorted(steps) == [f"birthday_messages.wish[contact_{contact}]" for contact in people]


def test_what_is_delivered_is_what_the_list_said(stage: Stage, people: list[int]) -> None:
    result = stage.run(live=True)
    said = {row["person"]: row["text"] for row in rows_of(metadata_of(result, "birthday_list")["letters"].records)}
    assert len(stage.site.deliveries) == len(people)
    assert dict(stage.site.deliveries) == {name.lower().replace(" ", "-"): text for name, text in said.items()}
    assert statuses(stage) == ["sent"] * 3


def test_the_outcome_table_names_everybody(stage: Stage, people: list[int]) -> None:
    told = metadata_of(stage.run(live=True), "birthday_messages")
    table = rows_of(told["people"].records)
    assert {row["contact_id"]: row["outcome"] for row in table} == dict.fromkeys(people, "sent")
    profiles = [row["profile"] for row in rows_of(told["addresses"].records)]
    assert sorted(profiles) == sorted(f"/in/{slug}" for slug, _ in stage.site.deliveries)


def test_every_table_fits_the_page(stage: Stage, people: list[int]) -> None:
    """A partition's page has 500 pixels for a value: beyond five columns every text of the page is cut off."""
    result = stage.run(live=True)
    for event in result.get_asset_materialization_events():
        for name, value in event.materialization.metadata.items():
            if isinstance(value, dg.TableMetadataValue):
                assert len(value.schema.columns) <= (6 if name == "fortnight" else 5), (event.asset_key, name)


def test_a_profile_in_a_table_is_written_so_that_it_can_be_broken_into_lines() -> None:
    """A page of 21 people was cut off by one whole address, percent-encoded, which has no place to break."""
    assert profile_path("мария-van-der-berg-2ddaa47") == "/in/мария-van-der-berg-2ddaa47"
    assert profile_path(None) is None


def test_a_step_shows_its_person_and_pictures(stage: Stage, people: list[int]) -> None:
    result = stage.run(live=True)
    step = f"birthday_messages.wish[contact_{people[0]}]"
    [output] = [e.step_output_data for e in result.all_events if e.step_key == step and e.is_successful_output]
    told = {key: value.value for key, value in output.metadata.items()}
    assert (told["status"], told["text_read_back"], told["live"]) == ("sent", True, True)
    assert told["person"] == "Ada Byron"
    assert str(told["picture_1"]).startswith(str(stage.settings.evidence))


def test_nothing_is_sent_unless_live_is_asked_for(stage: Stage, people: list[int]) -> None:
    result = stage.run()
    assert result.success
    assert stage.site.deliveries == []
    assert statuses(stage) == ["rehearsed"] * 3
    table = rows_of(metadata_of(result, "birthday_messages")["people"].records)
    assert [row["outcome"] for row in table] == ["rehearsed"] * 3


def test_nothing_is_sent_for_an_account_that_rehearses(stage: Stage) -> None:
    contacts(stage.database, stage.account(mode="rehearsal"), ["ada-byron"])
    assert stage.run(live=True).success
    assert stage.site.deliveries == []


def test_a_second_run_sends_nothing_and_says_why(stage: Stage, people: list[int]) -> None:
    stage.run(live=True)
    again = stage.run(live=True)
    assert again.success
    assert len(stage.site.deliveries) == len(people)
    table = rows_of(metadata_of(again, "birthday_list")["people"].records)
    assert {row["reason"] for row in table} == {"already_wished"}
    assert metadata_of(again, "birthday_messages")["dagster/row_count"] == 0


def test_one_browser_serves_the_whole_run_and_is_closed(stage: Stage, people: list[int]) -> None:
    stage.run(live=True)
    assert (stage.browsers_opened, stage.browsers_closed) == (1, 1)


def test_no_browser_is_opened_where_nobody_is_to_be_wished(stage: Stage) -> None:
    stage.account()
    assert stage.run(live=True).success
    assert stage.browsers_opened == 0


def test_a_refusal_is_an_outcome_and_the_others_are_wished(stage: Stage, people: list[int]) -> None:
    def unreadable(to: Recipient) -> None:
        if to.profile_slug == "grace-hopper":
            raise PageUnreadableError("The composer does not say whose it is.")

    stage.site.hooks["open"] = unreadable
    result = stage.run(live=True)
    assert result.success
    table = rows_of(metadata_of(result, "birthday_messages")["people"].records)
    assert {row["person"]: (row["outcome"], row["reason"]) for row in table} == {
        "Ada Byron": ("sent", ""),
        "Grace Hopper": ("failed", "page_unreadable"),
        "Mary Jackson": ("sent", ""),
    }


def test_a_stop_sign_ends_the_campaign_with_outcomes_and_a_report(stage: Stage, people: list[int]) -> None:
    def limit(_to: Recipient) -> None:
        if stage.site.deliveries:
            raise StopSignError("weekly_limit", "LinkedIn says that the weekly limit is reached.")

    stage.site.hooks["open"] = limit
    result = stage.run(live=True)
    assert result.success
    ended = outcomes(result)
    assert [ended[f"birthday_messages.wish[contact_{contact}]"] for contact in people] == ["success"] * 3
    [check] = [each for each in result.get_asset_check_evaluations() if each.check_name == "campaign_came_to_its_end"]
    assert not check.passed
    assert "stop sign" in (check.description or "")
    table = rows_of(metadata_of(result, "birthday_messages")["people"].records)
    report = rows_of(metadata_of(result, "campaign_report")["people"].records)
    assert [row["status"] for row in report] == ["sent", "failed", "deferred"]
    messages = [row for row in interactions_of(stage.database, "demo") if row.kind == "birthday_message"]
    [sent] = [row.sent_at for row in messages if row.sent_at is not None]
    zone = get_account(stage.database, "demo").config.zone
    assert report[0]["sent_at"] == f"{sent.astimezone(zone):%Y-%m-%d %H:%M}"
    assert len(rows_of(metadata_of(result, "interactions")["interactions"].records)) == 2
    assert [row["outcome"] for row in table] == ["sent", "failed", "deferred"]
    assert "Mary Jackson" in {row["person"] for row in rows_of(metadata_of(result, "birthday_messages")["why"].records)}
    assert (stage.browsers_opened, stage.browsers_closed) == (1, 1)
    assert len(stage.site.deliveries) == 1


def test_no_name_or_text_stands_in_any_log(stage: Stage, people: list[int], capfd: pytest.CaptureFixture[str]) -> None:
    stage.run(live=True)
    printed = "".join(capfd.readouterr())
    assert "birthday_messages" in printed
    for word in ("Ada", "Byron", "ada-byron", *(text for _, text in stage.site.deliveries)):
        assert word not in printed


def test_checks_pass_after_a_campaign(stage: Stage, people: list[int]) -> None:
    evaluations = stage.run(live=True).get_asset_check_evaluations()
    assert len(evaluations) == 24
    assert all(evaluation.passed for evaluation in evaluations), [e.description for e in evaluations if not e.passed]


def test_a_list_that_nobody_approved_is_not_sent(stage: Stage, people: list[int]) -> None:
    stage.run("birthday_list")
    result = stage.run("birthday_messages", live=True)
    assert not result.success
    failure = result.failure_data_for_node("birthday_messages.plan_wishes")
    assert failure is not None
    assert "was not approved" in failure.error.to_string()
    assert stage.site.deliveries == []


def test_single_steps_cannot_be_run_alone(stage: Stage, people: list[int]) -> None:
    stage.run(live=True)
    with pytest.raises(dg.Failure, match="as a whole"):
        _ = stage.definitions.resources["campaign"].under_way
