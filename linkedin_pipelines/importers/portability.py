"""The member's own data by LinkedIn's Member Data Portability API (EEA and Switzerland), read and never written.

Built to the documented shapes (`memberSnapshotData`, `memberChangeLogs`, version 202312) and untried on the real
service. What belongs here: asking it, and its rows as the archive that LinkedIn would send of them. What does not: what
the rows mean (`connections`, `messages`).

The token goes to LinkedIn's own host, or to a stand-in on this machine, and nowhere else.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from linkedin_pipelines.importers.dav import SourceUnreadableError

OFFICIAL = "https://api.linkedin.com"
VERSION = "202312"
DOMAINS = {"CONNECTIONS": "Connections.csv", "INBOX": "messages.csv"}
"""Domains of a snapshot that are read, and the file of the archive that has the same columns; no other is asked for."""
TIMEOUT_SECONDS = 60
PAGE_LIMIT_BYTES = 32 * 1024**2
_PAGES = 10_000
_EVENTS_A_PAGE = 50
"""The most that LinkedIn allows."""
_FIXED = (2020, 1, 1, 0, 0, 0)
"""Time of the files in the archive: equal contents are equal bytes, and so one import."""


def check_base(url: str) -> str:
    """The address of the service, if it is LinkedIn's own or a stand-in on this machine.

    Raises:
        SourceUnreadableError: it is another, which must not get the token.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin == OFFICIAL or (parts.scheme == "http" and not parts.username and _is_loopback(parts.hostname)):
        return origin
    raise SourceUnreadableError(f"{url}: the token is for {OFFICIAL} alone")


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


class PortabilityReader:
    """Asks the service with one member's token."""

    def __init__(self, base_url: str, token: str) -> None:
        """Nothing is asked yet.

        Raises:
            SourceUnreadableError: the address is neither LinkedIn's nor this machine's.
        """
        self._base = check_base(base_url)
        headers = {"Authorization": f"Bearer {token}", "LinkedIn-Version": VERSION, "Accept": "application/json"}
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def snapshot(self, domain: str) -> Iterator[dict[str, str]]:
        """Every row of a domain, by column; none where LinkedIn has no data of it.

        Raises (while iterating):
            SourceUnreadableError: the service does not answer as documented.
        """
        path = f"/rest/memberSnapshotData?{urlencode({'q': 'criteria', 'domain': domain})}"
        for _ in range(_PAGES):
            page = self._get(path)
            if page is None:
                return
            for element in _list(page, "elements"):
                if element.get("snapshotDomain") == domain:
                    for row in _list(element, "snapshotData"):
                        yield {str(column): "" if cell is None else str(cell) for column, cell in row.items()}
            links = page.get("paging", {}).get("links", []) if isinstance(page.get("paging"), dict) else []
            following = [link.get("href") for link in links if isinstance(link, dict) and link.get("rel") == "next"]
            if not following:
                return
            path = str(following[0])
        raise SourceUnreadableError(f"{self._base}: {domain} has more than {_PAGES:,} pages; that cannot be")

    def changes(self, since: datetime) -> Counter[str]:
        """How many events of each resource LinkedIn logged from a moment on; it keeps 28 days.

        An event names people by numbers that no file knows, so events tell that something changed, not of whom.

        Raises:
            SourceUnreadableError: the service does not answer as documented.
        """
        start, seen = int(since.timestamp() * 1000), dict[object, str]()
        for _ in range(_PAGES):
            query = urlencode({"q": "memberAndApplication", "startTime": start, "count": _EVENTS_A_PAGE})
            events = _list(self._get(f"/rest/memberChangeLogs?{query}") or {}, "elements")
            new = {
                event.get("id"): str(event.get("resourceName", "")) for event in events if event.get("id") not in seen
            }
            if not new:
                return Counter(seen.values())
            seen |= new
            start = max([start, *(int(event.get("processedAt", 0)) for event in events)])
        raise SourceUnreadableError(f"{self._base}: the change log does not end")

    def _get(self, path: str) -> dict[str, Any] | None:
        url = urljoin(self._base, path)
        if check_base(url) != self._base:
            raise SourceUnreadableError(f"{self._base}: leads to {url}")
        data = bytearray()
        try:
            with self._client.stream("GET", url) as answer:
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > PAGE_LIMIT_BYTES:
                        raise SourceUnreadableError(f"{self._base}: answers with more than {PAGE_LIMIT_BYTES:,} bytes")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnreadableError(f"{self._base}: cannot be reached ({error or type(error).__name__})") from error
        if answer.status_code == 404:  # documented: no data of this domain
            return None
        if answer.status_code in {401, 403}:
            raise SourceUnreadableError(
                f"{self._base}: the token is not accepted (HTTP {answer.status_code}): it has expired, or it is not "
                "for Member Data Portability; make a new one in LinkedIn's developer portal"
            )
        if answer.status_code != 200:
            raise SourceUnreadableError(f"{self._base}: HTTP {answer.status_code}; it is asked again the next day")
        try:
            page = json.loads(data)
        except ValueError as error:
            raise SourceUnreadableError(f"{self._base}: the answer is no JSON ({error})") from error
        if not isinstance(page, dict):
            raise SourceUnreadableError(f"{self._base}: the answer is none that is documented")
        return page


def _list(page: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = page.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise SourceUnreadableError(f"the answer's {name} is not the list of objects that is documented")
    return found


def write_archive(folder: Path, day: date, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Path | None:
    """The rows of each domain as the archive of that day; None if there are none."""
    if not any(tables.values()):
        return None
    path = folder / f"Complete_LinkedInDataExport_{day:%m-%d-%Y}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for domain, rows in tables.items():
            if not rows:
                continue
            text = io.StringIO()
            writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(zipfile.ZipInfo(DOMAINS[domain], _FIXED), text.getvalue())
    return path
