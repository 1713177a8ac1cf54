"""A sandbox to talk to: over HTTP within the process, or with a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.testclient import TestClient

from linkedin_pipelines.sandbox.app import create_app
from linkedin_pipelines.sandbox.demo import DemoMember, demo_world
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Person, World

TODAY = date(2026, 3, 18)
AT_ONCE: dict[str, Any] = {"latency_ms": (0, 0), "event_delay_ms": (0, 0)}
LONGEST_WAIT = 30_000
"""Milliseconds. Only for what does come: a busy machine may be long about it, and it costs nothing otherwise."""
expect.set_options(timeout=LONGEST_WAIT)


class Visitor:
    """A signed-in member's browser, as far as HTTP goes."""

    def __init__(self, world: World, state: Path | None = None) -> None:
        self.app = create_app(world, state)
        self.site: Site = self.app.state.site
        self.member = world.members[0]
        self.http = TestClient(self.app, base_url="http://127.0.0.1", follow_redirects=False)
        self.http.cookies.set("li_at", self.site.token(self.member))

    def named(self, name: str) -> Person:
        """The first acquaintance of that name."""
        return next(p for p in self.site.acquaintances(self.member) if p.name == name)

    def html(self, url: str) -> str:
        """The HTML of a fragment."""
        response = self.http.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return str(response.json()["html"])

    def send(self, person: Person, text: str) -> Any:
        return self.http.post(
            "/voyager/api/voyagerMessagingDashMessengerMessages?action=createMessage",
            json={"recipient": person.recipient, "text": text},
        )

    def arm(self, fault: str, **fields: Any) -> None:
        response = self.http.post("/__sandbox__/faults", json={"fault": fault, **fields})
        assert response.status_code == 200, response.text

    def deliveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/__sandbox__/deliveries").json()
        return found

    def close(self) -> None:
        self.site.close()


def world_with(**interface: Any) -> World:
    """The demo world of one member, with that interface and nothing to wait for."""
    return demo_world(TODAY, [DemoMember("demo", interface=Interface(**{**AT_ONCE, **interface}))])


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    one = Visitor(world_with())
    yield one
    one.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    flags = "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run "
    flags += "--disable-quic --disable-gpu"
    executable = os.environ.get("LINKEDIN_BROWSER_EXECUTABLE", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags.split())
        yield browser
        browser.close()


Opened = tuple[SandboxServer, Page]


@pytest.fixture
def open_site(chromium: Browser) -> Iterator[Callable[..., Opened]]:
    """A running sandbox and a page of a browser that is signed in to it."""
    running: list[tuple[SandboxServer, BrowserContext]] = []

    def start(world: World) -> Opened:
        server = SandboxServer(world).__enter__()
        cookie = {"name": "li_at", "value": server.site.token(world.members[0]), "url": server.url}
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.set_default_timeout(LONGEST_WAIT)
        running.append((server, context))
        return server, context.new_page()

    yield start
    for server, context in running:
        context.close()
        server.stop()
