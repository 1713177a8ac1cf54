"""Names, e-mail addresses and profile addresses of people, as every file format writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from linkedin_pipelines.domain.identity import name_key, slug_of, tidy, without_credentials
from linkedin_pipelines.domain.records import EMAIL_LIMIT, NAME_LIMIT

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"(?:https?://|www\.|(?<![\w.])(?:[a-z]{2,3}\.)?linkedin\.com/)\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")


def visible(text: str) -> str:
    """One tidy line without control characters, which databases and pages choke on."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if " " in text else text
    return tidy(_CONTROL.sub(" ", text))


def whole_name(*parts: str) -> str:
    """The parts of a name as one, credentials after a comma left out of each."""
    if len(parts) == 1:
        text = parts[0]
        return text if text.isascii() and text.isalnum() else without_credentials(visible(text))
    return " ".join(part for part in (without_credentials(visible(part)) for part in parts) if part)


def too_long(name: str) -> str | None:
    """Why a name is too long to be kept, if it is; its comparable form may be longer than the name itself."""
    if len(name) > NAME_LIMIT or (not name.isascii() and len(name_key(name)) > NAME_LIMIT):
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
    if "/" not in text:
        return None
    try:
        host = (urlsplit(text if "//" in text else "//" + text).hostname or "").rstrip(".")
    except ValueError:
        return None
    if host == "linkedin.com" or host.endswith(".linkedin.com") or _is_loopback(host):
        slug = slug_of(text)
        return slug if slug is not None and len(slug) <= NAME_LIMIT else None
    return None


def profile_slugs(text: str) -> Iterator[str]:
    """Every LinkedIn profile in a text that may hold words around the address."""
    found = [match[0].rstrip(".,;)>]\"'") for match in _ADDRESS.finditer(text)]
    for each in found or [text]:
        if slug := profile_slug(each):
            yield slug


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
