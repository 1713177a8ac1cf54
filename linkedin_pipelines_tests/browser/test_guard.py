"""Pages talk to the account's site and to nobody else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.browser.guard import allowed_address, block_foreign_requests, foreign_address, resolver_flag
from linkedin_pipelines.domain.account import LINKEDIN_URL


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.linkedin.com/feed/", True),
        ("https://linkedin.com/", True),
        ("https://static.licdn.com/x.js", True),
        ("wss://realtime.www.linkedin.com/", True),
        ("http://www.linkedin.com/", False),
        ("https://linkedin.com.example.org/", False),
        ("https://notlinkedin.com/", False),
        ("https://linkedin.com@example.org/", False),
        ("https://www.linkedin.com:8443/", False),
        ("https://px.ads.example.org/?u=https://www.linkedin.com/", False),
    ],
)
def test_linkedin_and_its_assets_alone(url: str, *, allowed: bool) -> None:
    assert bool(allowed_address(LINKEDIN_URL).match(url)) is allowed
    assert bool(foreign_address(LINKEDIN_URL).match(url)) is not allowed


def test_a_loopback_site_is_one_origin() -> None:
    foreign = foreign_address("http://127.0.0.1:8765")
    assert not foreign.match("http://127.0.0.1:8765/feed/")
    assert not foreign.match("data:image/png;base64,xx")
    for url in (
        "http://127.0.0.1:8766/",
        "http://127.0.0.1:87651/",
        "http://localhost:8765/",
        "https://127.0.0.1:8765/",
    ):
        assert foreign.match(url), url


def test_the_resolver_knows_the_site_alone() -> None:
    assert resolver_flag("http://127.0.0.1:8765").endswith("MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    assert re.search(r"EXCLUDE \*\.licdn\.com", resolver_flag(LINKEDIN_URL))


class _Handler(BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.body)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def two_sites() -> Iterator[tuple[ThreadingHTTPServer, ThreadingHTTPServer]]:
    _Handler.seen = []
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _Handler) for _ in range(2)]
    servers[0].body = (  # type: ignore[attr-defined]
        f"<img src='http://127.0.0.1:{servers[1].server_port}/pixel'><img src='/own'>"
        f"<script>new WebSocket('ws://127.0.0.1:{servers[1].server_port}/socket')</script>"
    ).encode()
    servers[1].body = b""  # type: ignore[attr-defined]
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}) for server in servers]
    for thread in threads:
        thread.start()
    yield servers[0], servers[1]
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_pixel_and_a_socket_elsewhere_are_never_asked_for(
    chromium: Browser, two_sites: tuple[ThreadingHTTPServer, ThreadingHTTPServer]
) -> None:
    base_url = f"http://127.0.0.1:{two_sites[0].server_port}"
    context = chromium.new_context(service_workers="block")
    refused = block_foreign_requests(context, base_url)
    page = context.new_page()
    page.goto(f"{base_url}/", wait_until="networkidle")
    context.close()
    assert "/own" in _Handler.seen
    assert not {"/pixel", "/socket"} & set(_Handler.seen)
    assert refused == ["127.0.0.1", "127.0.0.1"]
