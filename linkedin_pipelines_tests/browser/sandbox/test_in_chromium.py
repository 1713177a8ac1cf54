"""The pages as a browser sees them: late content, bubbles, editors, outlets."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Person, World

from .conftest import Opened, world_with

OpenSite = Callable[[World], Opened]
BUBBLE = ".msg-overlay-conversation-bubble"


def named(server: SandboxServer, name: str) -> Person:
    return next(p for p in server.site.acquaintances(server.site.world.members[0]) if p.name == name)


def deliveries(server: SandboxServer) -> list[tuple[str, str]]:
    return [(d["recipient_name"], d["text"]) for d in server.site.record.of("delivery")]


def open_bubble(server: SandboxServer, page: Page, name: str) -> None:
    page.goto(f"{server.url}/in/{named(server, name).slug}/")
    page.locator("main").get_by_text("Message", exact=True).first.click()
    expect(page.locator(BUBBLE)).to_be_visible()


@pytest.mark.parametrize("outlet", ["light", "shadow"])
@pytest.mark.parametrize(
    ("generation", "controls"), [("sdui", "native"), ("ember", "native"), ("data_view", "div"), ("sdui", "button")]
)
def test_a_message_goes_from_profile_to_record(
    open_site: OpenSite, generation: str, controls: str, outlet: str
) -> None:
    server, page = open_site(world_with(generation=generation, controls=controls, outlet=outlet))
    open_bubble(server, page, "Jane Whitfield")
    assert page.locator("#interop-outlet").count() == (1 if outlet == "shadow" else 0)
    send = page.locator(f"{BUBBLE} .msg-form__send-button")
    expect(send).to_be_disabled()
    page.locator(f"{BUBBLE} [role=textbox]").fill("Happy birthday, Jane!\nAll the  best 🎂")
    expect(send).to_be_enabled()
    assert deliveries(server) == []
    send.click()
    expect(page.locator(".msg-s-event-listitem__body")).to_have_text("Happy birthday, Jane!\nAll the  best 🎂")
    assert page.locator(f"{BUBBLE} [role=textbox]").inner_text().strip() == ""
    expect(page.get_by_text("Share your contact info with Jane?")).to_be_visible()
    assert deliveries(server) == [("Jane Whitfield", "Happy birthday, Jane!\nAll the  best 🎂")]


def test_content_and_title_come_after_the_page(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    held: list[Route] = []
    free = Event()

    def hold(route: Route) -> None:
        if free.is_set():
            route.continue_()
        else:
            held.append(route)

    page.route("**/voyager/api/**", hold)
    page.goto(f"{server.url}/in/{named(server, 'Jane Whitfield').member_id}/")
    assert page.locator("main h2").count() == 0
    assert page.title() == "LinkedIn"
    free.set()
    for route in held:
        route.continue_()
    expect(page.locator("main h2").first).to_have_text("Jane Whitfield")
    expect(page).to_have_title("Jane Whitfield | LinkedIn")
    expect(page).to_have_url(f"{server.url}/in/{named(server, 'Jane Whitfield').slug}/")


def test_a_catch_up_card_opens_a_prefilled_composer(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    page.goto(f"{server.url}/mynetwork/catch-up/birthday/")
    page.get_by_label("Message Thierry: Wishing you a very happy birthday!").click()
    editor = page.locator(f"{BUBBLE} [role=textbox]")
    expect(editor).to_have_text("Wishing you a very happy birthday!")
    editor.fill("")
    expect(page.locator(f"{BUBBLE} .msg-form__send-button")).to_be_disabled()


@pytest.mark.parametrize("scroller", ["document", "workspace", "column"])
def test_scrolling_loads_more_then_the_button_does(open_site: OpenSite, scroller: str) -> None:
    server, page = open_site(world_with(scroller=scroller))
    page.goto(f"{server.url}/mynetwork/invite-connect/connections/")
    rows = page.locator("main [role=listitem]")
    expect(rows).to_have_count(8)
    rows.last.scroll_into_view_if_needed()
    page.mouse.move(400, 300)
    page.mouse.wheel(0, 2000)
    expect(rows).to_have_count(16)
    more = page.get_by_role("button", name="Load more")
    for count in (24, 32, 36):
        more.click()
        expect(rows).to_have_count(count)
    expect(more).to_have_count(0)


def test_an_unaddressed_composer_cannot_send(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    page.goto(f"{server.url}/messaging/compose/?profileUrn=urn:li:fsd_profile:{named(server, 'Jane Whitfield').urn}")
    page.locator("[role=textbox]").fill("Hello")
    expect(page.locator(".msg-form__send-button")).to_be_disabled()
    page.get_by_label("Enter message recipients").press_sequentially("Jane W")
    page.get_by_role("option", name="Jane Whitfield").click()
    expect(page.locator(".artdeco-pill__text")).to_have_text("Jane Whitfield")


def test_enter_may_send_half_a_message(open_site: OpenSite) -> None:
    server, page = open_site(world_with(enter_sends="with_button"))
    open_bubble(server, page, "Jane Whitfield")
    page.locator(f"{BUBBLE} [role=textbox]").press_sequentially("Dear Jane,\nhappy birthday")
    expect(page.locator(".msg-s-event-listitem__body")).to_have_text("Dear Jane,")
    assert deliveries(server) == [("Jane Whitfield", "Dear Jane,")]


@pytest.mark.parametrize(
    ("fault", "shown", "left"),
    [
        ("fail_after_click", 0, "Happy birthday"),
        ("silent_drop", 0, ""),
        ("failed_bubble", 1, ""),
        ("echo_instead", 1, ""),
        ("text_stays", 1, "Happy birthday"),
        ("deliver_then_error", 0, "Happy birthday"),
    ],
)
def test_what_the_page_shows_when_a_send_goes_wrong(open_site: OpenSite, fault: str, shown: int, left: str) -> None:
    server, page = open_site(world_with())
    armed = page.request.post(f"{server.url}/__sandbox__/faults", data={"fault": fault})
    assert armed.ok
    open_bubble(server, page, "Thierry Hier")
    editor = page.locator(f"{BUBBLE} [role=textbox]")
    editor.fill("Happy birthday")
    with page.expect_response("**/voyagerMessagingDashMessengerMessages*"):
        page.locator(f"{BUBBLE} .msg-form__send-button").click()
    expect(editor).to_have_text(left)
    expect(page.locator(".msg-s-event-listitem__body")).to_have_count(shown)


def test_a_scripted_click_does_nothing_but_is_noted(open_site: OpenSite) -> None:
    server, page = open_site(world_with(generation="ember"))
    page.goto(f"{server.url}/in/{named(server, 'Jane Whitfield').slug}/")
    button = page.locator("main button[aria-label='Message Jane']").first
    button.wait_for()
    with page.expect_response("**/voyager/api/conduct"):
        button.evaluate("element => element.click()")
    assert page.locator(BUBBLE).count() == 0
    assert len(server.site.record.of("conduct")) == 1


def test_a_limit_dialog_in_the_shadow_root_covers_the_page(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    page.request.post(f"{server.url}/__sandbox__/faults", data={"fault": "weekly_limit_shadow"})
    page.goto(f"{server.url}/feed/")
    dialog = page.locator("#interop-outlet").get_by_role("alertdialog")
    expect(dialog).to_contain_text("reached the weekly limit")
    assert "weekly limit" not in page.evaluate("() => document.querySelector('main').innerText.slice(0, 20)")


def test_a_redirect_loop_is_one(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    page.request.post(f"{server.url}/__sandbox__/faults", data={"fault": "redirect_loop", "times": 1000})
    with pytest.raises(Exception, match="ERR_TOO_MANY_REDIRECTS"):
        page.goto(f"{server.url}/feed/")


def test_a_page_that_does_not_come_leaves_the_previous_one_open(open_site: OpenSite) -> None:
    server, page = open_site(world_with())
    page.goto(f"{server.url}/in/{named(server, 'Jane Whitfield').slug}/")
    expect(page.locator("main h2").first).to_have_text("Jane Whitfield")
    page.request.post(f"{server.url}/__sandbox__/faults", data={"fault": "no_content", "path": "/in/"})
    with pytest.raises(Exception, match="ERR_ABORTED"):
        page.goto(f"{server.url}/in/{named(server, 'Thierry Hier').slug}/")
    expect(page.locator("main h2").first).to_have_text("Jane Whitfield")


@pytest.mark.parametrize(
    "settings", [{"scroller": "document", "doubled_text": True}, {"label_on": "inner"}, {"scroller": "column"}]
)
def test_the_nav_sticks_and_a_second_set_of_controls_comes_down(open_site: OpenSite, settings: dict[str, Any]) -> None:
    server, page = open_site(world_with(**settings))
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(f"{server.url}/in/{named(server, 'Jane Whitfield').slug}/")
    message = page.locator("main a[href^='/messaging/compose/']:visible")
    expect(message).to_have_count(1)
    page.mouse.move(400, 300)
    page.mouse.wheel(0, 600)
    expect(message).to_have_count(2)
    assert page.locator("#global-nav").bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 52}
