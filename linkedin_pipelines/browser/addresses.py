"""Identities in the site's own links. A URN's last part is case-sensitive, a slug is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from linkedin_pipelines.domain.identity import slug_of

_URN_ID = re.compile(r"AC[A-Za-z0-9]AA[A-Za-z0-9_-]{6,}")
"""Members' ids in URNs begin with ACoAA and the like; a slug of that very form is not told from one."""


@dataclass(frozen=True)
class Identity:
    """Who a link to `/in/…` leads to: by slug, or by the id of a URN."""

    segment: str
    """What stands after `/in/`, percent-decoded, as written."""

    @property
    def is_urn(self) -> bool:
        """Whether the link names a URN's id and no slug."""
        return _URN_ID.fullmatch(self.segment) is not None

    def is_slug(self, slug: str) -> bool:
        """Whether this is the person of that slug."""
        return not self.is_urn and slug_of(f"/in/{self.segment}") == slug

    def is_member(self, urn_id: str | None) -> bool:
        """Whether this is the person of that URN; an unknown URN is nobody's."""
        return urn_id is not None and self.segment == urn_id


def identity_of(href: str) -> Identity | None:
    """The person that a link to a profile leads to; None if it is no such link."""
    try:
        path = urlsplit(href.strip()).path
    except ValueError:
        return None
    match = re.match(r"/in/([^/]+)", path)
    if match is None or slug_of(path) is None:
        return None
    return Identity(unquote(match[1]).strip())


def addressee_of(href: str) -> str | None:
    """The id of the person that a compose link addresses.

    None if it names nobody, several people, or contradicts itself.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if not parts.path.startswith("/messaging/compose"):
        return None
    query = parse_qs(parts.query)
    named = {value.rpartition(":")[2] for key in ("recipient", "profileUrn") for value in query.get(key, [])}
    urn_id = named.pop() if len(named) == 1 else ""
    return urn_id if re.fullmatch(r"[A-Za-z0-9_-]+", urn_id) else None


def same_site(url: str, base_url: str) -> bool:
    """Whether an address is one of the account's site."""
    here, there = urlsplit(url), urlsplit(base_url)
    return (here.scheme, here.netloc) == (there.scheme, there.netloc)
