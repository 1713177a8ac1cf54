"""What tests ask of a running sandbox and tell it, over HTTP: the record of what it saw, and what to do wrong."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

ANSWER_SECONDS = 60.0
"""A machine with much else to do answers late; a sandbox that never answers is noticed all the same."""

_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The sandbox speaks plain HTTP; reading the machine's authorities would take each client 20 ms of processor time."""


def control(url: str) -> httpx.Client:
    """A client of the control surface of the sandbox at `url`."""
    return httpx.Client(base_url=f"{url}/__sandbox__/", timeout=ANSWER_SECONDS, verify=_NO_AUTHORITIES)


def told(url: str, what: str) -> list[dict[str, Any]]:
    """What the site recorded: `deliveries`, `conduct`, `sessions`, `visits`."""
    rows: list[dict[str, Any]] = _get(url, what)
    return rows


def storage_state(url: str, account: str = "demo") -> dict[str, Any]:
    """The session of an account's member, as Playwright stores one."""
    state: dict[str, Any] = _get(url, f"storage-state?account={account}")
    return state


def arm(url: str, fault: str, **more: object) -> None:
    """Have the site do something wrong; the fields are those of the sandbox's `Fault`."""
    with control(url) as client:
        client.post("faults", json={"fault": fault, **more}).raise_for_status()


def disarm(url: str) -> None:
    """Have the site do nothing wrong any more."""
    with control(url) as client:
        client.delete("faults").raise_for_status()


def _get(url: str, what: str) -> Any:
    with control(url) as client:
        return client.get(what).raise_for_status().json()
