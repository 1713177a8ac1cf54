"""Conversations: who is addressed, what the editor holds, what becomes of a message."""

from __future__ import annotations

import asyncio
import re
from collections.abc import MutableMapping
from typing import Any

import pytest

from linkedin_pipelines.sandbox.faults import UNDELIVERED
from linkedin_pipelines.sandbox.world import Person, Relation

from .conftest import Visitor, world_with


def with_relation(name: str, **relation: Any) -> tuple[Visitor, Person]:
    """A site where the member's relation to the first person of that name is changed."""
    world = world_with()
    member = world.members[0]
    people = {p.slug: p for p in world.people}
    index = next(i for i, r in enumerate(member.relations) if people[r.person].name == name)
    changed = Relation.model_validate({**member.relations[index].model_dump(), **relation})
    relations = (*member.relations[:index], changed, *member.relations[index + 1 :])
    changed_member = member.model_copy(update={"relations": relations})
    return Visitor(world.model_copy(update={"members": (changed_member,)})), people[changed.person]


def bubble(visitor: Visitor, person: Person, **query: str) -> dict[str, Any]:
    query = {"recipient": person.recipient, **query}
    answer: dict[str, Any] = visitor.http.get("/voyager/api/messaging/bubble", params=query).json()
    return answer


@pytest.mark.parametrize(("links", "of"), [("slug", "slug"), ("urn", "member_id"), ("none", "")])
def test_a_composer_links_to_its_person_in_one_of_two_forms_or_not_at_all(links: str, of: str) -> None:
    visitor = Visitor(world_with(composer_links=links))
    priya = visitor.named("Priya Raghunathan")
    html = bubble(visitor, priya)["html"]
    title = re.search(r'<h2 class="msg-overlay-bubble-header__title[^>]*>(.*?)</h2>', html, re.DOTALL)
    assert title
    assert re.findall(r'href="([^"]+)"', title[1]) == ([f"/in/{getattr(priya, of)}/"] if of else [])
    links_found = re.findall(r'msg-s-message-group__profile-link app-aware-link" href="([^"]+)"', html)
    own = {"slug": "demo-member", "urn": visitor.member.member_id, "none": ""}[links]
    assert links_found == ([f"/in/{own}/", f"/in/{getattr(priya, of)}/"] if of else [])


def test_a_thread_is_headed_by_days_and_grouped_by_sender(visitor: Visitor) -> None:
    priya = visitor.named("Priya Raghunathan")
    visitor.send(priya, "Happy birthday, Priya!")
    html = visitor.html(f"/voyager/api/messaging/compose?recipient={priya.recipient}")
    headings = re.findall(r"<time class=\"msg-s-message-list__time-heading[^>]*>([^<]+)<", html)
    assert headings == ["Mar 18, 2025", "Today"]
    bodies = re.findall(r'<p class="msg-s-event-listitem__body[^>]*>([^<]+)</p>', html)
    assert bodies == ["Happy birthday, Priya!", "Thank you so much!", "Happy birthday, Priya!", "Thank you!"]
    assert html.count("msg-s-event-listitem--other") == 2


