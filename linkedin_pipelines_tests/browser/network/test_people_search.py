"""Search rows and their traps: mutual-connection links, hidden members, advertisements, and where a search ends."""

from __future__ import annotations

import pytest

from linkedin_pipelines.browser.pages.people_search import PeopleSearchPage
from linkedin_pipelines.domain.people_searches import search_query
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines_tests.browser.network.conftest import Scene

FRIEND = Person(slug="mutual-friend", first_name="Mutual", last_name="Friend", headline="nothing to do with it")
PEOPLE = (
    FRIEND,
    *(
        Person(slug=f"nurse-{n}", first_name="Nora", last_name=f"Number{n}", headline="Nurse · today, 30 days")
        for n in range(1, 24)
    ),
)
CONNECTED = {FRIEND.slug: {"degree": 1}}
HIDDEN = {f"nurse-{n}": {"degree": 3} for n in (3, 6, 13)}
"""Of the third degree, at every third place of a page: the sandbox shows them as LinkedIn Member."""


@pytest.mark.parametrize(
    ("language", "generation"),
    [("en", "sdui"), ("fr", "ember"), ("de", "data_view"), ("es", "sdui"), ("pt", "ember")],
)
def test_every_person_once_by_the_title_link_and_no_one_whom_a_row_merely_mentions(
    scene: Scene, language: str, generation: str
) -> None:
    here = scene({"language": language, "generation": generation}, PEOPLE, {**CONNECTED, **HIDDEN})
    seen = PeopleSearchPage(here.site).read(search_query("nurse", here.site.base_url))
    assert [each.slug for each in seen.people] == [p.slug for p in PEOPLE[1:] if p.slug not in HIDDEN]
    assert [each.place for each in seen.people] == list(range(1, 21))
    assert seen.people[0].name == "Nora Number1"
    assert (seen.hidden, seen.others, seen.repeated, seen.pages, seen.doubt) == (3, 2, 0, 3, None)
    assert here.told("visits") == []


def test_a_search_stopped_on_the_way_says_so_and_names_doubled_for_screen_readers_are_one(scene: Scene) -> None:
    here = scene({"doubled_text": True}, PEOPLE, CONNECTED)
    seen = PeopleSearchPage(here.site).read("keywords=nurse", max_pages=1)
    assert len(seen.people) == 10
    assert seen.people[0].name == "Nora Number1"
    assert seen.doubt == "stopped after 1 pages, as asked; the site offers more."


def test_a_search_without_results_is_empty_only_where_the_page_says_so(scene: Scene) -> None:
    here = scene({"language": "fr"}, PEOPLE, CONNECTED)
    seen = PeopleSearchPage(here.site).read("keywords=astronaut")
    assert (seen.people, seen.doubt) == ([], None)
    here.fault("fragment_fails", path="/voyager/api/search", times=None)
    with pytest.raises(PageUnreadableError):
        PeopleSearchPage(here.site).read("keywords=nurse")


def test_a_title_and_a_picture_of_different_people_are_refused(scene: Scene) -> None:
    here = scene({}, PEOPLE, CONNECTED)
    here.site.page.route(
        "**/voyager/api/search**",
        lambda route: _answered(route, 'tabindex=\\"-1\\"', 'tabindex=\\"-1\\" data-x', "/in/nurse-2/", "/in/nurse-9/"),
    )
    try:
        with pytest.raises(PageUnreadableError, match="different people"):
            PeopleSearchPage(here.site).read("keywords=nurse")
    finally:
        here.site.page.unroute("**/voyager/api/search**")


def _answered(route, *swaps):
    response = route.fetch()
    text = response.text()
    for old, new in zip(swaps[::2], swaps[1::2], strict=True):
        text = text.replace(old, new, 1)
    route.fulfill(response=response, body=text)
