"""Messaging of the newer generations: nothing that lasts to find its parts by, and it works all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import World

from .conftest import AT_ONCE, Visitor, world_with


@pytest.mark.parametrize(("generation", "row"), [("sdui", 'role="listitem"'), ("data_view", "<li")])
def test_the_lasting_names_are_gone_and_the_words_stay(generation: str, row: str) -> None:
    visitor = Visitor(world_with(surfaces={"messaging": generation}))
    person = next(p for p in visitor.site.acquaintances(visitor.member) if visitor.site.events(visitor.member, p))
    html = visitor.html(f"/voyager/api/messaging/bubble?recipient={person.recipient}")
    assert not re.search(r'class="[^"]*\bmsg-', html)
    assert row in html
    assert person.name in html
    assert ("data-view-name" in html) is (generation == "data_view")
    assert "msg-form" in Visitor(world_with()).html(f"/voyager/api/messaging/bubble?recipient={person.recipient}")
    visitor.close()


@pytest.mark.parametrize("generation", ["sdui", "data_view"])
@pytest.mark.parametrize("opens", ["overlay", "page"])
def test_a_hand_writes_and_sends_as_ever(
    open_site: Callable[[World], tuple[SandboxServer, Page]], generation: str, opens: str
) -> None:
    settings: dict[str, Any] = {**AT_ONCE, "surfaces": {"messaging": generation}, "message_opens": opens}
    server, page = open_site(world_with(**settings))
    jane = next(p for p in server.site.world.people if p.name == "Jane Whitfield")
    page.goto(f"{server.url}/in/{jane.slug}/")
    page.locator("main").get_by_text("Message", exact=True).first.click()
    page.get_by_role("textbox").last.fill("Happy birthday!")
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.locator("p", has_text="Happy birthday!").last).to_be_visible()
    assert [(d["recipient"], d["text"]) for d in server.site.record.of("delivery")] == [(jane.slug, "Happy birthday!")]
