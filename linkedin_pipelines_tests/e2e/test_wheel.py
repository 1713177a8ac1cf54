"""A wheel is whole, and works where there is no checkout."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.e2e.processes import environment
from linkedin_pipelines_tests.e2e.wheels import build_wheel, install_wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = PROJECT_ROOT / "linkedin_pipelines"
    files = {str(path.relative_to(PROJECT_ROOT)) for path in package.rglob("*") if path.is_file()}
    assert held == {name for name in files if "__pycache__" not in name}


def test_an_installed_wheel_makes_a_home_and_explains_the_demo(wheel: Path, tmp_path: Path) -> None:
    command = install_wheel(wheel, tmp_path / "environment") / "linkedin-pipelines"
    env = environment(HOME=str(tmp_path / "member"))

    def run(*arguments: str) -> str:
        done = subprocess.run([command, *arguments], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    home = tmp_path / "member" / ".linkedin-pipelines"
    assert str(home) in run("init")
    assert {path.name for path in home.iterdir()} >= {"dagster.yaml", "accounts.example.yaml", "linkedin.db", "inbox"}
    assert "sqlite, schema current" in run("db", "upgrade")
    assert "bundled sandbox" in run("demo", "--help")
    assert str(PROJECT_ROOT) not in run("accounts", "apply", str(home / "accounts.example.yaml"))


def test_the_code_location_loads_from_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    python = install_wheel(wheel, tmp_path / "environment") / "python"
    program = (
        "from linkedin_pipelines.definitions import build_definitions as build;"
        "print(build().get_repository_def().get_all_jobs() and 'loads')"
    )
    done = subprocess.run(
        [python, "-c", program],
        cwd=tmp_path,
        env=environment(HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "loads", done.stderr
