"""What pages are made of, per generation and language: the marks by which the real site's pages are known."""

from __future__ import annotations

import re

import pytest

from linkedin_pipelines.sandbox.phrases import Phrases, labels_of
from linkedin_pipelines.sandbox.world import Person, World

from .conftest import Visitor, world_with

LANGUAGES = ("en", "fr", "de", "es", "pt")
GENERATIONS = ("sdui", "data_view", "ember")


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_drawn(language: str, generation: str) -> None:
    controls = {"en": "native", "fr": "button", "de": "a", "es": "div", "pt": "native"}[language]
    visitor = Visitor(
        world_with(language=language, generation=generation, controls=controls, doubled_text=True, typographic=True)
    )
    jane = visitor.named("Jane Whitfield")
    for path in ("/feed/", f"/in/{jane.slug}/", "/messaging/compose/", "/mynetwork/", "/jobs/"):
        page = visitor.http.get(path)
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text
        assert 'href="/feed/"' in page.text
        assert 'href="/mynetwork/"' in page.text
    for piece in (
        "feed",
        "rail",
        f"profile/{jane.slug}",
        f"profile/{jane.slug}/experience?inline=1",
        f"profile/{jane.slug}/contact-info",
        "catch-up/all",
        "connections",
        "search?keywords=a",
        "invitations/sent",
        f"messaging/compose?recipient={jane.recipient}",
        f"messaging/bubble?recipient={jane.recipient}",
        "messaging/overlay",
    ):
        assert len(visitor.html(f"/voyager/api/{piece}")) > 100, piece
    visitor.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_labels_with_the_same_fields(language: str) -> None:
    def fields(labels: dict[str, object]) -> dict[str, list[str]]:
        return {key: sorted(set(re.findall(r"{(\w+)}", str(label)))) for key, label in labels.items()}

    theirs, english = fields(labels_of(language)), fields(labels_of("en"))
    for key in ("month_day", "month_day_year", "birthday_date"):
        assert theirs.pop(key) == english.pop(key)
    assert theirs == english


def test_a_language_without_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="no interface in 'xx'"):
        labels_of("xx")


def test_french_elides_and_typography_curls() -> None:
    french = Phrases("fr")
    assert french("moment_late", first="Frédéric", day="10 nov.") == (
        "Célébrez l'anniversaire récent de Frédéric le 10 nov."
    )
    assert french("moment_today", first="Élodie") == "Célébrez l'anniversaire d'Élodie aujourd'hui"
    assert Phrases("fr", typographic=True)("wish_late") == "Joyeux anniversaire avec un peu de retard\u202f!"
    assert "Aujourd\u2019hui" in Phrases("fr", typographic=True)("today")


def test_a_profile_of_the_newest_generation_has_no_lasting_class_names() -> None:
    first, second = Visitor(world_with()), Visitor(world_with())
    jane = first.named("Jane Whitfield")
    pages = [v.html(f"/voyager/api/profile/{jane.slug}") for v in (first, second)]
    classes = [set(" ".join(re.findall(r'class="([^"]*)"', page)).split()) for page in pages]
    assert {name for name in classes[0] & classes[1] if name.startswith("_")} == set()
    assert 'data-sdui-screen="com.linkedin.sdui.flagshipnav' in pages[0]
    assert re.search(r'<h2 class="_\w+">Jane Whitfield</h2>', pages[0])
    assert re.search(r'<p class="_\w+">· 1st</p>', pages[0])
    href = (
        f"/messaging/compose/?profileUrn=urn%3Ali%3Afsd_profile%3A{jane.member_id}&amp;recipient={jane.recipient}&amp;"
    )
    assert f'href="{href}screenContext=' in pages[0]
    assert "interop=msgOverlay" in pages[0]


def test_a_profile_of_the_oldest_generation() -> None:
    visitor = Visitor(world_with(generation="ember"))
    page = visitor.html(f"/voyager/api/profile/{visitor.named('Jane Whitfield').slug}")
    assert re.search(r"<h1 class=\"[^\"]*text-heading-xlarge\">Jane Whitfield</h1>", page)
    assert 'aria-label="Message Jane"' in page
    assert '<span class="dist-value">1st</span>' in page
    assert 'class="text-body-medium break-words"' in page
    assert 'class="text-body-small inline t-black--light break-words"' in page
    assert "/messaging/compose/" not in page


