"""Conversations and composers in markup of every making: read for what they are, or refused. No site is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from linkedin_pipelines.browser.elements import Finder
from linkedin_pipelines.browser.evidence import EvidenceFolder
from linkedin_pipelines.browser.pages.composer import OpenComposer
from linkedin_pipelines.browser.pages.recipients import RecipientReader
from linkedin_pipelines.browser.pages.thread import Thread
from linkedin_pipelines.browser.pages.thread_reader import Sides
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.errors import PageUnreadableError, WrongPersonError
from linkedin_pipelines_tests.doubles import ManualClock

AT_ONCE = Timeouts(element=300, action=300, thread=900, rest=40, empty_rest=60, poll=20)
ALL = date(2020, 1, 1)
ME, JANE, BOB = "demo-member", "jane-doe", "bob-bystander"
NUMBER = "ACoAAJ1HiwCK4xhzns3gM937LnMSaeQMsoznvAt"
FORM = "<form><div role='textbox' contenteditable='true'><p><br></p></div><button type='submit'>Send</button></form>"
NAMES = {ME: "Demo Member", JANE: "Jane Doe", BOB: "Bob Bystander", NUMBER: "Jane Doe"}
EMBER = {
    "li": "msg-s-message-list__event", "item": "msg-s-event-listitem", "other": "msg-s-event-listitem--other",
    "heading": "msg-s-message-list__time-heading", "stamp": "msg-s-message-group__timestamp",
    "body": "msg-s-event-listitem__body",
}  # fmt: skip
Read = Callable[..., Thread]


def message(
    who: str,
    text: str,
    *,
    day: str = "",
    clock: str = "9:00 AM",
    shown: bool = True,
    own: bool | None = None,
    **more: str,
) -> str:
    """A message as Ember draws it; without `shown` it continues the group of the one before."""
    of = EMBER
    other = "" if (who == ME if own is None else own) else " " + of["other"]
    heading = f"<time class='{of['heading']}'>{day}</time>" if day else ""
    sender = f"<a href='/in/{who}/'><span>{NAMES[who]}</span></a><time class='{of['stamp']}'>{clock}</time>"
    urn = f"data-event-urn='urn:li:msg_message:{more['urn']}'" if "urn" in more else ""
    return (
        f"<li class='{of['li']}'>{heading}<div class='{of['item']}{other}' {urn}><div>{sender if shown else ''}</div>"
        f"<div><p class='{of['body']}'>{text}</p>{more.get('after', '')}</div></div></li>"
    )


def conversation(*messages: str, before: str = "", after: str = "") -> str:
    return (
        f"<div id='c'><h2>Jane Doe</h2>{before}<div class='msg-s-message-list-container'><ul>{''.join(messages)}</ul>"
        f"</div>{FORM}{after}</div>"
    )


def hashed(html: str) -> str:
    """As after a redesign: no class is what it was, and the server's names of messages are gone."""
    return re.sub(r" ?data-event-urn='[^']*'", "", re.sub(r"class='[^']*'", "class='_4f2a9c10'", html))


def with_roles(html: str) -> str:
    """Lists without list elements, and times and headings that are mere paragraphs."""
    html = re.sub(r"<(/?)time[^>]*>", r"<\1p>", hashed(html))
    return re.sub("<ul>", "<div role='list'>", html.replace("</ul>", "</div>").replace("</li>", "</div>")).replace(
        "<li", "<div role='listitem'"
    )


TALK = (
    message(ME, "Happy birthday!", day="Mar 18, 2025"),
    message(JANE, "Thank you<br>very much", day="Mar 19, 2025"),
    message(JANE, "See you", shown=False),
    message(ME, "Yes", day="Yesterday"),
)


@pytest.fixture(scope="module")
def module_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(timezone_id="UTC")
    yield context.new_page()
    context.close()


@pytest.fixture
def site(module_page: Page) -> Site:
    no_evidence = cast("EvidenceFolder", None)  # nothing below is done inside a step that takes pictures
    return Site(module_page, "http://127.0.0.1:1", Finder(module_page, AT_ONCE), no_evidence)


@pytest.fixture
def thread(site: Site, module_page: Page, clock: ManualClock) -> Read:
    def of(html: str, urn: str | None = None) -> Thread:
        module_page.set_content(f"<html lang='en'><body>{html}</body></html>")
        return Thread(site, module_page.locator("#c"), Sides(ME, JANE, urn), clock, ZoneInfo("UTC"))

    return of


@pytest.mark.parametrize("redesign", [str, hashed, with_roles], ids=["classes", "no classes", "no list elements"])
def test_a_conversation_is_read_by_structure_where_no_class_is_known(
    thread: Read, redesign: Callable[[str], str]
) -> None:
    events = thread(redesign(conversation(*TALK))).events(ALL)
    assert [(e.own, e.text, e.sent_on) for e in events] == [
        (True, "Happy birthday!", date(2025, 3, 18)),
        (False, "Thank you\nvery much", date(2025, 3, 19)),
        (False, "See you", date(2025, 3, 19)),
        (True, "Yes", date(2026, 3, 17)),
    ]


