"""The home folder that the processes of one installation share."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.home import DAGSTER_YAML, NotUpError, StackError, UpNote, make_home, only_stack
from linkedin_pipelines.runtime.processes import Process
from linkedin_pipelines.settings import Settings


def settings_of(home: Path) -> Settings:
    return Settings.from_environment({"LINKEDIN_HOME": str(home)})


def test_a_new_home_is_the_member_s_alone_and_has_dagster_s_configuration(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    make_home(settings_of(home))
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "dagster.yaml").read_text() == DAGSTER_YAML.read_text()


def test_a_home_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    make_home(settings_of(home))
    assert home.stat().st_mode & 0o777 == 0o700


def test_what_the_stack_s_processes_write_is_the_member_s_alone(tmp_path: Path) -> None:
    target = tmp_path / "names"
    process = Process("writer", ["python", "-c", f"open({str(target)!r}, 'w').close()"], {}, tmp_path / "log")
    process._process.wait()
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_configuration_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    make_home(settings_of(tmp_path))
    assert (tmp_path / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"


def test_a_home_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        make_home(settings_of(tmp_path / "file" / "home"))


def test_a_home_has_one_stack_at_a_time(tmp_path: Path) -> None:
    with only_stack(tmp_path):
        UpNote("http://127.0.0.1:3000", 1).write(tmp_path)
        with pytest.raises(StackError, match=r"up already at http://127\.0\.0\.1:3000"), only_stack(tmp_path):
            pass
    with only_stack(tmp_path):
        pass


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"url": 1}'])
def test_without_a_whole_note_nothing_is_up(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "up.json").write_text(text)
    with pytest.raises(NotUpError, match="linkedin-pipelines up"):
        UpNote.read(tmp_path)


def test_the_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    note = UpNote("http://127.0.0.1:3000", 7)
    note.write(tmp_path)
    assert UpNote.read(tmp_path) == note
    note.remove(tmp_path)
    with pytest.raises(NotUpError):
        UpNote.read(tmp_path)
