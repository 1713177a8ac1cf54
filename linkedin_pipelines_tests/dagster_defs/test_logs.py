"""What a campaign writes into its log: enough to follow it, and nobody's name, address or words."""

from __future__ import annotations

import pytest

from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import Stage

CORRELATION = ("run_id=", "account=demo", "step=wish[contact_", "interaction_id=", "evidence=")


def test_a_campaigns_lines_lead_to_run_step_row_and_evidence_and_to_no_person(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper"])
    assert stage.run(live=True).success
    lines = [line for line in capfd.readouterr().err.splitlines() if " DEBUG " not in line and "[debug" not in line]
    settled = [line for line in lines if " attempt_settled " in line]
    assert len(settled) == 2
    assert [fact for line in settled for fact in CORRELATION if fact not in line] == []

    sent = [row for row in interactions_of(stage.database, "demo") if row.body]
    assert len(sent) == 2
    private = {word for row in sent for word in (row.body, row.full_name, row.slug) if word}
    assert [word for word in private if any(word in line for line in lines)] == []
    assert not any("li_at" in line for line in lines)
