"""The guard before Dagster's web server: what other web pages send through the member's browser is refused.

The web server has no log-in, obeys mutations on GET and on any content type, and looks at neither Host nor Origin. So
any page that the member visits could approve a list and start a live run. What a browser tells of a request's origin is
checked here, before Dagster sees it. A program on this machine that sends no such headers (curl, our own commands) is
not a web page and passes, as long as it names an allowed host and posts JSON.

Knows nothing of Dagster beyond the path of its GraphQL endpoint; an ASGI application around another one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_READING = frozenset({"GET", "HEAD"})
_WRITING = frozenset({"POST"})
"""Dagster's web server answers no other method."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognized, not listened on
_SECURITY_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""No page may frame the UI (clicks would be borrowed), hold its window or load its answers as images or scripts."""


class WebGuard:
    """Serves `app` to the installation's own pages and programs, and answers 403 or 415 to everything else."""

    def __init__(self, app: App, hosts: Collection[str] = ()) -> None:
        """Guard `app`.

        Args:
            app: the ASGI application behind the guard.
            hosts: names, without port, under which the server may be addressed beside loopback names and addresses.
        """
        self._app = app
        self._hosts = frozenset(host.strip("[]").lower().rstrip(".") for host in hosts) - _ANY_ADDRESS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()  # websocket.connect; closing before accepting answers 403
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            await _answer(send, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and reason if the request must not pass."""
        headers = _Headers(scope)
        host = headers.only("host")
        if host is None or not self._is_ours(host):
            return 403, f"this server is not known by that host name; name it in LINKEDIN_ALLOWED_HOSTS: {_clip(host)}"
        origins = headers.all("origin")
        if any(_authority_of_origin(origin) not in _authorities(host) for origin in origins) or len(origins) > 1:
            return 403, "requests from pages of another origin are refused"
        sites = headers.all("sec-fetch-site")
        if any(site not in {"same-origin", "none"} for site in sites) and not _is_followed_link(scope, headers):
            return 403, "requests that another site's page caused are refused"
        return None if scope["type"] == "websocket" else _refusal_of_content(scope, headers)

    def _is_ours(self, authority: str) -> bool:
        name = _name_of(authority)
        return name is not None and (_is_loopback(name) or name in self._hosts)


class _Headers:
    """A request's headers, by lower-cased name."""

    def __init__(self, scope: Scope) -> None:
        self._pairs = [
            (bytes(name).lower(), bytes(value).decode("latin-1").strip()) for name, value in scope["headers"]
        ]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name.encode()]

    def only(self, name: str) -> str | None:
        """The value of a header that is sent exactly once."""
        found = self.all(name)
        return found[0] if len(found) == 1 else None


def _is_followed_link(scope: Scope, headers: _Headers) -> bool:
    """Whether the member followed a link to a page of the UI: as a whole page it gives the other site nothing."""
    return (
        scope["type"] == "http"
        and scope["method"] in _READING
        and not _is_graphql(scope)
        and headers.only("sec-fetch-mode") == "navigate"
        and headers.only("sec-fetch-dest") == "document"
    )


def _is_graphql(scope: Scope) -> bool:
    return str(scope["path"]).rstrip("/").endswith("/graphql")


def _refusal_of_content(scope: Scope, headers: _Headers) -> tuple[int, str] | None:
    """What a request may not be, whoever sent it: GraphQL in the address, or a body that a form could have sent."""
    method = str(scope["method"])
    if _is_graphql(scope) and "query" in parse_qs(_query(scope), keep_blank_values=True):
        return 403, "GraphQL is taken from JSON bodies alone, never from the address"
    if method in _READING:
        return None
    if method not in _WRITING:
        return 405, f"method {_clip(method)} is not used here"
    content_type = headers.only("content-type") or ""
    if content_type.split(";")[0].strip().lower() != "application/json":
        return 415, "send JSON, with the content type application/json"
    return None


def _query(scope: Scope) -> str:
    return bytes(scope.get("query_string", b"")).decode("latin-1")


def _name_of(authority: str) -> str | None:
    """The host of `host:port`, lower-cased and without brackets; None if it has no such shape."""
    if any(character in authority for character in "@/\\?#, \t"):
        return None
    try:
        parts = urlsplit(f"//{authority}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname.rstrip(".") if parts.hostname else None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _authority_of_origin(origin: str) -> tuple[str, int] | None:
    """Host and port of an origin; None for `null` and whatever else is no address of a page."""
    scheme, separator, authority = origin.partition("://")
    name = _name_of(authority)
    if not separator or scheme not in _DEFAULT_PORTS or name is None:
        return None
    return name, urlsplit(f"//{authority}").port or _DEFAULT_PORTS[scheme]


def _authorities(host: str) -> frozenset[tuple[str, int]]:
    """What an own page's origin may be: without a port in Host it is the default one of whichever scheme is used."""
    name = _name_of(host)
    port = urlsplit(f"//{host}").port if name else None
    return frozenset((name, each) for each in ([port] if port else _DEFAULT_PORTS.values()) if name and each)


def _clip(text: str | None) -> str:
    return "none" if text is None else ascii(text[:60])


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _SECURITY_HEADERS}
            kept = [(name, value) for name, value in message.get("headers", ()) if bytes(name).lower() not in ours]
            message = {**message, "headers": [*kept, *_SECURITY_HEADERS]}
        await send(message)

    return sending


async def _answer(send: Send, status: int, reason: str) -> None:
    body = f"refused: {reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # the request's body stays unread
        *_SECURITY_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