@pytest.mark.parametrize("name", ["urn", "former", "upper"])
def test_a_profile_is_found_by_its_other_addresses_and_leads_to_the_present_one(name: str) -> None:
    world = world_with()
    people = tuple(p.model_copy(update={"former_slugs": (f"old-{p.slug}",)}) for p in world.people)
    visitor = Visitor(world.model_copy(update={"people": people}))
    jane = visitor.named("Jane Whitfield")
    address = {"urn": jane.member_id, "former": f"old-{jane.slug}", "upper": jane.slug.upper()}[name]
    answer = visitor.http.get(f"/voyager/api/profile/{address}").json()
    assert answer["title"] == "Jane Whitfield | LinkedIn"
    assert answer["path"] == f"/in/{jane.slug}/"


def test_a_person_who_is_gone_is_not_found() -> None:
    world = world_with()
    gone = tuple(p.model_copy(update={"gone": True}) for p in world.people)
    visitor = Visitor(world.model_copy(update={"people": gone}))
    answer = visitor.http.get(f"/voyager/api/profile/{gone[0].slug}").json()
    assert answer["path"] == "/404/"
    assert "Jane" not in answer["html"]


def test_ones_own_profile_can_be_edited_and_not_messaged(visitor: Visitor) -> None:
    assert visitor.http.get("/in/me/").headers["location"] == "/in/demo-member/"
    page = visitor.html("/voyager/api/profile/demo-member")
    assert "/in/demo-member/edit/intro/" in page
    assert "/messaging/compose/" not in page


def test_strangers_have_message_controls_too(visitor: Visitor) -> None:
    jane = visitor.named("Jane Holloway")
    page = visitor.html(f"/voyager/api/profile/{jane.slug}")
    assert "· 2nd" in page
    assert "/messaging/compose/" in page
    assert f"/preload/custom-invite/?vanityName={jane.slug}" in page


def test_the_rail_shows_others_with_the_same_controls(visitor: Visitor) -> None:
    jane = visitor.named("Jane Whitfield")
    rail = visitor.html(f"/voyager/api/rail?profile={jane.slug}")
    assert jane.slug not in rail
    assert re.search(r'aria-label="Invite [^"]+ to connect"', rail)
    assert "/messaging/compose/" in rail


def test_contact_info_gives_a_birthday_as_month_and_day_to_connections_only(visitor: Visitor) -> None:
    jane, stranger = visitor.named("Jane Whitfield"), visitor.named("Jane Holloway")
    page = visitor.html(f"/voyager/api/profile/{jane.slug}/contact-info")
    assert re.search(r"<p class=\"_\w+\">Birthday</p><p>March 18</p>", page)
    assert "1985" not in page
    assert "Birthday" not in visitor.html(f"/voyager/api/profile/{stranger.slug}/contact-info")


def test_titles_may_count_notifications() -> None:
    visitor = Visitor(world_with(title_count=3))
    answer = visitor.http.get(f"/voyager/api/profile/{visitor.named('Jane Whitfield').slug}").json()
    assert answer["title"] == "(3) Jane Whitfield | LinkedIn"


def test_a_world_is_data_and_goes_through_json(visitor: Visitor) -> None:
    world = visitor.site.world
    assert World.model_validate_json(world.model_dump_json()) == world


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"people": [{"slug": "a", "first_name": "A", "last_name": "B", "pronouns": "x"}]}, "pronouns"),
        ({"people": [{"slug": "a", "first_name": "A", "last_name": "B", "birthday": "12 April"}]}, "birthday"),
        ({"people": [{"slug": "a", "first_name": "A", "last_name": "B"}] * 2}, "'a' is there twice"),
        ({"people": []}, "refers to 'a'"),
    ],
)
def test_a_wrong_world_is_refused_by_name(change: dict[str, object], complaint: str) -> None:
    good = {
        "members": [
            {"account": "demo", "slug": "me", "first_name": "D", "last_name": "M", "relations": [{"person": "a"}]}
        ],
        "people": [{"slug": "a", "first_name": "A", "last_name": "B"}],
    }
    World.model_validate(good)
    with pytest.raises(ValueError, match=complaint):
        World.model_validate({**good, **change})


def test_member_ids_look_like_the_sites() -> None:
    person = Person(slug="jane", first_name="Jane", last_name="Doe")
    assert re.fullmatch(r"ACoAA[\w-]{34}", person.member_id)
    assert person.recipient == person.member_id
