"""The guard before Dagster's web server, request by request."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from linkedin_pipelines.runtime.web_guard import WebGuard

OURS = "127.0.0.1:3000"
JSON = {"content-type": "application/json"}
MUTATION = "query=mutation%7BlaunchRun%7D"


def status_of(
    method: str,
    path: str = "/graphql",
    query: str = "",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    *,
    kind: str = "http",
    hosts: tuple[str, ...] = (),
) -> int | str:
    """What is answered: 200 and `accepted` come from behind the guard."""
    said: list[MutableMapping[str, Any]] = []

    async def behind(scope: MutableMapping[str, Any], _receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOW")]})
            await send({"type": "http.response.body", "body": b""})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    pairs = list((headers or {}).items()) if not isinstance(headers, list) else headers
    if not any(name == "host" for name, _ in pairs):
        pairs.append(("host", OURS))
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in pairs],
    }
    asyncio.run(WebGuard(behind, hosts)(scope, receive, send))
    if kind == "websocket":
        return str(said[0]["type"])
    assert dict(said[0]["headers"])[b"x-frame-options"] == b"DENY"
    return int(said[0]["status"])


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "127.8.9.1", "LOCALHOST.:80"])
def test_loopback_names_are_ours_at_any_port(host: str) -> None:
    assert status_of("GET", "/", headers={"host": host}) == 200
    assert status_of("POST", headers={"host": host, **JSON}) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:3000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil@127.0.0.1",
        "127.0.0.1\\@evil.example",
        "10.0.0.7:3000",
        "",
        "127.0.0.1:x",
        "0.0.0.0:3000",
    ],
)
def test_a_foreign_host_name_is_refused(host: str) -> None:
    assert status_of("GET", "/", headers={"host": host}) == 403
    assert status_of("POST", headers={"host": host, **JSON}) == 403
    assert status_of("GET", kind="websocket", headers={"host": host}) == "websocket.close"


def test_two_host_names_are_refused() -> None:
    assert status_of("GET", "/", headers=[("host", OURS), ("host", "evil.example")]) == 403


def test_a_configured_name_is_allowed_and_no_other() -> None:
    named = {"host": "pi.home:3000", "origin": "http://pi.home:3000", **JSON}
    assert status_of("POST", headers=named) == 403
    assert status_of("POST", headers=named, hosts=("pi.home",)) == 200
    assert (
        status_of("POST", headers={"host": "pi.home", "origin": "https://pi.home", **JSON}, hosts=("Pi.Home",)) == 200
    )
    assert status_of("GET", "/", headers={"host": "0.0.0.0:3000"}, hosts=("0.0.0.0", "")) == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:8000",
        "http://localhost:3000",
        "null",
        "https://127.0.0.1",
        "file://",
        "",
    ],
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    assert status_of("POST", headers={"origin": origin, **JSON}) == 403
    assert status_of("GET", kind="websocket", headers={"origin": origin}) == "websocket.close"


def test_pages_of_the_ui_and_programs_of_this_machine_pass() -> None:
    page = {"origin": f"http://{OURS}", "sec-fetch-site": "same-origin"}
    assert status_of("POST", headers={**page, "content-type": "application/json; charset=utf-8"}) == 200
    assert status_of("GET", kind="websocket", headers=page) == "websocket.accept"
    assert status_of("POST", headers=JSON) == 200
    assert status_of("GET", kind="websocket") == "websocket.accept"
    assert status_of("GET", "/server_info") == 200
    assert status_of("GET", "/runs", "query=tag:x", headers={"sec-fetch-site": "none"}) == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
def test_what_another_site_s_page_caused_is_refused(site: str) -> None:
    assert status_of("GET", "/server_info", headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}) == 403
    framed = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert status_of("GET", "/", headers=framed) == 403
    assert status_of("POST", headers={"sec-fetch-site": site, **JSON}) == 403


def test_a_link_to_a_page_may_be_followed_but_not_to_graphql() -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert status_of("GET", "/runs/1", headers=link) == 200
    assert status_of("GET", "/graphql", headers=link) == 403
    assert status_of("POST", "/", headers={**link, **JSON}) == 403


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
def test_a_mutation_by_get_is_refused(path: str) -> None:
    assert status_of("GET", path, MUTATION) == 403
    assert status_of("HEAD", path, MUTATION) == 403
    assert status_of("GET", path, "%71uery=mutation") == 403
    assert status_of("POST", path, MUTATION, headers=JSON) == 403


@pytest.mark.parametrize(
    "kind",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/graphql", "text/plain; application/json", "application/jsonx"],
)  # fmt: skip
def test_a_body_that_is_not_json_is_refused(kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    assert status_of("POST", headers=headers) == 415
    assert status_of("POST", "/report_asset_materialization/approved_messages", headers=headers) == 415


def test_other_methods_are_refused() -> None:
    assert status_of("OPTIONS") == 405
    assert status_of("DELETE", headers=JSON) == 405
