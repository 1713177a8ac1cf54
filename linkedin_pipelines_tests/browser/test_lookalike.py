"""The look-alike of the site, by other hands: a short set of its cases; `make lookalike` plays them all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CASES = ("benign-ember-en", "trap-same_name_twins-swap-ember-fr", "stop-checkpoint_app-first-sdui-en")


def test_a_second_world_sees_messages_delivered_refused_and_stopped_rightly(tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    command = [sys.executable, "-m", "linkedin_pipelines_tests.lookalike", "--once", "--reading", "never"]
    names = [f"^{name}$" for name in CASES]
    asked = [*command, "--look", "never", "--out", str(out), "--scratch", str(tmp_path), "--cases", *names]
    subprocess.run(asked, check=True, timeout=280, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True)
    played = {each["case"]: each for each in map(json.loads, out.read_text().splitlines())}
    assert set(played) == set(CASES)
    assert [each["first"]["wrong"] for each in played.values()] == [[], [], []]
    assert set(played["benign-ember-en"]["first"]["ends"].values()) == {"delivered+sent"}
    assert played["stop-checkpoint_app-first-sdui-en"]["first"]["sign"] == "challenge"
