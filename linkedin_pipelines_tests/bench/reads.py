"""Pages of the read API, and the scrape of metrics, over a ledger as long as decades make it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from fastapi.testclient import TestClient

from linkedin_pipelines.services.accounts.crypto import api_keys
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines_tests.bench.figures import Figure, Work, cost_of, counted
from linkedin_pipelines_tests.bench.stores import Store
from linkedin_pipelines_tests.doubles import ManualClock

YEARS = 100
PAGE_MS, SCRAPE_MS = 20.0, 100.0
STRIDE = 1000
"""Interactions of the pages on the way to a deep one: as many as the API admits."""


def figures(folder: Path, clock: ManualClock, *, interactions: int, turns: int) -> Iterator[Figure]:
    """Milliseconds that one answer takes within the status server's own process, sockets left out."""
    store = Store(f"sqlite:///{folder / 'reads.db'}", clock)
    store.people(max(1, interactions // YEARS))
    store.wishes(YEARS)
    store.analyze()
    settings = Settings.from_environment({"LINKEDIN_HOME": str(folder)})
    with TestClient(create_app(settings, store.database, clock)) as client:
        client.headers["Authorization"] = f"Bearer {api_keys(settings)[0].decode()}"
        cursor = _cursor_at(client, interactions // 2)
        for name, path, bound in (
            ("the first page", "/api/interactions?limit=50", PAGE_MS),
            ("a page in the middle", f"/api/interactions?limit=50&cursor={cursor}", PAGE_MS),
            ("a scrape of the metrics", "/metrics", SCRAPE_MS),
        ):
            yield counted(
                f"{name}, of {interactions:,} interactions, ms", _milliseconds(client, path, turns), bound=bound
            )


def _cursor_at(client: TestClient, depth: int) -> str:
    """The cursor after `depth` interactions, found as a reader finds it: page after page."""
    cursor = ""
    for _ in range(max(1, depth // STRIDE)):
        page = client.get(f"/api/interactions?limit={min(STRIDE, depth)}" + (f"&cursor={cursor}" if cursor else ""))
        cursor = page.json()["next_cursor"]
    return cursor


def _milliseconds(client: TestClient, path: str, turns: int) -> float:
    def ask() -> None:
        client.get(path).raise_for_status()

    work: Work = ask
    work()
    return 1000 * median(cost_of(work).wall for _ in range(turns))
