"""The sandbox as a process: ports, stopping, scenarios."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import httpx
import pytest

from linkedin_pipelines.sandbox.scenarios import SCENARIOS, world_of
from linkedin_pipelines.sandbox.server import SandboxServer, describe, run_forever

from .conftest import world_with


def test_a_port_in_use_is_one_clear_line() -> None:
    with SandboxServer(world_with()) as server, pytest.raises(OSError, match=f"port {server.port} on 127.0.0.1"):
        run_forever(server.port)


def test_it_answers_and_stops_even_while_a_request_hangs() -> None:
    with SandboxServer(world_with()) as server:
        assert httpx.get(f"{server.url}/__sandbox__/health").json()["ok"]
        httpx.post(f"{server.url}/__sandbox__/faults", json={"fault": "hang", "seconds": 3600}).raise_for_status()
        cookie = {"li_at": server.site.token(server.site.world.members[0])}
        ended = threading.Event()

        def visit() -> None:
            try:
                httpx.get(f"{server.url}/feed/", cookies=cookie, timeout=30)
            except httpx.HTTPError:
                pass
            finally:
                ended.set()

        threading.Thread(target=visit, daemon=True).start()
        deadline = threading.Event()
        while server.site.faults.armed() and not deadline.wait(0.01):
            pass
    assert ended.wait(10)


def test_a_status_that_nobody_registered_is_served_as_it_is() -> None:
    with SandboxServer(world_with()) as server:
        httpx.post(f"{server.url}/__sandbox__/faults", json={"fault": "http_999"}).raise_for_status()
        cookie = {"li_at": server.site.token(server.site.world.members[0])}
        answer = httpx.get(f"{server.url}/feed/", cookies=cookie)
    assert (answer.status_code, answer.reason_phrase) == (999, "Request denied")


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_makes_a_world(name: str) -> None:
    world = world_of(name, date(2026, 2, 28))
    assert world.today == date(2026, 2, 28)
    assert len(world.people) >= 48


def test_a_world_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = world_with()
    path.write_text(describe(world))
    assert world_of(str(path), date(2026, 1, 1)) == world


def test_an_unknown_scenario_is_told() -> None:
    with pytest.raises(ValueError, match="no scenario 'atlantis'; there are demo"):
        world_of("atlantis", date(2026, 1, 1))