def test_a_sign_of_loading_above_the_messages_stands_for_older_ones(thread: Read) -> None:
    older = "<li class='msg-s-message-list__loader' role='progressbar'>…</li>"
    assert len(thread(conversation(older, *TALK)).events(date.max)) == 4
    with pytest.raises(PageUnreadableError, match="older messages did not load"):
        thread(conversation(older, *TALK)).events(ALL)
    with pytest.raises(PageUnreadableError, match="did not load in time"):
        thread(conversation(*TALK, older)).events(date.max)


def test_a_class_that_no_longer_tells_sides_is_not_asked(thread: Read) -> None:
    renamed = conversation(*TALK).replace("msg-s-event-listitem--other", "x1")
    assert [e.own for e in thread(renamed).events(ALL)] == [True, False, False, True]
    contradicting = conversation(*TALK, message(JANE, "Mine?", own=True))
    with pytest.raises(PageUnreadableError, match="contradictory"):
        thread(contradicting).events(ALL)


def test_a_person_mentioned_in_a_message_did_not_send_it(thread: Read) -> None:
    mention = message(ME, "Happy birthday <a href='/in/jane-doe/'>Jane Doe</a>!", day="Today")
    more = message(ME, "Once more, <a href='/in/jane-doe/'>Jane</a>", shown=False)
    for redesign in (str, hashed, with_roles):
        events = thread(redesign(conversation(*TALK, mention, more))).events(ALL)
        assert [(e.own, e.text) for e in events[-2:]] == [(True, "Happy birthday Jane Doe!"), (True, "Once more, Jane")]


WRONG = {
    "a third person": hashed(conversation(*TALK, message(BOB, "Hello"))),
    "a sender known by a number that is nobody's": hashed(conversation(*TALK, message(NUMBER, "Happy birthday!"))),
    "nobody is named": hashed(conversation(message(JANE, "Hello", shown=False, day="Today"))),
    "a failure in an alert": hashed(conversation(*TALK, message(ME, "Hi", after="<p role='alert'>Not sent</p>"))),
    "a failure in words": hashed(conversation(*TALK, message(ME, "Hi", after="<p>Not sent. Try again</p>"))),
    "two texts": hashed(conversation(message(ME, "One</p><p>Two", day="Today"))),
    "words outside the messages": hashed(conversation(*TALK, "<div>Happy birthday from me</div>")),
    "a second list": hashed(conversation(*TALK, before="<ul><li>Happy birthday!</li></ul>")).replace(
        "<h2>", "<div><h2>", 1
    ),
    "a part of a message outside any": conversation(*TALK, "<div class='msg-s-event-listitem__body'>Hi</div>"),
}


@pytest.mark.parametrize("html", WRONG.values(), ids=WRONG.keys())
def test_a_conversation_that_does_not_tell_all_is_refused(thread: Read, html: str) -> None:
    with pytest.raises(PageUnreadableError):
        thread(html).events(ALL)


def test_what_may_be_the_heading_of_another_day_leaves_the_day_unknown(thread: Read) -> None:
    """Else a wish of today would count as last year's, and be sent again."""
    odd = message(ME, "Happy birthday!").replace(
        "<li class='msg-s-message-list__event'>", "<li class='x1'><p>En ce jour</p>"
    )
    odd = odd.replace("msg-s-event-listitem'", "x2'").replace("msg-s-event-listitem ", "x2 ")
    events = thread(conversation(*TALK, odd)).events(ALL)
    assert (events[-1].text, events[-1].sent_on) == ("Happy birthday!", None)


CARD = "<li><a href='/in/jane-doe/'><b>Jane Doe</b></a><div>Birthday cakes</div></li>"
HELP = "<div role='list'><div role='listitem'><a href='/help/'>Help</a></div></div>"
EMPTY = {
    "a known list": conversation(),
    "a list without classes": hashed(conversation()),
    "a card in it": hashed(conversation(CARD)),
    "a card whose words stand in it": conversation(CARD.replace("</a>", "</a> <span>· 1st</span>")),
    "a card beside it": hashed(conversation(before=CARD.replace("li>", "div>"))),
    "other lists of the page": "<div id='c'><div class='msg-convo-wrapper'>"
    + conversation(CARD).replace("id='c'", "")
    + f"</div>{HELP}</div>",
}


@pytest.mark.parametrize("html", EMPTY.values(), ids=EMPTY.keys())
def test_an_empty_conversation_is_known_by_its_structure(thread: Read, html: str) -> None:
    assert thread(html).events(ALL) == []


