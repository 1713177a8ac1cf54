"""A search is the account's own site's, or it is refused before a browser sees it."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.people_searches import page_path, search_query
from linkedin_pipelines.errors import RefusedSearchError

SITE = "https://www.linkedin.com"


@pytest.mark.parametrize(
    ("search", "query"),
    [
        ("data  engineer", "keywords=data+engineer"),
        ("C++ & Rust", "keywords=C%2B%2B+%26+Rust"),
        (f'{SITE}/search/results/people/?keywords=nurse&network=["F"]&page=7', "keywords=nurse&network=%5B%22F%22%5D"),
        ("HTTPS://WWW.LINKEDIN.COM/search/results/people?keywords=x", "keywords=x"),
    ],
)
def test_keywords_and_addresses_become_a_query_without_a_page(search: str, query: str) -> None:
    assert search_query(search, SITE) == query
    assert page_path(query, 3) == f"/search/results/people/?{query}&page=3"


@pytest.mark.parametrize(
    "search",
    [
        "http://www.linkedin.com/search/results/people/?keywords=x",
        "https://linkedin.com.evil.example/search/results/people/?keywords=x",
        "https://www.linkedin.com@evil.example/search/results/people/?keywords=x",
        "https://user@www.linkedin.com/search/results/people/?keywords=x",
        "https://www.linkedin.com:8443/search/results/people/?keywords=x",
        "https://fr.linkedin.com/search/results/people/?keywords=x",
        "http://127.0.0.1:8765/search/results/people/?keywords=x",
        "http://169.254.169.254/search/results/people/?keywords=x",
        "http://[::1]/search/results/people/?keywords=x",
        "http://[::1/search/results/people/?keywords=x",
        "https://10.0.0.1/search/results/people/?keywords=x",
        "//evil.example/search/results/people/?keywords=x",
        "/search/results/people/?keywords=x",
        "\\\\evil.example\\search",
        "file:///etc/passwd",
        "javascript://www.linkedin.com/%0aalert(1)",
        "https://www.linkedin.com\\@evil.example/search/results/people/?keywords=x",
        "https://www.linkedin.com/search/results/companies/?keywords=x",
        "https://www.linkedin.com/search/results/people/../../feed/?keywords=x",
        "https://www.linkedin.com/search/results/people/?page=2",
        "https://www.linkedin.com/search/results/people/",
        "",
        "   ",
        "x" * 2001,
        "two\nlines",
    ],
)
def test_other_hosts_private_addresses_and_what_is_no_search_are_refused(search: str) -> None:
    with pytest.raises(RefusedSearchError):
        search_query(search, SITE)


def test_a_sandbox_on_this_machine_is_an_accounts_own_site_only_for_that_account() -> None:
    search = "http://127.0.0.1:8765/search/results/people/?keywords=x"
    assert search_query(search, "http://127.0.0.1:8765") == "keywords=x"
    with pytest.raises(RefusedSearchError, match="no other host"):
        search_query(search, "http://127.0.0.1:8766")
