"""Address books and calendars of a CardDAV or CalDAV server, read and never written.

What belongs here: finding the collections below an address, and their content as the text that an export of them is.
What does not: what the text means (`vcard`, `icalendar`), and where credentials are kept.

Only PROPFIND and REPORT are ever said (RFC 4918, 4791, 6352). Credentials go to the origin of the given address alone.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # it parses what declares nothing; see there  # nosec B405
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import LinkedInPipelinesError

RESPONSE_LIMIT = 128 * 1024**2
"""Bytes of one answer: thirty thousand cards with small photos."""
TIMEOUT_SECONDS = 60
COLLECTION_LIMIT = 100
_NAMES = {"d": "DAV:", "card": "urn:ietf:params:xml:ns:carddav", "cal": "urn:ietf:params:xml:ns:caldav"}
_DECLARED = "".join(f' xmlns:{short}="{name}"' for short, name in _NAMES.items())
_WHAT = (
    f"<d:propfind{_DECLARED}><d:prop><d:resourcetype/><d:current-user-principal/>"
    "<card:addressbook-home-set/><cal:calendar-home-set/></d:prop></d:propfind>"
)
_CARDS = f"<card:addressbook-query{_DECLARED}><d:prop><card:address-data/></d:prop></card:addressbook-query>"
_EVENTS = (
    f"<cal:calendar-query{_DECLARED}><d:prop><cal:calendar-data/></d:prop>"
    '<cal:filter><cal:comp-filter name="VCALENDAR"><cal:comp-filter name="VEVENT"/></cal:comp-filter></cal:filter>'
    "</cal:calendar-query>"
)
_REPORTS = {FileKind.VCARD: (_CARDS, "card:address-data"), FileKind.ICALENDAR: (_EVENTS, "cal:calendar-data")}


class SourceUnreadableError(LinkedInPipelinesError):
    """An address book or calendar on a server cannot be read; says why, and nothing of it was imported."""


@dataclass(frozen=True)
class Collection:
    """One address book or calendar."""

    kind: FileKind
    url: str


def check_address(url: str) -> str:
    """The address, if it may be used: https, or http to this machine; without credentials in it.

    Raises:
        SourceUnreadableError: it may not; says why.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise SourceUnreadableError("the address holds credentials; name the user apart, the password is asked for")
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise SourceUnreadableError(f"{url}: no web address, like https://dav.example.org/addressbooks/me/")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise SourceUnreadableError(f"{url}: without encryption anybody on the way reads the password; use https")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class DavReader:
    """A connection to one server."""

    def __init__(self, url: str, username: str, password: str) -> None:
        """Nothing is asked of the server yet.

        Raises:
            SourceUnreadableError: the address may not be used.
        """
        self._url = check_address(url)
        # trust_env off: a proxy or a .netrc of the machine is none of the member's decision to hand the password over
        self._client = httpx.Client(auth=(username, password), timeout=TIMEOUT_SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def collections(self) -> list[Collection]:
        """The address books and calendars at the address or directly below, else those of its user, by address.

        Raises:
            SourceUnreadableError: the server cannot be read, or there are none.
        """
        found, more = self._inspect([self._url], depth=1)
        if not found:
            principals = more["principal"]
            _, more = self._inspect(principals, depth=0) if principals else ([], more)
            found, _ = self._inspect(more["home"], depth=1)
        if not found:
            raise SourceUnreadableError(f"{self._url}: neither an address book nor a calendar is there")
        if len(found) > COLLECTION_LIMIT:
            raise SourceUnreadableError(f"{self._url}: {len(found)} collections; name the address of one")
        return sorted(set(found), key=lambda each: each.url)

    def content(self, collection: Collection) -> list[str]:
        """Every card or calendar object of a collection, by address, so that equal contents are equal texts.

        Raises:
            SourceUnreadableError: the server cannot be read.
        """
        body, tag = _REPORTS[collection.kind]
        answers = self._ask("REPORT", collection.url, body, depth=1)
        texts = [(url, answer.findtext(f".//{tag}", "", _NAMES)) for url, answer in _responses(answers, collection.url)]
        return [text for _, text in sorted(texts) if text.strip()]

    def _inspect(self, urls: Iterable[str], *, depth: int) -> tuple[list[Collection], dict[str, list[str]]]:
        found: list[Collection] = []
        more: dict[str, list[str]] = {"principal": [], "home": []}
        for url in urls:
            for there, answer in _responses(self._ask("PROPFIND", url, _WHAT, depth), url):
                if answer.find(".//d:resourcetype/card:addressbook", _NAMES) is not None:
                    found.append(Collection(FileKind.VCARD, there))
                if answer.find(".//d:resourcetype/cal:calendar", _NAMES) is not None:
                    found.append(Collection(FileKind.ICALENDAR, there))
                more["principal"] += _hrefs(answer, there, "d:current-user-principal")
                more["home"] += _hrefs(answer, there, "card:addressbook-home-set")
                more["home"] += _hrefs(answer, there, "cal:calendar-home-set")
        return found, {what: list(dict.fromkeys(urls)) for what, urls in more.items()}

    def _ask(self, method: str, url: str, body: str, depth: int) -> ET.Element:
        for _ in range(5):
            answer, data = self._send(method, url, body, depth)
            if answer.status_code not in {301, 302, 307, 308}:
                break
            url = urljoin(url, answer.headers.get("location", ""))
        if answer.status_code in {401, 403}:
            raise SourceUnreadableError(f"{self._url}: user or password is not accepted (HTTP {answer.status_code})")
        if answer.status_code != 207:
            raise SourceUnreadableError(
                f"{self._url}: no CardDAV or CalDAV there (HTTP {answer.status_code} to {method})"
            )
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):  # nothing in WebDAV declares any
            raise SourceUnreadableError(f"{self._url}: the answer declares entities; it is no honest server's")
        try:
            return ET.fromstring(data)  # noqa: S314 -- without declarations there is nothing to expand  # nosec B314
        except ET.ParseError as error:
            raise SourceUnreadableError(f"{self._url}: the answer cannot be read ({error})") from error

    def _send(self, method: str, url: str, body: str, depth: int) -> tuple[httpx.Response, bytes]:
        if urlsplit(url)[:2] != urlsplit(self._url)[:2]:
            raise SourceUnreadableError(f"{self._url}: leads to {url}; name that address if you trust it")
        headers = {"Depth": str(depth), "Content-Type": "application/xml; charset=utf-8"}
        data = bytearray()
        try:
            with self._client.stream(method, url, content=body.encode(), headers=headers) as answer:
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > RESPONSE_LIMIT:
                        raise SourceUnreadableError(f"{self._url}: answers with more than {RESPONSE_LIMIT:,} bytes")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnreadableError(f"{self._url}: cannot be reached ({error or type(error).__name__})") from error
        return answer, bytes(data)


def _responses(answers: ET.Element, base: str) -> Iterator[tuple[str, ET.Element]]:
    for answer in answers.findall("d:response", _NAMES):
        yield urljoin(base, answer.findtext("d:href", "", _NAMES).strip()), answer


def _hrefs(answer: ET.Element, base: str, tag: str) -> list[str]:
    return [urljoin(base, (each.text or "").strip()) for each in answer.findall(f".//{tag}/d:href", _NAMES)]
