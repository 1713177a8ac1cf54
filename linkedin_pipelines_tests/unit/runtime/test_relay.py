"""What a stack prints: a line when something happens, in one form, without the words of what failed."""

from __future__ import annotations

import io
import json
import os

from linkedin_pipelines.runtime.relay import Relay

RUN = "0f8fad5b-d9cb-469f-a165-70867728950e"
HEAD = "2026-11-20 07:00:00 +0000 - dagster"
PRINTED = f"""\
{HEAD} - DEBUG - birthday_campaign - {RUN} - 4711 - RUN_START - Started execution of run for "birthday_campaign".
{HEAD} - DEBUG - birthday_campaign - {RUN} - 4711 - LOGS_CAPTURED - Started capturing logs in process (pid: 4711).
{HEAD} - DEBUG - birthday_campaign - {RUN} - 4711 - birthday_messages.deliver[7] - STEP_START - Started execution.
{HEAD} - INFO - birthday_campaign - {RUN} - birthday_messages.deliver[7] - Ada Lovelace is wished.
{HEAD} - ERROR - birthday_campaign - {RUN} - 4711 - birthday_messages.deliver[7] - STEP_FAILURE - Failed: Ada Lovelace

dagster._core.errors.DagsterExecutionStepExecutionError: Ada Lovelace
Stack Trace:
  File "deliver.py", line 1, in deliver
{HEAD} - ERROR - birthday_campaign - {RUN} - 4711 - RUN_FAILURE - Execution of run failed. Ada Lovelace
2026-11-20 07:00:01 +0000 - dagster.daemon.SensorDaemon - WARNING - Lost /in/ada-lovelace
{{"event": "notice_sent", "kind": "email"}}
Traceback (most recent call last):
"""


def relayed(printed: str, *, as_json: bool) -> list[str]:
    stream = io.StringIO()
    relay = Relay("code server", stream, as_json=as_json)
    os.write(relay.descriptor, printed.encode())
    relay.close()
    relay.join(60)
    return stream.getvalue().splitlines()


def test_each_line_is_an_object_and_a_run_tells_its_beginning_its_faults_and_its_end() -> None:
    lines = [json.loads(line) for line in relayed(PRINTED, as_json=True)]
    assert [(line["event"], line.get("step")) for line in lines[:3]] == [
        ("run_start", None),
        ("step_failure", "birthday_messages.deliver[7]"),
        ("run_failure", None),
    ]
    assert {line["run_id"] for line in lines[:3]} == {RUN}
    assert [line["level"] for line in lines[:3]] == ["info", "error", "error"]
    assert lines[3]["event"].endswith("Lost [masked]")
    assert lines[4] == {"event": "notice_sent", "kind": "email"}
    assert lines[5]["event"].startswith("Traceback")  # of a process that died outside a run
    assert len(lines) == 6
    assert {line["process"] for line in [*lines[:4], lines[5]]} == {"code server"}


def test_on_a_console_nobody_is_named_either() -> None:
    lines = relayed(PRINTED, as_json=False)
    assert len(lines) == 6
    assert not [line for line in lines if "Ada" in line]
    assert "run_failure job=birthday_campaign" in lines[2]


def test_what_is_cut_off_or_no_text_is_not_lost() -> None:
    stream = io.StringIO()
    relay = Relay("daemon", stream, as_json=True)
    os.write(relay.descriptor, b"\xff\xfe half a line")
    relay.close()
    relay.join(60)
    assert "half a line" in json.loads(stream.getvalue())["event"]
