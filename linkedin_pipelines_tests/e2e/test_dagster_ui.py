"""A day of an account with manual approval, by hand in Dagster's own pages: look, approve, watch, read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkedin_pipelines.orchestrator.partitions import campaign_key
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines_tests.e2e.dagster_ui import dagster_ui
from linkedin_pipelines_tests.e2e.homes import Friend, Home, world_of, zone_far_from_midnight
from linkedin_pipelines_tests.site_control import told

ACCOUNT = "demo"
RUN_SECONDS = 300.0
"""How long a run may take from the queue to its end, or a sensor to launch one."""
TO_WISH = (Friend("Jane", "Whitfield"), Friend("Thierry", "Hier"), Friend("Noemie", "Delacroix", days_ago=3))


def wished_by_hand() -> Friend:
    """Somebody whom the member wrote to this very day."""
    wish = {"by": "me", "text": "Happy birthday Wei, all the best!", "at": datetime.now(UTC) - timedelta(minutes=5)}
    return Friend("Wei", "Zhang", relation={"thread": (wish,)})


@pytest.mark.timeout(1500)
def test_a_list_is_built_read_approved_and_sent_in_dagster_s_pages(tmp_path: Path) -> None:
    zone = zone_far_from_midnight()
    with SandboxServer(world_of({ACCOUNT: [*TO_WISH, wished_by_hand()]}, zone)) as sandbox:
        home = Home(tmp_path, zone)
        home.furnish({ACCOUNT: sandbox.url}, approval="manual")
        day = home.today.isoformat()
        key = str(campaign_key(ACCOUNT, home.today))
        names = sorted(friend.name for friend in TO_WISH)

        with home.up(), dagster_ui(home.settings, home.url, tmp_path) as ui:
            ui.graph("birthdays", "birthday_list", "approved_messages", "birthday_messages")
            ui.screenshot("graph")

            ui.materialize("birthday_list", ACCOUNT, day)
            people = ui.partition("birthday_list", key, "contact_id", RUN_SECONDS)
            ui.screenshot("list")
            assert ui.cut_off() == []
            planned = {row["person"]: row for row in people if row["outcome"] == "planned"}
            assert sorted(planned) == names
            letters = {row["person"]: row["text"] for row in ui.table("text")}
            assert sorted(letters) == names
            assert all(letters.values())
            assert all(row["profile"].startswith("/in/") for row in ui.table("profile"))
            [left_out] = [row for row in people if row["outcome"] != "planned"]
            assert (left_out["person"], left_out["outcome"], left_out["reason"]) == (
                "Wei Zhang",
                "skipped",
                "wished_by_hand",
            )
            assert [row["why"] for row in ui.table("why")] == [f"You did this yourself, on {day}."]
            assert told(sandbox.url, "deliveries") == []

            ui.materialize("approved_messages", ACCOUNT, day)
            approved = ui.partition("approved_messages", key, "when", RUN_SECONDS)
            assert [(row["person"], row["text"]) for row in approved] == list(letters.items())

            run = ui.run_launched_by("approvals_sensor", RUN_SECONDS)
            ui.run(run, RUN_SECONDS)
            ui.screenshot("run")
            for row in planned.values():
                ui.step(run, f"birthday_messages.wish[contact_{row['contact_id']}]")
                assert ui.shows(f"Contact {row['contact_id']}: sent.", row["person"])
            ui.screenshot("person")
            ui.step(run, "birthday_messages.settle_campaign")
            outcomes = ui.table("outcome")
            ui.screenshot("outcomes")
            report = ui.partition("campaign_report", key, "sent_at", RUN_SECONDS)
            ui.screenshot("report")

        assert sorted(row["person"] for row in outcomes if row["outcome"] == "sent") == names
        assert {row["person"]: row["status"] for row in report} == {
            **dict.fromkeys(names, "sent"),
            "Wei Zhang": "skipped",
        }
        assert {row["person"]: row["reason"] for row in report if row["reason"]} == {"Wei Zhang": "wished_by_hand"}
        received = {delivery["recipient_name"]: delivery["text"] for delivery in told(sandbox.url, "deliveries")}
        assert received == letters
        assert len(told(sandbox.url, "deliveries")) == len(letters)
        sent = [row for row in home.ledger(ACCOUNT) if row.status == "sent" and row.origin == "campaign"]
        assert {row.full_name: row.body for row in sent} == letters
        assert {row.run_id for row in sent} == {run.rsplit("/", 1)[-1]}
        home.close()