def test_two_messages_in_a_row_share_one_sender_line(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    visitor.send(jane, "One")
    visitor.send(jane, "Two")
    html = bubble(visitor, jane)["html"]
    assert html.count('class="msg-s-message-list__event') == 2
    assert html.count('class="msg-s-message-group__meta"') == 1


def test_a_draft_of_the_link_goes_before_a_stale_one_and_both_may_be_there() -> None:
    visitor = Visitor(world_with())
    amelie = visitor.named("Amélie 🌟 Fontaine")
    assert "Dear Thierry" in bubble(visitor, amelie)["html"]
    prefilled = bubble(visitor, amelie, body="Wishing you a very happy birthday!")["html"]
    assert "Wishing you a very happy birthday!" in prefilled
    assert "Dear Thierry" not in prefilled


def test_what_was_typed_is_still_there_next_time_and_gone_after_sending(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    visitor.http.post("/voyager/api/messaging/drafts", json={"recipient": jane.recipient, "text": "Half a thought"})
    assert "Half a thought" in bubble(visitor, jane)["html"]
    visitor.send(jane, "Whole")
    assert "Half a thought" not in bubble(visitor, jane)["html"]


def test_bubbles_stay_open_from_page_to_page(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    bubble(visitor, jane)
    overlay = visitor.html("/voyager/api/messaging/overlay")
    assert "msg-overlay-list-bubble--is-minimized" in overlay
    assert f'href="/in/{jane.slug}/"' in overlay
    visitor.http.post("/voyager/api/messaging/close", json={"person": jane.slug})
    assert "msg-overlay-conversation-bubble" not in visitor.html("/voyager/api/messaging/overlay")


def test_without_recipient_nobody_is_addressed(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    html = visitor.html(f"/voyager/api/messaging/compose?profileUrn=urn:li:fsd_profile:{jane.member_id}")
    assert 'aria-label="Enter message recipients"' in html
    assert '<div class="msg-connections-typeahead__added-recipients"></div>' in html
    assert 'role="textbox"' in html
    assert "Jane" not in html.split("msg-convo-wrapper")[1]


def test_the_typeahead_finds_both_people_of_one_name(visitor: Visitor) -> None:
    assert visitor.html("/voyager/api/messaging/typeahead?q=maria+sil").count("Maria Silva") == 2


def test_a_recipient_shows_as_a_pill(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    html = visitor.html(f"/voyager/api/messaging/compose?recipient={jane.recipient}")
    assert '<span class="artdeco-pill__text">Jane Whitfield</span>' in html
    assert "msg-entity-lockup__entity-title" not in html


def test_a_thread_of_its_own_has_the_name_on_top(visitor: Visitor) -> None:
    latest = visitor.http.get("/messaging/").headers["location"]
    html = visitor.html("/voyager/api" + latest.rstrip("/"))
    assert re.search(r'<h2 class="msg-entity-lockup__entity-title[^"]*">Wei Zhang</h2>', html)


@pytest.mark.parametrize("name", ["Jane Holloway", "Thierry Aujourd'hui"])
def test_strangers_are_behind_a_paywall(visitor: Visitor, name: str) -> None:
    stranger = visitor.named(name)
    answer = bubble(visitor, stranger)
    assert 'href="/premium/' in answer["dialog"]
    assert "html" not in answer
    assert visitor.send(stranger, "Hello").status_code == 403
    assert visitor.deliveries() == []


def test_an_inmail_has_a_subject_and_is_delivered() -> None:
    visitor, jane = with_relation("Jane Holloway", composer="inmail")
    assert 'name="subject"' in bubble(visitor, jane)["html"]
    visitor.send(jane, "Hello")
    assert len(visitor.deliveries()) == 1


def test_a_new_connection_may_have_no_editor() -> None:
    visitor, jane = with_relation("Jane Whitfield", composer="say_hello")
    html = bubble(visitor, jane)["html"]
    assert "Say hello" in html
    assert 'role="textbox"' not in html


@pytest.mark.parametrize(
    ("enter", "button", "hint"), [("no", True, False), ("with_button", True, False), ("without_button", False, True)]
)
def test_enter_may_send_and_may_be_all_there_is(enter: str, button: bool, hint: bool) -> None:
    visitor = Visitor(world_with(enter_sends=enter))
    html = bubble(visitor, visitor.named("Jane Whitfield"))["html"]
    assert ("msg-form__send-button" in html) == button
    assert ("Press Enter to Send" in html) == hint


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("fail_after_click", 500),
        ("failed_bubble", 200),
        ("silent_drop", 200),
        ("echo_instead", 200),
        ("hang_send", 500),
        ("deliver_then_error", 500),
        ("deliver_then_hang", 500),
        ("slow_event", 200),
        ("text_stays", 200),
    ],
)
def test_what_becomes_of_a_message_is_on_the_record_whatever_the_page_says(
    visitor: Visitor, fault: str, status: int
) -> None:
    jane = visitor.named("Jane Whitfield")
    visitor.arm(fault, person=jane.slug, seconds=0.05)
    response = visitor.send(jane, "Happy birthday!")
    assert response.status_code == status
    assert len(visitor.deliveries()) == (0 if fault in UNDELIVERED else 1)
    html = response.json().get("html", "")
    shown = "Happy birthday!" in html
    assert shown == (fault in ("failed_bubble", "echo_instead", "slow_event", "text_stays"))
    assert ("msg-s-event-listitem--other" in html) == (fault == "echo_instead")
    assert ("msg-s-event-listitem--failed" in html) == (fault == "failed_bubble")
    assert "data-event-urn" in html or fault not in ("slow_event", "text_stays")


@pytest.mark.parametrize("place", ["dialog", "toast", "shadow"])
def test_a_limit_may_answer_a_send(visitor: Visitor, place: str) -> None:
    visitor.arm(f"weekly_limit_{place}", at="send")
    response = visitor.send(visitor.named("Jane Whitfield"), "Happy birthday!")
    assert response.status_code == 403
    assert "reached the weekly limit" in response.json()["dialog"]
    assert visitor.deliveries() == []


@pytest.mark.parametrize("place", ["dialog", "toast", "main", "shadow"])
@pytest.mark.parametrize(("key", "words"), [("weekly_limit", "weekly limit"), ("restricted", "temporarily restricted")])
def test_a_notice_may_come_with_a_page(visitor: Visitor, key: str, words: str, place: str) -> None:
    visitor.arm(f"{key}_{place}", path="/mynetwork")
    assert words not in visitor.http.get("/feed/").text
    assert words in visitor.http.get("/mynetwork/").text
    assert words not in visitor.http.get("/mynetwork/").text


def test_the_composer_of_somebody_else_may_open(visitor: Visitor) -> None:
    maria = visitor.named("Maria Silva")
    visitor.arm("opens_other", person=maria.slug)
    assert bubble(visitor, maria)["person"] != maria.slug
    assert bubble(visitor, maria)["person"] == maria.slug


def test_the_page_before_may_still_be_shown(visitor: Visitor) -> None:
    """The address is the new person's, the content the previous one's."""
    jane, joao = visitor.named("Jane Whitfield"), visitor.named("João Almeida")
    visitor.http.get(f"/in/{jane.slug}/")
    visitor.arm("stale_profile", person=joao.slug)
    assert f"/voyager/api/profile/{jane.slug}" in visitor.http.get(f"/in/{joao.slug}/").text


def test_the_share_prompt_follows_a_message(visitor: Visitor) -> None:
    answer = visitor.send(visitor.named("Jane Whitfield"), "Happy birthday!").json()
    assert "Share your contact info with Jane?" in answer["prompt"]


def test_a_reply_comes_in_the_other_persons_name(visitor: Visitor) -> None:
    answer = visitor.send(visitor.named("Priya Raghunathan"), "Happy birthday!").json()
    assert "Thank you!" in answer["reply"]
    assert "msg-s-event-listitem--other" in answer["reply"]


def test_a_browser_that_ends_in_the_middle_of_sending_has_sent_nothing() -> None:
    visitor = Visitor(world_with())
    half: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b'{"recipient": "', "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return half.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        answered.append(message)

    path = "/voyager/api/voyagerMessagingDashMessengerMessages"
    cookie = f"li_at={visitor.http.cookies['li_at']}".encode()
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
        "query_string": b"action=createMessage", "headers": [(b"cookie", cookie)], "server": ("127.0.0.1", 80),
    }  # fmt: skip
    asyncio.run(visitor.app(scope, receive, send))
    assert answered[0]["status"] == 400
    assert visitor.deliveries() == []
