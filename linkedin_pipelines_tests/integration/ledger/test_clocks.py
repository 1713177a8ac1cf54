"""A machine whose clock is off does not start where another machine's clock counts as well."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from linkedin_pipelines.db.core.clocks import require_clock
from linkedin_pipelines.errors import ClockOffError
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.hosts.rounds import FAKETIME
from linkedin_pipelines_tests.hosts.worker import set_clock

AT_WORK = """
import sys
from pathlib import Path
from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.actions.lease_keeper import held_lease
from linkedin_pipelines_tests.hosts.worker import set_clock
with held_lease(Database(sys.argv[1]), SystemClock(), int(sys.argv[2]), "a run") as keeper:
    keeper.renew()
    set_clock(Path(sys.argv[3]), int(sys.argv[4]))
    keeper.renew()
"""
"""Takes an account's lease, keeps it, has its machine's clock set to another time, and tries to keep it again."""


@pytest.mark.parametrize(("seconds", "said"), [(90, "ahead of"), (-90, "behind")])
def test_a_machine_whose_clock_is_off_is_refused_on_postgres(postgres, seconds, said):
    with pytest.raises(ClockOffError, match=rf"clock is \d+ s {said} the database server's"):
        require_clock(postgres, ManualClock(datetime.now(UTC) + timedelta(seconds=seconds)))
    require_clock(postgres)


def test_sqlite_has_only_the_machine_s_own_clock(sqlite):
    require_clock(sqlite, ManualClock())


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed")
def test_a_machine_whose_clock_is_set_back_on_the_way_stops(postgres, tmp_path):
    """Its lease would look expired to another machine, which would send beside it."""
    account_id, time_file = an_account(postgres), tmp_path / "time"
    set_clock(time_file, 0)
    ended = subprocess.run(
        [sys.executable, "-c", AT_WORK, postgres.url, str(account_id), str(time_file), "-120"],
        env={
            **os.environ,
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(time_file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ClockOffError: this machine's clock is" in ended.stderr, ended.stderr
    assert "s behind the database server's" in ended.stderr
