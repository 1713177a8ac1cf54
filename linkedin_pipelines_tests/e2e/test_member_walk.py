"""A new member's first day in Dagster's pages: list, approval, a run, a check that failed, and the report."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from linkedin_pipelines_tests.e2e.member_walk import ACCOUNT, WRITTEN, walk
from linkedin_pipelines_tests.site_control import told


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_new_member_finds_the_way_from_the_list_through_a_stop_sign_to_the_report(tmp_path: Path) -> None:
    """`KEEP_SCREENSHOTS` names a folder that keeps a screenshot of each page on the way.

    What failed when it was first walked: texts of the list cut off at the right, and the command that a failed check
    names, which lacked an option.
    """
    screenshots = Path(os.environ.get("KEEP_SCREENSHOTS", tmp_path))
    screenshots.mkdir(parents=True, exist_ok=True)
    with walk(tmp_path, screenshots) as member:
        member.arrive()
        letters = {row["person"]: row["text"] for row in member.read_list()}
        assert member.ui.cut_off() == []
        assert told(member.sandbox.url, "deliveries") == []
        approved = member.approve()
        assert {row["person"]: row["text"] for row in approved} == letters
        assert member.ui.cut_off() == []

        stopped = member.watch_it_stop()
        assert len(told(member.sandbox.url, "deliveries")) == WRITTEN
        said = member.read_check()
        assert f"linkedin-pipelines accounts resume {ACCOUNT}" in said
        assert "Stop sign: " not in said

        member.resume()
        member.watch_it_go_on(stopped)
        report = member.read_report()
        assert member.ui.cut_off() == []
        received = {each["recipient_name"]: each["text"] for each in told(member.sandbox.url, "deliveries")}
        sent = [row["person"] for row in report if row["status"] == "sent"]
        assert sorted(sent) == sorted(
            row.full_name for row in member.home.ledger(ACCOUNT) if row.status == "sent" and row.origin == "campaign"
        )
        assert len(received) == len(sent) == len(told(member.sandbox.url, "deliveries"))
        assert all(text in letters.values() for text in received.values())
        assert Counter(row["status"] for row in report)["planned"] == 0