NOT_EMPTY = {
    "another person's card": conversation(CARD.replace(JANE, BOB)),
    "words in it": hashed(conversation("<div>Happy birthday</div>")),
    "words beside it": hashed(conversation(before="<p>Happy birthday, Jane</p>")),
    "a card with a time": hashed(conversation(CARD.replace("Birthday cakes", "Happy birthday 9:00 AM"))),
    "no list": f"<div id='c'><h2>Jane Doe</h2>{FORM}</div>",
    "words in a list without entries": hashed(
        conversation("<div><a href='/in/jane-doe/'><b>Jane Doe</b></a><p>Please stop</p></div>")
    ),
    "still loading": conversation("<li role='progressbar'>…</li>"),
}


@pytest.mark.parametrize("html", NOT_EMPTY.values(), ids=NOT_EMPTY.keys())
def test_a_conversation_that_may_hold_messages_is_not_empty(thread: Read, html: str) -> None:
    with pytest.raises(PageUnreadableError):
        thread(html).events(ALL)


PILL = "<div class='msg-connections-typeahead__added-recipients'><span>Jane Doe</span><button>×</button></div>"
CHIP = "<div><button aria-label='Remove Jane Doe'>×</button></div>"
PORTRAIT = "<li><a href='/in/jane-doe/'><img alt='Jane Doe'></a><b>Jane Doe</b><div>Birthday cakes</div></li>"


def addressed(field: str, card: str = CARD, talk: str = "", header: str = "New message") -> str:
    return f"<div id='c'><header><h2>{header}</h2></header>{field}<ul>{card}{talk}</ul>{FORM}</div>"


@pytest.fixture
def named(site: Site, module_page: Page) -> Callable[[str], str]:
    def of(html: str) -> str:
        module_page.set_content(f"<html lang='en'><body>{html}</body></html>")
        who, held = RecipientReader(site).identity(module_page, module_page.locator("#c"))
        assert held.count() == 1
        return who.segment

    return of


NAMED = {
    "pill and card": (addressed(PILL), JANE),
    "card by number": (addressed(PILL, CARD.replace(JANE, NUMBER)), NUMBER),
    "card with a mere portrait": (addressed(PILL, PORTRAIT), JANE),
    "portrait before the name": (
        addressed(PILL, CARD.replace("<b>", "<img width=9 height=9 style='display:block'><b>")),
        JANE,
    ),
    "a control that takes her away": (addressed(CHIP), JANE),
    "a title before the name": (addressed(PILL.replace("Jane", "Dr. Jane")), JANE),
    "a heading without a link": (addressed("", header="Jane Doe"), JANE),
    "a namesake": (addressed(PILL, CARD.replace(JANE, "jane-doe-2")), "jane-doe-2"),
}


@pytest.mark.parametrize(("html", "who"), NAMED.values(), ids=NAMED.keys())
def test_a_first_message_names_its_person_by_pill_and_card(named: Callable[[str], str], html: str, who: str) -> None:
    assert named(html) == who


NOBODY = {
    "no card": addressed(PILL, ""),
    "an empty field": addressed(PILL.replace("Jane Doe", "")),
    "no field": addressed(""),
    "a card of another name": addressed(PILL, CARD.replace("Jane Doe", "Bob Bystander").replace(JANE, BOB)),
    "a field of another name": addressed(CHIP.replace("Jane", "Joan")),
    "a heading of another name": addressed("", header="Bob Bystander"),
    "two headings": addressed("", header="Jane Doe</h2><h2>Bob Bystander"),
    "two cards": addressed(PILL, CARD + CARD.replace(JANE, "jane-doe-2")),
    "two people": addressed(PILL + PILL),
    "the conversation before": addressed(PILL, "", message(JANE, "Hello", day="Today")),
    "that conversation without classes": addressed(PILL, "", hashed(message(JANE, "Hello", day="Today"))),
    "that conversation without times": addressed(PILL, "", with_roles(message(JANE, "Hello", day="Today"))),
}


@pytest.mark.parametrize("html", NOBODY.values(), ids=NOBODY.keys())
def test_a_composer_that_names_nobody_for_certain_is_refused(named: Callable[[str], str], html: str) -> None:
    with pytest.raises(PageUnreadableError):
        named(html)


def test_what_stands_outside_the_paragraphs_of_the_editor_is_read_too(site: Site, module_page: Page) -> None:
    module_page.set_content(conversation().replace("<p><br></p>", "Dear Bob<p>Happy birthday!</p>"))
    assert OpenComposer(site, module_page.locator("#c")).content() == "Dear Bob\nHappy birthday!"


def test_a_number_alone_is_nobody_without_the_name(site: Site, module_page: Page) -> None:
    root = module_page.locator("#c")
    module_page.set_content(addressed(PILL, CARD.replace(JANE, NUMBER)))
    RecipientReader(site).require_name(root, "Jane Doe")
    with pytest.raises(WrongPersonError):
        RecipientReader(site).require_name(root, "Joan Doe")
