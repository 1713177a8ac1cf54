"""Which people search is meant: keywords, or the address of a search on the account's own site and no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from linkedin_pipelines.domain.identity import tidy
from linkedin_pipelines.errors import RefusedSearchError

PATH = "/search/results/people/"
LENGTH_LIMIT = 2000
PAGES_LIMIT = 100
"""The site itself shows no more."""


@dataclass(frozen=True)
class FoundPerson:
    """One person among the results."""

    slug: str
    name: str
    page: int
    place: int
    """Among all results, the first being 1."""


@dataclass
class SeenResults:
    """What a search showed."""

    people: list[FoundPerson] = field(default_factory=list)
    """In the site's order, each once."""
    repeated: int = 0
    """Rows of people who were there before."""
    hidden: int = 0
    """Rows of members who are not shown to this account."""
    others: int = 0
    """Rows that are no people: advertisements and the like."""
    pages: int = 0
    doubt: str | None = None
    """Why there may be more; None if the site's own pager, or its sign for no results, proves the end."""


def search_query(search: str, base_url: str) -> str:
    """The query of a people search, without its page: of keywords as they stand, or of a search's address.

    An address must be one of `base_url` to the letter: scheme, host and port. Another host, a private address or one
    that merely looks alike is refused before any browser sees it.

    Raises:
        RefusedSearchError: it is empty, too long, of another site, or no people search.
    """
    text = search.strip()
    if not text or len(text) > LENGTH_LIMIT or not text.isprintable():
        raise RefusedSearchError(f"a search is keywords or an address, of 1 to {LENGTH_LIMIT} printable characters.")
    if "://" not in text and not text.startswith(("/", "\\")):
        return urlencode({"keywords": tidy(text)})
    base = urlsplit(base_url)
    try:
        parts = urlsplit(text)
        same = (parts.scheme.lower(), parts.netloc.lower()) == (base.scheme, base.netloc.lower())
    except ValueError as error:
        raise RefusedSearchError("the address of the search cannot be read; copy it from the browser.") from error
    if not same or "\\" in text:
        raise RefusedSearchError(f"the address of a search must be one of {base_url}; no other host is ever opened.")
    if parts.path.rstrip("/") != PATH.rstrip("/"):
        raise RefusedSearchError(f"only people searches are read: their addresses begin with {base_url}{PATH}.")
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "page"]
    if not query:
        raise RefusedSearchError("the address holds no search; search on the site, then copy the address.")
    return urlencode(query)


def page_path(query: str, number: int) -> str:
    """The path of one page of a search, the first being 1."""
    return f"{PATH}?{query}&page={number}"
