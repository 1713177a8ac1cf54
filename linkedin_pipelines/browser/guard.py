"""Which hosts a page may talk to: the account's site and its assets, nobody else.

Two layers, since a redirect is not seen by request interception: the context refuses requests to foreign addresses,
and Chromium itself resolves no other host.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route, WebSocketRoute

from linkedin_pipelines.domain.account import LINKEDIN_URL

_SITE_DOMAINS = ("linkedin.com", "licdn.com")
"""LinkedIn itself, and the hosts of its screenshots, styles and scripts."""


def allowed_address(base_url: str) -> re.Pattern[str]:
    """What every address of a request must match.

    For LinkedIn: https and any host of its two domains. For a loopback site: that very origin, port included.
    """
    if base_url == LINKEDIN_URL:
        domains = "|".join(re.escape(domain) for domain in _SITE_DOMAINS)
        return re.compile(rf"^(?:https|wss)://(?:[a-z0-9-]+\.)*(?:{domains})(?::443)?/", re.IGNORECASE)
    origin = urlsplit(base_url).netloc
    return re.compile(rf"^(?:http|ws)://{re.escape(origin)}/", re.IGNORECASE)


def resolver_flag(base_url: str) -> str:
    """Chromium's own flag by which no other host name or address leads anywhere."""
    if base_url == LINKEDIN_URL:
        allowed = [name for domain in _SITE_DOMAINS for name in (domain, f"*.{domain}")]
    else:
        allowed = [urlsplit(base_url).hostname or ""]
    return "--host-resolver-rules=MAP * ~NOTFOUND" + "".join(f", EXCLUDE {name}" for name in allowed)


def foreign_address(base_url: str) -> re.Pattern[str]:
    """What every address outside the site matches; a pattern, so that Playwright's driver judges without asking us."""
    return re.compile(rf"^(?!{allowed_address(base_url).pattern.removeprefix('^')}|data:|blob:|about:)", re.IGNORECASE)


def block_foreign_requests(context: BrowserContext, base_url: str) -> list[str]:
    """Refuse what leaves the site; the list returned grows by the host of each request that was refused."""
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(urlsplit(route.request.url).hostname or route.request.url[:40])
        route.abort("blockedbyclient")

    def refuse_socket(socket: WebSocketRoute) -> None:
        refused.append(urlsplit(socket.url).hostname or socket.url[:40])
        socket.close()

    foreign = foreign_address(base_url)
    context.route(foreign, refuse)
    context.route_web_socket(foreign, refuse_socket)
    return refused
