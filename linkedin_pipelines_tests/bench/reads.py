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


def figures(folder: Path, clock: ManualClock, *, interactions: int, turns: int) -> Iterator[Figure]:
    """Milliseconds that one answer takes within the status server's own process, sockets left out."""
    store = Store(f"sqlite:///{folder / 'reads.db'}", clock)
    store.people(max(1, interactions // YEARS))
    store.wishes(1, YEARS // 2)
    settings = Settings.from_environment({"LINKEDIN_HOME": str(folder)})
    with TestClient(create_app(settings, store.database, clock)) as client:
        client.headers["Authorization"] = f"Bearer {api_keys(settings)[0].decode()}"
        # The newest comes first: what follows the first page now is in the middle once the other half is there.
        cursor = client.get("/api/interactions?limit=50").json()["next_cursor"]
        store.wishes(YEARS // 2 + 1, YEARS)
        store.analyze()
        for name, path, bound in (
            ("the first page", "/api/interactions?limit=50", PAGE_MS),
            ("a page in the middle", f"/api/interactions?limit=50&cursor={cursor}", PAGE_MS),
            ("a scrape of the metrics", "/metrics", SCRAPE_MS),
        ):
            yield counted(
                f"{name}, of {interactions:,} interactions, ms", _milliseconds(client, path, turns), bound=bound
            )


def _milliseconds(client: TestClient, path: str, turns: int) -> float:
    def ask() -> None:
        client.get(path).raise_for_status()

    work: Work = ask
    work()
    return 1000 * median(cost_of(work).wall for _ in range(turns))
