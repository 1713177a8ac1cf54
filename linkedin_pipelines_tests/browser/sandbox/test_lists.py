"""Catch-up, connections, search and sent invitations: rows, pages, counts, and lists that are not what they seem."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from linkedin_pipelines.sandbox.views.catch_up import last_birthday
from linkedin_pipelines.sandbox.world import Person

from .conftest import Visitor, world_with

OTHERS_OF_TODAY = ("Priya Raghunathan", "Wei Zhang", "Vera Ivanova")


def walk(visitor: Visitor, url: str) -> list[str]:
    """All pages of a list, following what scrolling or the button would load."""
    pages = []
    while url:
        answer = visitor.http.get(url).json()
        pages.append(answer["html"])
        later = re.search(r'data-later="([^"]+)"', answer["html"])
        buttons = [b["url"] for b in answer["bindings"].values() if b["do"] == "more"]
        url = later[1].replace("&amp;", "&") if later else (buttons[0] if buttons else "")
    return pages


def names(pages: list[str], pattern: str) -> list[str]:
    return [name for page in pages for name in re.findall(pattern, page)]


CARD = r'<a href="/in/[^"]+"><p class="_\w+">([^<]+)</p>'


def test_the_catch_up_page_holds_todays_and_late_birthdays_and_nobody_elses(visitor: Visitor) -> None:
    pages = walk(visitor, "/voyager/api/catch-up/birthday")
    found = names(pages, CARD)
    assert "Birthdays (12)" in pages[0]
    assert len(pages) == 2
    assert found[-4:] == ["João Almeida", "Noémie Delacroix", "Łukasz Wiśniewski", "Björn Eriksen"]
    assert sorted(found[:-4]) == sorted(
        ["Jane Whitfield", "Thierry Hier", "Amélie 🌟 Fontaine", "Robert Doe, PhD", "Maria Silva", *OTHERS_OF_TODAY]
    )


def test_a_card_of_the_newest_generation(visitor: Visitor) -> None:
    page = visitor.html("/voyager/api/catch-up/birthday")
    jane = visitor.named("Jane Whitfield")
    card = next(c for c in page.split('<div role="listitem"') if "Jane Whitfield" in c)
    assert card.count(f'href="/in/{jane.slug}/"') == 2
    assert "<p" in card
    assert "Celebrate Jane&#39;s birthday today" in card
    assert 'aria-label="Message Jane: Wishing you a very happy birthday!"' in card
    assert "body=Wishing+you+a+very+happy+birthday" in card
    assert f"recipient={jane.recipient}" in card


@pytest.mark.parametrize(
    ("generation", "mark"),
    [
        ("sdui", 'data-testid="lazy-column"'),
        ("data_view", 'data-view-name="nurture-card-primary-button"'),
        ("ember", 'class="props-s-card-content__headline"'),
    ],
)
def test_generations_of_cards(generation: str, mark: str) -> None:
    page = Visitor(world_with(generation=generation)).html("/voyager/api/catch-up/birthday")
    assert mark in page


@pytest.mark.parametrize(
    ("language", "moments", "lines"),
    [
        (
            "fr",
            "sentence",
            ["Célébrez l&#39;anniversaire récent de João le 17 mars", "Joyeux anniversaire avec un peu"],
        ),
        ("fr", "label", [">Aujourd&#39;hui<", ">17 mars<", ">15 mars<"]),
        ("fr", "ago", [">Hier<", ">il y a 3 jours<"]),
        ("en", "label", [">Today<", ">Mar 17<"]),
        ("en", "ago", [">Yesterday<", ">7 days ago<"]),
        ("de", "label", [">Heute<", ">17. März<"]),
        ("es", "ago", [">Hoy<", ">hace 3 días<"]),
    ],
)
def test_moment_lines(language: str, moments: str, lines: list[str]) -> None:
    visitor = Visitor(world_with(language=language, moments=moments))
    whole = "".join(walk(visitor, "/voyager/api/catch-up/birthday"))
    for line in lines:
        assert line in whole


def test_other_moments_share_the_page_of_all(visitor: Visitor) -> None:
    whole = "".join(walk(visitor, "/voyager/api/catch-up/all"))
    assert "started a new position" in whole
    assert "Celebrate 30 years at work" in whole
    assert "started a new position" not in "".join(walk(visitor, "/voyager/api/catch-up/birthday"))
    assert "signal-success-small" in whole


def test_a_card_says_so_once_the_message_is_sent(visitor: Visitor) -> None:
    """Wei was wished by hand; Jane is wished now; Priya's wish is last year's."""
    jane = visitor.named("Jane Whitfield")
    visitor.send(jane, "Happy birthday!")
    cards = {c: "Message sent" in c for c in "".join(walk(visitor, "/voyager/api/catch-up/birthday")).split("listitem")}
    done = [card for card, sent in cards.items() if sent]
    assert [re.findall(CARD, card)[0] for card in done] == ["Jane Whitfield", "Wei Zhang"]
    assert all('id="signal-success-small"' in card for card in done)


def test_an_empty_page_says_that_it_is_empty_and_a_silent_one_does_not(visitor: Visitor) -> None:
    visitor.arm("list_empty", times=2)
    visitor.arm("no_signs", skip=1)
    assert "You&#39;re all caught up" in visitor.html("/voyager/api/catch-up/birthday")
    silent = visitor.html("/voyager/api/catch-up/birthday")
    assert "all caught up" not in silent
    assert "Birthdays (" not in silent
    assert not names([silent], CARD)


@pytest.mark.parametrize(("counts", "shown"), [("shown", "(12)"), ("wrong", "(13)"), ("absent", "")])
def test_the_headline_may_be_wrong_or_missing(counts: str, shown: str) -> None:
    page = Visitor(world_with(counts=counts)).html("/voyager/api/catch-up/birthday")
    assert re.findall(r"Birthdays (\(\d+\))", page) == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("birthday", "today", "latest"),
    [
        ("12-30", date(2027, 1, 3), date(2026, 12, 30)),
        ("02-29", date(2027, 3, 1), date(2027, 2, 28)),
        ("02-29", date(2028, 2, 28), date(2027, 2, 28)),
        ("02-29", date(2028, 2, 29), date(2028, 2, 29)),
        ("03-18", date(2026, 3, 18), date(2026, 3, 18)),
    ],
)
def test_the_latest_birthday(birthday: str, today: date, latest: date) -> None:
    person = Person(slug="a", first_name="A", last_name="B", birthday=birthday)
    assert last_birthday(person, today) == latest


def test_connections_are_all_there_the_latest_first(visitor: Visitor) -> None:
    pages = walk(visitor, "/voyager/api/connections")
    assert "Connections (36)" in pages[0]
    assert len(names(pages, r"Connected on \w+ \d+, \d{4}")) == 36
    assert ">Load more<" in pages[1]
    assert ">Load more<" not in pages[0]


@pytest.mark.parametrize(
    ("generation", "row"),
    [("sdui", 'role="listitem"'), ("data_view", 'data-view-name="people-search-result"'), ("ember", "<li ")],
)
def test_search_gives_ten_a_page_and_an_advertisement_in_every_generation(generation: str, row: str) -> None:
    visitor = Visitor(world_with(generation=generation))
    counts = [visitor.html(f'/voyager/api/search?keywords=&network=["F"]&page={n}').count(row) for n in (1, 2, 3, 4, 5)]
    assert counts == [11, 11, 11, 7, 0]


def test_search_rows_hold_others_and_hidden_members(visitor: Visitor) -> None:
    page = visitor.html('/voyager/api/search?keywords=&network=["O"]')
    assert "LinkedIn Member" in page
    assert "is a mutual connection" in page


def test_sent_invitations_tell_their_age_in_words_and_can_be_withdrawn(visitor: Visitor) -> None:
    pages = walk(visitor, "/voyager/api/invitations/sent")
    assert "People (12)" in pages[0]
    ages = names(pages, r">(Sent [^<]+)<")
    assert ages[:4] == ["Sent today", "Sent a week ago", "Sent 3 weeks ago", "Sent a month ago"]
    jane = visitor.named("Jane Holloway")
    assert 'aria-label="Withdraw invitation sent to Jane Holloway"' in pages[0]
    assert "Jane Holloway" in visitor.html(f"/voyager/api/invitations/ask?person={jane.slug}")
    visitor.http.post("/voyager/api/invitations/withdraw", json={"person": jane.slug})
    after = walk(visitor, "/voyager/api/invitations/sent")
    assert "People (11)" in after[0]
    assert "Jane Holloway" not in "".join(after)


@pytest.mark.parametrize("fault", ["no_dialog", "dialog_names_other", "withdraw_fails"])
def test_withdrawing_can_go_wrong(visitor: Visitor, fault: str) -> None:
    jane = visitor.named("Jane Holloway")
    visitor.arm(fault, person=jane.slug)
    dialog: dict[str, Any] = visitor.http.get(f"/voyager/api/invitations/ask?person={jane.slug}").json()
    assert bool(dialog.get("html")) == (fault != "no_dialog")
    assert ("Jane Holloway" in dialog.get("html", "")) == (fault == "withdraw_fails")
    if fault == "withdraw_fails":
        response = visitor.http.post("/voyager/api/invitations/withdraw", json={"person": jane.slug})
        assert response.status_code == 500
    assert visitor.http.get("/__sandbox__/withdrawals").json() == []


def test_french_sent_invitations() -> None:
    page = Visitor(world_with(language="fr")).html("/voyager/api/invitations/sent")
    assert "Personnes (12)" in page
    assert 'aria-label="Retirer l’invitation envoyée à Jane Holloway"' in page
    assert "Envoyée il y a 3 semaines" in page
