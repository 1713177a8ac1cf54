"""Cursors of the read API: where a page ends, bound to the listing and the filters it was asked with."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence

from linkedin_pipelines.errors import BadCursorError

_MAC_BYTES = 16


def encode(key: bytes, listing: str, filters: Mapping[str, object], position: Sequence[str]) -> str:
    """A cursor for the page after `position`."""
    payload = json.dumps(list(position)).encode()
    return base64.urlsafe_b64encode(_mac(key, listing, filters, payload) + payload).decode().rstrip("=")


def decode(key: bytes, listing: str, filters: Mapping[str, object], cursor: str) -> tuple[str, ...]:
    """The position that a cursor of this listing and these filters holds.

    Raises:
        BadCursorError: it is not one of ours, or of another listing or other filters; which of them is not said.
    """
    refused = BadCursorError("this cursor is not one of this listing and these filters: begin again without it")
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise refused from None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, listing, filters, payload)):
        raise refused
    return tuple(json.loads(payload))


def _mac(key: bytes, listing: str, filters: Mapping[str, object], payload: bytes) -> bytes:
    bound = json.dumps([listing, {name: str(value) for name, value in filters.items()}], sort_keys=True)
    return hmac.digest(key, bound.encode() + b"\0" + payload, hashlib.sha256)[:_MAC_BYTES]
