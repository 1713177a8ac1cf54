# ruff: noqa: E501, UP031 - an attack a line, in JavaScript
"""What a page of another site can do to Dagster's web server through the member's browser, tried one by one.

Each attack, if it were obeyed, would leave a trace: the instance's `autoMaterializePaused` turned on, an approval
reported, a socket opened, an answer read, a frame drawn. The judge asks the server and the page for that trace.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Page

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.settings import Settings

EVIL = "evil.example"
"""A name that the browser is told to find on this machine."""
MUTATION = "mutation { setAutoMaterializePaused(paused: true) }"
RESET = "mutation { setAutoMaterializePaused(paused: false) }"
STATE = "{ instance { autoMaterializePaused } }"
APPROVALS = (
    '{ assetOrError(assetKey: {path: ["approved_messages"]}) { ... on Asset { assetMaterializations { timestamp } } } }'
)
_PAGE_SECONDS = 20.0


@dataclass(frozen=True)
class Attack:
    """One try: `script` runs in a page of `origin` and returns true if it saw itself obeyed."""

    name: str
    script: str
    host: str = EVIL
    """Host of the page that attacks; its port is the other site's, or the web server's own with `on_server`."""
    on_server: bool = False


def attacks(url: str) -> list[Attack]:
    """All attacks on the web server at `url`."""
    api, address = f"{url}/graphql", f"{url}/graphql?query={quote(MUTATION)}"
    report = f"{url}/report_asset_materialization/approved_messages?partition={quote('demo|2026-03-01')}"
    body = json.dumps({"query": MUTATION})
    read = json.dumps({"query": STATE})
    form = """const f = document.createElement('form'); f.method = 'post'; f.target = 'sink'; f.action = %s; f.enctype = %s;
      const i = document.createElement('input'); i.name = %s; i.value = %s; f.append(i); document.body.append(f);
      await settled(f);"""

    def posted(target: str, enctype: str, name: str, value: str) -> str:
        return form % tuple(json.dumps(part) for part in (target, enctype, name, value))

    def fetched(target: str, options: str) -> str:
        return f"try {{ await fetch({json.dumps(target)}, {options}) }} catch (e) {{ if (!(e instanceof TypeError)) throw e }}"

    text = "{method: 'POST', mode: 'no-cors', headers: {'Content-Type': %s}, body: %s}"
    answer = (
        "{ const r = await fetch('/graphql', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: "
        f"{json.dumps(body)}}}); return r.ok }}"
    )
    socket = (
        "return await new Promise(done => { const s = new WebSocket(%s, 'graphql-ws'); "
        "s.onopen = () => done(true); s.onerror = () => done(false) })"
    ) % json.dumps(api.replace("http", "ws", 1))
    return [
        Attack("image whose address is a mutation", f"await loaded('img', {json.dumps(address)})"),
        Attack("script whose address is a mutation", f"await loaded('script', {json.dumps(address)})"),
        Attack("form, GraphQL in the address", posted(address, "application/x-www-form-urlencoded", "a", "b")),
        Attack("form, JSON as plain text", posted(api, "text/plain", body[:-1] + ', "x": "', '"}')),
        Attack("form that reports an approval", posted(report, "application/x-www-form-urlencoded", "a", "b")),
        Attack("fetch, JSON as plain text", fetched(api, text % ("'text/plain'", json.dumps(body)))),
        Attack("fetch, two content types in one", fetched(api, text % ("'text/plain; application/json'", json.dumps(body)))),
        Attack("fetch, application/json", fetched(api, f"{{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {json.dumps(body)}}}")),
        Attack("fetch, mutation by GET without reading", fetched(address, "{mode: 'no-cors'}")),
        Attack("fetch from another port of this machine", fetched(api, text % ("'text/plain'", json.dumps(body))), host="127.0.0.1"),
        Attack("beacon", f"navigator.sendBeacon({json.dumps(api)}, new Blob([{json.dumps(body)}], {{type: 'text/plain'}})); await loaded('img', {json.dumps(address)})"),
        Attack("websocket", socket),
        Attack("websocket from another port of this machine", socket, host="127.0.0.1"),
        Attack("foreign host name that points here", answer, on_server=True),
        Attack("answer read under a foreign host name", answer.replace(json.dumps(body), json.dumps(read)), on_server=True),
        Attack("page within a frame", f"return await framed({json.dumps(url + '/runs')})"),
        Attack("window kept hold of", f"const w = open({json.dumps(address)}); await new Promise(d => setTimeout(d, 1500)); if (w) w.close()"),
    ]  # fmt: skip


HELPERS = """
window.loaded = (kind, address) => new Promise(done => { const e = document.createElement(kind);
  e.onload = e.onerror = () => done(); e.src = address; document.body.append(e) });
window.settled = form => new Promise(done => { const f = document.createElement('iframe'); f.name = form.target;
  document.body.append(f); let sent = false; f.onload = () => sent && done(); sent = true; form.submit() });
window.framed = address => new Promise(done => { const f = document.createElement('iframe');
  f.onload = () => { try { done(f.contentWindow.length >= 0 && window.performance.getEntriesByName(address)
    .some(e => e.responseStatus === 200)) } catch (e) { done(false) } }; f.src = address; document.body.append(f) });
"""


def play(url: str, settings: Settings) -> Iterator[tuple[Attack, bool]]:
    """Play every attack on the server at `url`; whether it was obeyed."""
    with other_site() as port, running_chromium(settings, (f"--host-resolver-rules=MAP {EVIL} 127.0.0.1",)) as browser:
        for attack in attacks(url):
            asked(url, RESET)
            approvals = asked(url, APPROVALS)
            where = urlsplit(url).port if attack.on_server else port
            seen = _played(browser, attack, f"http://{attack.host}:{where}/")
            done = asked(url, STATE)["instance"]["autoMaterializePaused"] or asked(url, APPROVALS) != approvals
            yield attack, seen or done
        asked(url, RESET)


def own_page_works(url: str, settings: Settings, screenshot: str | None = None) -> dict[str, bool]:
    """Whether the UI itself still does what it needs: it is drawn, posts mutations, and opens its websocket."""
    sockets: list[str] = []
    with running_chromium(settings) as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("websocket", lambda socket: socket.on("framereceived", lambda _frame: sockets.append(socket.url)))
        page.goto(f"{url}/runs", wait_until="domcontentloaded")
        page.get_by_role("link", name="Runs").first.wait_for(timeout=60_000)
        post = f"""fetch('/graphql', {{method: 'POST', headers: {{'Content-Type': 'application/json'}},
            body: {json.dumps(json.dumps({"query": RESET}))}}}).then(r => r.ok)"""
        mutated = bool(page.evaluate(post))
        deadline = time.monotonic() + _PAGE_SECONDS
        while not sockets and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        if screenshot:
            page.screenshot(path=screenshot)
        return {"the UI is drawn": True, "a mutation by the UI": mutated, "the UI's websocket": bool(sockets)}


def asked(url: str, query: str) -> Any:
    """What the server says to a program of this machine."""
    request = urllib.request.Request(
        f"{url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def _played(browser: Browser, attack: Attack, origin: str) -> bool:
    page: Page = browser.new_page()
    try:
        response = page.goto(origin, wait_until="load")
        if attack.on_server and response is not None and response.status == 403:
            return False
        page.evaluate(HELPERS)
        return page.evaluate(f"async () => {{ {attack.script} }}") is True
    finally:
        page.close()


@contextmanager
def other_site() -> Iterator[int]:
    """A web server of somebody else on this machine; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Another site</title><body>")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
