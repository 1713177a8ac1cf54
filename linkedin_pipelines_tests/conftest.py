"""What every test may ask for: both databases, a clock that does not tick, settings of a home of its own."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.garbage import nothing_collected
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.postgres import PostgresForTests
from linkedin_pipelines_tests.readings import refusals

# Deadlines would judge the machine. Failures are replayed from the printed blob, so no examples are kept between runs.
hypothesis.settings.register_profile("linkedin", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("linkedin")


# Days of invented calendars, whatever home the first test to load Dagster's partitions happens to have.
os.environ.setdefault("LINKEDIN_FIRST_DAY", "2026-01-01")

_FOLDER = pytest.StashKey[Path]()

WHOLE_PRODUCT = "e2e"
"""Folder whose tests start the whole product, several processes each."""
LONGEST = "test_backfill.py"


def pytest_configure(config: pytest.Config) -> None:
    """Give the run one folder for all temporary files, and what it starts an ear for SIGINT."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a script's background job: its children would inherit that,
        # and Dagster's servers treat SIGTERM as they treat SIGINT, so that nothing could stop them
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # a worker has it from its controller
        config.stash[_FOLDER] = scratch.make()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep the folder of a run that failed: it holds the screenshots and logs that tell why."""
    if exitstatus != pytest.ExitCode.OK and _FOLDER in session.config.stash:
        del session.config.stash[_FOLDER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder, at the very end: multiprocessing removes a folder of its own in it before that."""
    if (folder := config.stash.get(_FOLDER, None)) is not None:
        scratch.remove_at_exit(folder)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what is collected: half a million objects, in each worker, which live to the end."""
    with nothing_collected():
        collected = yield
    gc.freeze()
    return collected


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of the whole product, which take longest.

    Work stealing hands each worker a run of neighbours and takes from its end, so these stay with one worker, one after
    the other: several at once would keep each other from meeting their deadlines on a small machine. The longest alone,
    which has none, begins with the second worker.
    """
    items.sort(key=lambda item: WHOLE_PRODUCT not in item.path.parts)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longest = [item for item in items if item.path.name == LONGEST]
    rest = [item for item in items if item.path.name != LONGEST]
    first = len(items) // workers
    items[:] = rest[:first] + longest + rest[first:] if workers > 1 else items


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the cases of the matrix came to, and how long they took together, whichever workers played them."""
    reports = [each for of_outcome in terminalreporter.stats.values() for each in of_outcome]
    told = [dict(each.user_properties).get("matrix") for each in reports if getattr(each, "when", "") == "call"]
    if cases := [one for one in told if one is not None]:
        kinds = Counter(kind for kind, _, _ in cases)
        counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("delivered", "refused", "stopped", "in doubt"))
        seconds = sum(used for _, used, _ in cases)
        terminalreporter.write_line(f"matrix: {len(cases)} cases: {counts}; {seconds:.0f} seconds")
        terminalreporter.write_line("matrix: refused, by which reading")
        for line in refusals(why for kind, _, why in cases if kind == "refused"):
            terminalreporter.write_line(line)


@pytest.fixture
def clock() -> ManualClock:
    """Wednesday 18 March 2026, 09:00 UTC (10:00 in Paris), until the test moves it."""
    return ManualClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty home below the test's own folder."""
    home = tmp_path / "home"
    home.mkdir()
    return Settings.from_environment({"LINKEDIN_HOME": str(home)})


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each test of this process gets its SQLite database: at one address, statements are put together once."""
    return tmp_path_factory.mktemp("sqlite") / "linkedin.db"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresForTests]:
    """One Postgres server per test process."""
    server = PostgresForTests()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def sqlite_url(sqlite_template: Path, sqlite_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    url = f"sqlite:///{sqlite_path}"
    Database(url).dispose()  # connections to the file of the test before
    for file in sqlite_path.parent.glob(f"{sqlite_path.name}*"):
        file.unlink()
    shutil.copyfile(sqlite_template, sqlite_path)
    return url


@pytest.fixture
def postgres_url(postgres_server: PostgresForTests) -> Iterator[str]:
    """An empty, migrated Postgres database."""
    url = postgres_server.lend()
    yield url
    postgres_server.give_back(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of each kind; the test runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of each kind without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server: PostgresForTests = request.getfixturevalue("postgres_server")
    url = server.create(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of each kind; the test runs on both."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A migrated SQLite database alone, for tests in which the kind of database cannot matter."""
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """A migrated Postgres database alone."""
    database = Database(postgres_url)
    yield database
    database.dispose()
