"""Addresses as the links of the site hold them."""

from __future__ import annotations

from urllib.parse import urlencode

from linkedin_pipelines.sandbox.world import Person, urn_of


def compose_href(person: Person, screen: str, link: str = "recipient", body: str = "") -> str:
    """The address of the composer for a person, as the site's links hold it."""
    query = {"profileUrn": f"urn:li:fsd_profile:{person.member_id}"}
    if link != "urn_only":
        query["recipient"] = person.recipient if link != "contradictory" else urn_of(f"{person.slug}-2")
    query["screenContext"] = screen
    if body:
        query["body"] = body
    query["interop"] = "msgOverlay"
    return "/messaging/compose/?" + urlencode(query)
