"""Identities in links."""

from __future__ import annotations

import pytest

from linkedin_pipelines.browser.addresses import addressee_of, identity_of, same_site
from linkedin_pipelines.browser.stop_signs import of_address

URN = "ACoAABcD-ef_1234567890abcdefghijklmnopqrs"


@pytest.mark.parametrize(
    ("href", "slug"),
    [
        ("/in/jane-doe/", "jane-doe"),
        ("https://fr.linkedin.com/in/Jane-Doe?trk=x", "jane-doe"),
        ("/in/jane%2Ddoe", "jane-doe"),
        ("/in/zo%C3%AB-m%C3%BCller/", "zoë-müller"),
    ],
)
def test_a_link_by_slug(href: str, slug: str) -> None:
    who = identity_of(href)
    assert who is not None
    assert who.is_slug(slug)
    assert not who.is_slug(slug + "-2")
    assert not who.is_member(URN)


def test_a_link_by_urn_is_case_sensitive_and_no_slug() -> None:
    who = identity_of(f"/in/{URN}/")
    assert who is not None
    assert who.is_member(URN)
    assert not who.is_member(URN.lower())
    assert not who.is_member(None)
    assert not who.is_slug(URN.lower())


@pytest.mark.parametrize("href", ["/company/acme/", "/in/", "", "javascript:void(0)", "/search/?in=/in/x"])
def test_other_links_are_nobody(href: str) -> None:
    assert identity_of(href) is None


@pytest.mark.parametrize(
    ("href", "urn"),
    [
        (f"/messaging/compose/?profileUrn=urn%3Ali%3Afsd_profile%3A{URN}&recipient={URN}&x=1", URN),
        (f"https://www.linkedin.com/messaging/compose/?recipient={URN}", URN),
        (f"/messaging/compose/?profileUrn=urn%3Ali%3Afsd_profile%3A{URN}&body=Hello", URN),
        (f"/messaging/compose/?recipient={URN}&profileUrn=urn%3Ali%3Afsd_profile%3AACoAAother99", None),
        (f"/messaging/compose/?recipient={URN}&recipient=ACoAAother99", None),
        (f"/messaging/compose/?recipient={URN},ACoAAother99", None),
        ("/messaging/compose/", None),
        (f"/other/?recipient={URN}", None),
    ],
)
def test_a_compose_link_addresses_one_person_or_nobody(href: str, urn: str | None) -> None:
    assert addressee_of(href) == urn


def test_a_site_is_its_scheme_and_host() -> None:
    assert same_site("https://www.linkedin.com/feed/", "https://www.linkedin.com")
    assert not same_site("https://www.linkedin.com.example.org/", "https://www.linkedin.com")


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("/login?x=1", "signed_out"),
        ("/uas/login", "signed_out"),
        ("/checkpoint/lg/login-submit", "signed_out"),
        ("/checkpoint/challenge/AgE", "challenge"),
        ("/checkpoint/rm/x", "challenge"),
        ("/challenge/", "challenge"),
        ("/authwall?trk=x", "auth_wall"),
        ("/signup/cold-join", "auth_wall"),
        ("/in/login/", None),
        ("/in/authwall-smith/", None),
        ("/loginhelp/", None),
        ("/feed/?from=/login", None),
    ],
)
def test_stop_signs_in_addresses_are_whole_segments(path: str, sign: str | None) -> None:
    found = of_address(f"https://www.linkedin.com{path}")
    assert (found.sign if found else None) == sign
