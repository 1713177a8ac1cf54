"""pg_dump and pg_restore, found and called: Postgres's own way to copy a database that others write to."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError

from linkedin_pipelines.db.core.engine import describe, parse_url
from linkedin_pipelines.errors import BackupError

_SERVICE = "linkedin"
_LOCK_WAIT = "60s"
"""How long a dump or restore waits for a table that somebody else has locked."""


def dump(url: str, target: Path, tables: Sequence[str]) -> None:
    """Write those tables, as they are at one moment, to `target` in pg_dump's own format.

    Raises:
        BackupError: there is no pg_dump, or it refuses; says why.
    """
    names = [part for table in tables for part in ("--table", table)]
    _run(
        url,
        "pg_dump",
        ["--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={_LOCK_WAIT}", *names],
        ["--file", str(target)],
    )


def restore(url: str, backup: Path, *, clean: bool) -> None:
    """Bring the tables of a dump into a database, in one transaction; `clean` replaces those that are there.

    Raises:
        BackupError: there is no pg_restore, or it refuses; the database is as it was.
    """
    how = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run(url, "pg_restore", [*how, *(["--clean", "--if-exists"] if clean else [])], [str(backup)])


@contextmanager
def scratch_database(url: str, name: str) -> Iterator[str]:
    """An empty database on the same server; its address. It is dropped with the block.

    Raises:
        BackupError: the role may not create databases.
    """
    address = parse_url(url)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        _execute(engine, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield address.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
        finally:
            _execute(engine, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        engine.dispose()


def _execute(engine: Engine, statement: str) -> None:
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0]
        raise BackupError(f"a backup is tried out in a database of its own, which cannot be made ({why})") from error


def _run(url: str, program: str, options: Sequence[str], rest: Sequence[str]) -> None:
    address = parse_url(url)
    with _service_file(address) as file:
        environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={_LOCK_WAIT}", "PGSERVICEFILE": str(file)}
        command = [str(_program(address, program)), *options, "--dbname", f"service={_SERVICE}", *rest]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        why = next((line for line in lines if "error:" in line), lines[0] if lines else f"exit code {done.returncode}")
        raise BackupError(f"{program} on the {describe(address)} failed ({why.strip()[:300]})")


@contextmanager
def _service_file(address: URL) -> Iterator[Path]:
    """The whole address in a file that its owner alone may read.

    Every local user sees a command line, and a password may stand in several places of an address, its query included.
    """
    _, parameters = create_engine(address).dialect.create_connect_args(address)
    wrong = next((name for name, value in parameters.items() if {"\n", "\r"} & set(str(value))), None)
    if wrong is not None:
        raise BackupError(f"the database address holds a line break in {wrong}, which pg_dump cannot be told")
    with TemporaryDirectory(prefix="linkedin-pipelines-") as folder:  # 0700
        file = Path(folder) / "pg_service.conf"
        lines = [f"[{_SERVICE}]", *(f"{name}={value}" for name, value in parameters.items())]
        file.write_text("\n".join(lines) + "\n")
        yield file


def _program(address: URL, program: str) -> Path:
    """The server's own program where it is on this machine, since that has the server's version; else the one in PATH.

    Raises:
        BackupError: neither is there.
    """
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            folder = connection.execute(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")).scalar()
    except DBAPIError:
        folder = None  # asking takes a right that not every role has; and a server that is away says so below
    finally:
        engine.dispose()
    if folder and os.access(own := Path(folder) / program, os.X_OK):
        return own
    if found := shutil.which(program):
        return Path(found)
    raise BackupError(f"there is no {program} on this machine; install the PostgreSQL client programs")
