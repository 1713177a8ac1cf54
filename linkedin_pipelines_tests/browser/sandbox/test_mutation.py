"""A redesign is the same for a seed at every start, changes a page, and says nothing of the person who is spared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from linkedin_pipelines.sandbox.change import Mutation
from linkedin_pipelines.sandbox.markup import parse
from linkedin_pipelines_tests.browser.sandbox.conftest import Visitor
from linkedin_pipelines_tests.browser.stage import JANE, THIERRY, world

NEW_AT_EVERY_START = re.compile(r"_[0-9a-f]{8}\b|componentkey=\"[^\"]+\"|ember\d+")


@contextmanager
def visitor_of(mutation: Mutation | None, generation: str = "sdui") -> Iterator[Visitor]:
    here = world({"generation": generation, "latency_ms": (0, 0)})
    visitor = Visitor(here.model_copy(update={"mutation": mutation}))
    yield visitor
    visitor.close()


def bubble(visitor: Visitor, slug: str) -> str:
    person = visitor.site.person(slug)
    assert person is not None
    return visitor.html(f"/voyager/api/messaging/bubble?recipient={person.recipient}")


@pytest.mark.parametrize("generation", ["sdui", "data_view", "ember"])
def test_pages_come_out_of_the_tree_as_they_went_in(generation: str) -> None:
    with visitor_of(None, generation) as visitor:
        for html in (visitor.html(f"/voyager/api/profile/{JANE}"), bubble(visitor, JANE)):
            once = parse(html).html()
            assert parse(once).html() == once
            assert [node.tag for node in parse(once).elements()] == [node.tag for node in parse(html).elements()]


@pytest.mark.parametrize("html", ["<div><p></div>", "<div>", "</div>"])
def test_what_is_not_closed_is_an_error(html: str) -> None:
    with pytest.raises(ValueError, match="closed"):
        parse(html)


def test_a_seed_makes_the_same_change_at_every_start_and_another_one_another() -> None:
    seen = []
    for seed in (3, 3, 4):
        with visitor_of(Mutation(seed=seed, spared=JANE, rate=0.2, renamed=0.5)) as visitor:
            pages = visitor.html(f"/voyager/api/profile/{JANE}") + bubble(visitor, JANE)
            seen.append(NEW_AT_EVERY_START.sub("", pages))
    assert seen[0] == seen[1] != seen[2]


def test_no_decoy_bears_the_address_of_the_person_who_is_spared() -> None:
    decoys = 0
    for seed in range(60):
        with visitor_of(Mutation(seed=seed, spared=JANE, rate=0.3)) as visitor:
            html = bubble(visitor, THIERRY)
            decoys += "/in/jane-doe-2/" in html
            assert f"/in/{JANE}/" not in html, seed
            jane = visitor.site.person(JANE)
            assert jane is not None
            assert jane.member_id not in html, seed
    assert decoys > 0


def test_renamed_classes_keep_their_styles() -> None:
    with visitor_of(Mutation(seed=1, spared=JANE, rate=0.0, renamed=1.0)) as visitor:
        html = bubble(visitor, JANE)
        css = visitor.http.get("/static/messaging.css").text
    assert "msg-overlay-conversation-bubble" not in html + css
    (name,) = {node.classes()[0] for node in parse(html).elements() if node.attributes.get("role") == "dialog"}
    assert f".{name} " in css
