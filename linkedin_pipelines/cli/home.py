"""The home folder as the processes of one installation share it: Dagster's configuration, and who is up."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from linkedin_pipelines.errors import ConfigurationError, LinkedInPipelinesError
from linkedin_pipelines.settings import PROJECT_ROOT, Settings

DAGSTER_YAML = PROJECT_ROOT / "dagster_home" / "dagster.yaml"


class StackError(LinkedInPipelinesError):
    """A process of the stack did not start, or ended by itself, or the home has a stack already."""


class NotUpError(LinkedInPipelinesError):
    """Nothing is up in this home; `linkedin-pipelines up` starts it."""


@dataclass(frozen=True)
class UpNote:
    """`up.json` in the home: where the running stack answers."""

    url: str
    pid: int

    @classmethod
    def read(cls, home: Path) -> UpNote:
        """The note of the stack that is up.

        Raises:
            NotUpError: there is none.
        """
        try:
            note = json.loads((home / "up.json").read_text())
            return cls(url=str(note["url"]), pid=int(note["pid"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            raise NotUpError(f"nothing is up in {home}: start it with `linkedin-pipelines up`") from None

    def write(self, home: Path) -> None:
        """Leave the note; whole or not at all, since others may be reading."""
        fresh = home / f".up.json.{self.pid}"
        fresh.write_text(json.dumps(asdict(self)) + "\n")
        fresh.replace(home / "up.json")

    def remove(self, home: Path) -> None:
        """Take the note away."""
        (home / "up.json").unlink(missing_ok=True)


def make_home(settings: Settings) -> None:
    """Create the home, readable by the member alone, and give it Dagster's configuration where it has none.

    Raises:
        ConfigurationError: the home cannot be created or written to.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    with (home / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                where = f" at {UpNote.read(home).url}"
            except NotUpError:
                where = ""
            raise StackError(f"this home is up already{where}: {home}") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
