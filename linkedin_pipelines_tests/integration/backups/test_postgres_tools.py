"""pg_dump is told the database's address in private."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from linkedin_pipelines.db.maintenance import postgres_tools


def test_a_password_in_the_address_s_query_never_reaches_a_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, str] = {}

    def run(command: list[str], *, env: dict[str, str], **_options: object) -> subprocess.CompletedProcess[str]:
        file = Path(env["PGSERVICEFILE"])
        seen.update(command=" ".join(command), file=file.read_text(), mode=oct(file.parent.stat().st_mode & 0o777))
        seen["PGPASSWORD"] = env.get("PGPASSWORD", "")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(postgres_tools, "_program", lambda _address, name: Path("/usr/bin") / name)
    address = "postgresql://ana:first@db.example:5433/linkedin?password=second&sslpassword=third&sslmode=require"
    postgres_tools.dump(address, tmp_path / "dump", ["accounts"])
    assert not any(secret in seen["command"] for secret in ("first", "second", "third"))
    assert "service=linkedin" in seen["command"]
    assert {"password=second", "sslpassword=third", "host=db.example", "port=5433"} <= set(seen["file"].split("\n"))
    assert seen["mode"] == "0o700"
    assert make_url(address).password == "first"
