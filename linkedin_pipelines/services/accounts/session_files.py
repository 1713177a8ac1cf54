"""Files that hold a signed-in session: Playwright's storage state, a Netscape cookie file, an add-on's JSON list.

What belongs here: reading them into a storage state with the cookies of the account's site alone. What does not:
trying whether the session works (`browser.session`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from linkedin_pipelines.errors import RefusedFileError

SIGN_IN_COOKIE = "li_at"
"""The cookie by which the site knows the member. Its presence proves nothing; without it nobody is signed in."""

LIMIT_BYTES = 5 * 1024 * 1024

_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None", "no_restriction": "None"}


def read_session_file(path: Path, base_url: str) -> dict[str, Any]:
    """The storage state in a file, whichever of the three kinds it is, for the site at `base_url`.

    Raises:
        RefusedFileError: the file is of no known kind, or holds no sign-in cookie of that site.
    """
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise RefusedFileError(f"{path.name} is too large for a session file.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RefusedFileError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RefusedFileError(f"{path.name} is no text file.") from None
    host = urlsplit(base_url).hostname or ""
    cookies, origins = _parse(path.name, text)
    kept = [cookie for cookie in cookies if _of_site(cookie["domain"], host)]
    if not any(cookie["name"] == SIGN_IN_COOKIE and cookie["value"] for cookie in kept):
        raise RefusedFileError(f"{path.name} holds no {SIGN_IN_COOKIE} cookie of {host}, so nobody is signed in.")
    own = [each for each in origins if _of_site(urlsplit(str(each.get("origin", ""))).hostname or "", host)]
    return {"cookies": kept, "origins": own}


def _parse(name: str, text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if text.lstrip().startswith(("{", "[")):
        try:
            content = json.loads(text)
        except json.JSONDecodeError as error:
            raise RefusedFileError(f"{name} is no valid JSON: line {error.lineno}: {error.msg}.") from None
        return _of_json(name, content)
    return list(_of_netscape(name, text)), []


def _of_json(name: str, content: object) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    origins: object = []
    if isinstance(content, Mapping):
        origins = content.get("origins", [])
        content = content.get("cookies")
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise RefusedFileError(f"{name} is neither a storage state nor a list of cookies.")
    if not isinstance(origins, list) or not all(isinstance(each, dict) for each in origins):
        raise RefusedFileError(f"{name} is no storage state: its origins are no list.")
    entries: list[dict[str, Any]] = content
    cookies = []
    for number, each in enumerate(entries, 1):
        expires = each.get("expires", each.get("expirationDate", -1))
        if not all(isinstance(each.get(key), str) for key in ("name", "value", "domain")):
            raise RefusedFileError(f"{name}: cookie {number} has no name, value or domain.")
        cookies.append(
            _cookie(
                each["name"],
                each["value"],
                each["domain"],
                path=str(each.get("path") or "/"),
                expires=float(expires) if isinstance(expires, int | float) else -1.0,
                secure=bool(each.get("secure")),
                http_only=bool(each.get("httpOnly")),
                same_site=str(each.get("sameSite") or ""),
            )
        )
    return cookies, origins


def _of_netscape(name: str, text: str) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        http_only = line.startswith("#HttpOnly_")
        row = line.removeprefix("#HttpOnly_")
        if not row.strip() or row.startswith("#"):
            continue
        fields = row.split("\t")
        if len(fields) != 7 or not fields[4].strip().isdigit():
            raise RefusedFileError(f"{name} is no cookie file: line {number} is not seven fields between tabs.")
        domain, _, path, secure, expires, key, value = fields
        yield _cookie(
            key,
            value,
            domain,
            path=path,
            expires=float(expires) or -1.0,
            secure=secure.upper() == "TRUE",
            http_only=http_only,
            same_site="",
        )


def _cookie(
    name: str, value: str, domain: str, *, path: str, expires: float, secure: bool, http_only: bool, same_site: str
) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "domain": domain,
        "path": path,
        "expires": expires,
        "httpOnly": http_only,
        "secure": secure,
        "sameSite": _SAME_SITE.get(same_site.lower(), "Lax"),
    }


def _of_site(domain: str, host: str) -> bool:
    """Whether a cookie of `domain` goes to `host`, or to a neighbour of it under linkedin.com."""
    bare = domain.lstrip(".").lower()
    registered = ".".join(host.split(".")[-2:]) if host.endswith(".linkedin.com") else host
    return bare in (host, registered) or bare.endswith(f".{registered}")
