"""Sourcing as a run: a search, a step a visit, the scores and the ledger; a rehearsal visits nobody."""

from __future__ import annotations

import pytest

from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of, outcomes, rows_of
from linkedin_pipelines_tests.integration.network.test_stored_profiles import read

JOB = "sourcing_campaign"
CONFIG = {"search": "nurse", "criteria": {"keywords": ["python"]}}


@pytest.fixture
def found(stage: Stage) -> Stage:
    stage.site.profiles = {"nurse-1": read("nurse-1", ("Rust",)), "nurse-2": read("nurse-2", ("Python",))}
    return stage


def test_a_search_its_visits_and_their_scores(found: Stage) -> None:
    found.account(sourcing=CONFIG)
    rehearsed = found.run(job=JOB)
    assert rehearsed.success
    assert metadata_of(rehearsed, "profile_visits")["outcomes"] == {"rehearsed": 2}
    assert found.site.visits == []
    result = found.run(job=JOB, live=True)
    assert result.success
    assert found.site.visits == ["nurse-1", "nurse-2"]
    assert sum(step.startswith("profile_visits.visit[contact_") for step in outcomes(result)) == 2
    told = metadata_of(result, "fit_scores")
    assert [(row["person"], row["score"]) for row in rows_of(told["profiles"].records)] == [
        ("Nurse-2", 100),
        ("Nurse-1", 0),
    ]
    assert "90-100 ######################################## 1" in told["distribution"]
    assert metadata_of(result, "campaign_report")["other_kinds"] == {"profile_visit": {"sent": 2}}
    assert all(each.passed for each in result.get_asset_check_evaluations())
    assert found.run("fit_scores", job=JOB).success
    assert len(found.site.visits) == 2


def test_a_search_of_the_launchpad_takes_the_place_of_the_account_s(found: Stage) -> None:
    found.account(sourcing=CONFIG)
    asked = {"search": "baker", "criteria": {"keywords": ["rust"]}}
    result = found.run(job=JOB, config={"ops": {"sourced_profiles": {"config": asked}}})
    assert result.success
    assert found.site.searches == ["keywords=baker"]
    other = {"search": "http://192.168.0.1/search/results/people/?keywords=x"}
    refused = found.run(job=JOB, config={"ops": {"sourced_profiles": {"config": other}}})
    assert not refused.success
    assert found.site.searches == ["keywords=baker"]
