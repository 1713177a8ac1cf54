"""`sandbox --from-account`: a member's own contacts on a site of this machine; the real account is left alone."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.runtime.home import UpNote
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.reporting.reports import campaign_report, interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.e2e.dagster_ui import dagster_ui
from linkedin_pipelines_tests.e2e.homes import Home, zone_far_from_midnight
from linkedin_pipelines_tests.e2e.processes import STOP_SECONDS, processes_of, started, wait_until
from linkedin_pipelines_tests.member_files import (
    OWN_URL,
    connection,
    connections_csv,
    messages_csv,
    received,
    vcard,
    written,
)
from linkedin_pipelines_tests.site_control import told

TRIAL = "jane-trial"
SECONDS = 300
SPARED = (("Bo Left Alone", "bo-left-alone"), ("Cy Asked To Stop", "cy-asked-to-stop"))
"""Who is not to be written to: by the member's order, and by their own reply, not decided on yet."""


def member_of_linkedin(folder: Path) -> Home:
    """An installation whose account is on LinkedIn, with imported files, and never signed in."""
    home = Home(folder, zone_far_from_midnight())
    today = home.today
    made = home("init", "--yes")
    assert made.returncode == 0, made.stderr
    home.settings.accounts_file.write_text(
        f"accounts: [{{slug: jane, display_name: Demo Member, profile_url: {OWN_URL}, "
        f'timezone: {home.zone}, hours: "23:00-23:59"}}]\n'
    )
    applied = home("accounts", "apply")
    assert applied.returncode == 0, applied.stderr
    rows = [connection(name, slug) for name, slug in (("Ada Nguyen", "ada-nguyen"), ("Zoë Élan", "zoë-élan"))]
    book = vcard("Ada Nguyen", f"BDAY:1990-{today:%m-%d}") + vcard("Zoë Élan", f"BDAY:--{today:%m%d}")
    files = [
        written(folder / "Connections.csv", connections_csv(*rows, *(connection(name, slug) for name, slug in SPARED))),
        written(folder / "messages.csv", messages_csv(received("cy-asked-to-stop", "Please stop sending me messages"))),
        written(folder / "book.vcf", book),
    ]
    imported = home("import", "jane", *map(str, files))
    assert imported.returncode == 0, imported.stderr
    marked = home("contact", "do-not-contact", "jane", "bo-left-alone", "--reason", "asked")
    assert marked.returncode == 0, marked.stderr
    return home


@pytest.mark.timeout(1200)
def test_own_contacts_are_rehearsed_on_the_sandbox_and_the_trial_leaves_nothing(tmp_path: Path) -> None:
    home = member_of_linkedin(tmp_path)
    log = tmp_path / "trial.log"
    own = home.env | {"LINKEDIN_DATABASE_URL": home.settings.database_url}  # set for the member's own installation
    command = ("linkedin-pipelines", "sandbox", "--from-account", "jane", "--port", "0")
    with started(*command, env=own, log=log) as process:
        wait_until(lambda: "Ctrl-C stops the trial" in log.read_text(), process, log, SECONDS)
        said = log.read_text()
        assert "2 of 4 contacts of jane" in said
        assert "Ada Nguyen" in said
        trial = Settings.from_environment({}, home=home.settings.trial)
        again = home("sandbox", "--from-account", "jane", "--port", "0")
        assert again.returncode == 1
        assert "a trial runs already" in again.stderr

        database = open_database(trial)
        with dagster_ui(trial, UpNote.read(trial.home).url, tmp_path) as ui:
            ui.materialize("approved_messages", TRIAL, home.today.isoformat())
            ui.run(ui.run_launched_by("approvals_sensor", SECONDS), SECONDS)
        report = campaign_report(database, SystemClock(), TRIAL, home.today)
        assert {person.full_name: person.status for person in report.people} == {
            "Ada Nguyen": "rehearsed",
            "Zoë Élan": "rehearsed",
        }
        site = re.search(r"base_url: (http://127\.0\.0\.1:\d+)", trial.accounts_file.read_text())
        assert site is not None
        assert told(site[1], "deliveries") == []
        assert {visit["person"] for visit in told(site[1], "visits")} == {"ada-nguyen", "zoë-élan"}
        database.dispose()
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0, log.read_text()
    assert not trial.home.exists()
    assert processes_of(str(home.settings.home)) == []
    assert interactions_of(home.database, "jane") == []
    assert home("sandbox", "--from-account", "nobody").returncode == 1
    home.close()
