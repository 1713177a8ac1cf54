"""Names, e-mail addresses and profile addresses of people, as every file format writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from linkedin_pipelines.domain.identity import name_key, slug_of, tidy, without_credentials
from linkedin_pipelines.domain.records import EMAIL_LIMIT, NAME_LIMIT

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_EMAIL = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")


def visible(text: str) -> str:
    """One tidy line without control characters, which databases and pages choke on."""
    return tidy(_CONTROL.sub(" ", text))


def whole_name(*parts: str) -> str:
    """The parts of a name as one, credentials after a comma left out of each."""
    return " ".join(part for part in (without_credentials(visible(part)) for part in parts) if part)


def too_long(name: str) -> str | None:
    """Why a name is too long to be kept, if it is; its comparable form may be longer than the name itself."""
    if max(len(name), len(name_key(name))) > NAME_LIMIT:
        return f"the name is longer than {NAME_LIMIT} characters"
    return None


def fact(text: str) -> str | None:
    """A company or position as it is kept: one line, at most `NAME_LIMIT` characters, None if empty."""
    return visible(text)[:NAME_LIMIT] or None


def email_of(text: str) -> str | None:
    """A lower-cased e-mail address, or None if the text is none."""
    text = text.strip().removeprefix("mailto:").lower()
    return text if len(text) <= EMAIL_LIMIT and _EMAIL.fullmatch(text) and text.isprintable() else None


def profile_slug(url: str) -> str | None:
    """The slug of a LinkedIn address in a place where other sites' addresses stand too, such as a website field."""
    text = url.strip()
    try:
        host = (urlsplit(text if "//" in text else "//" + text).hostname or "").rstrip(".")
    except ValueError:
        return None
    if host == "linkedin.com" or host.endswith(".linkedin.com") or _is_loopback(host):
        slug = slug_of(text)
        return slug if slug is not None and len(slug) <= NAME_LIMIT else None
    return None


def _is_loopback(host: str) -> bool:
    """The bundled sandbox lives on loopback; its people's address books name it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that there are, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))
