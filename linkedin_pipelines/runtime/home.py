"""The home folder as the processes of one installation share it: Dagster's configuration, and who is up."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from linkedin_pipelines.errors import ConfigurationError, LinkedInPipelinesError
from linkedin_pipelines.files import write_atomically
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.templates import TEMPLATES

DAGSTER_YAML = TEMPLATES / "dagster.yaml"


class StackError(LinkedInPipelinesError):
    """A process of the stack did not start, or ended by itself, or the home has a stack already."""


class NotUpError(LinkedInPipelinesError):
    """Nothing is up in this home; `linkedin-pipelines up` starts it."""


@dataclass(frozen=True)
class UpNote:
    """`up.json` in the home: where the running stack answers."""

    url: str
    pid: int
    status_url: str = ""
    """Where the status server answers."""

    @classmethod
    def read(cls, home: Path) -> UpNote:
        """The note of the stack that is up.

        Raises:
            NotUpError: there is none.
        """
        try:
            note = json.loads((home / "up.json").read_text())
            return cls(str(note["url"]), int(note["pid"]), str(note.get("status_url", "")))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            raise NotUpError(f"nothing is up in {home}: start it with `linkedin-pipelines up`") from None

    def write(self, home: Path) -> None:
        """Leave the note; whole or not at all, since others may be reading."""
        write_atomically(home / "up.json", json.dumps(asdict(self)) + "\n")

    def remove(self, home: Path) -> None:
        """Take the note away."""
        (home / "up.json").unlink(missing_ok=True)


def make_home(settings: Settings) -> None:
    """Create the home and give it Dagster's configuration where it has none; in any case only its owner may enter.

    The default home is a folder of the checkout, which git makes as open as it makes any.

    Raises:
        ConfigurationError: the home cannot be created or written to.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if stat.S_IMODE(settings.home.stat().st_mode) & 0o077:
            settings.home.chmod(0o700)
        target = settings.home / "dagster.yaml"
        if not target.exists():
            shutil.copyfile(DAGSTER_YAML, target)
    except OSError as error:
        raise ConfigurationError(f"the home {settings.home} cannot be used: {error.strerror}") from error


@contextmanager
def only_stack(home: Path) -> Iterator[None]:
    """Hold the home's lock: two daemons on one home would both launch every schedule.

    The kernel frees the lock when its holder dies, however it dies.

    Raises:
        StackError: another stack holds it.
    """
    try:
        lock = FileLock(home / "up.lock").acquire(timeout=0)
    except Timeout:
        try:
            where = f" at {UpNote.read(home).url}"
        except NotUpError:
            where = ""
        raise StackError(f"this home is up already{where}: {home}") from None
    with lock:
        yield
