"""What one visit reads of a profile, each field with how or why not; and profiles that are missing."""

from __future__ import annotations

import pytest

from linkedin_pipelines.browser.pages.profile_reading import ProfileReader
from linkedin_pipelines.domain.profiles import Depth, Missing, Position
from linkedin_pipelines.errors import ProfileGoneError
from linkedin_pipelines.sandbox.world import Job, Person
from linkedin_pipelines_tests.browser.network.conftest import Scene
from linkedin_pipelines_tests.browser.stage import TODAY

SKILLS = tuple(f"Skill {n}" for n in range(1, 24))
FULL = Person(
    slug="full-profile", first_name="Fay", last_name="Full", headline="Data engineer · 30 days a month",
    location="Lyon, France", open_to_work=True, skills=SKILLS, certifications=("CKA",),
    experience=(
        Job(title="Lead", company="Contoso", since="2019 - Present · 7 yrs"),
        Job(title="Engineer", company="Globex", since="Jan 2012 - Dec 2015 · 4 yrs"),
    ),
)  # fmt: skip
BARE = Person(
    slug="bare-profile", first_name="Bo", last_name="Bare", headline="#OPEN_TO_WORK is a hashtag", location="Oslo",
    experience=(Job(title="Clerk", company="Initech", since="long ago"),),
)  # fmt: skip
GONE = Person(slug="gone-profile", first_name="Gil", last_name="Gone", gone=True)
PEOPLE = (FULL, BARE, GONE)
EVERY = [("en", "sdui"), ("fr", "ember"), ("de", "data_view"), ("es", "sdui"), ("es", "ember")]


@pytest.mark.parametrize(("language", "generation"), EVERY)
def test_a_full_profile_with_its_lazy_sections_and_details_pages(scene: Scene, language: str, generation: str) -> None:
    here = scene({"language": language, "generation": generation}, PEOPLE, {})
    read = ProfileReader(here.site).read("full-profile", Depth.FULL, TODAY)
    assert (read.name, read.headline.value, read.location.value) == ("Fay Full", FULL.headline, "Lyon, France")
    assert (read.role.value, read.company.value, read.years_of_experience.value) == ("Lead", "Contoso", 10)
    assert (read.degree.value, read.open_to_work.value) == (2, True)
    assert read.experience.items == (
        Position(title="Lead", company="Contoso", dates="2019 - Present · 7 yrs"),
        Position(title="Engineer", company="Globex", dates="Jan 2012 - Dec 2015 · 4 yrs"),
    )
    assert (read.skills.items, read.skills.how) == (SKILLS, "details page")
    assert read.certifications.items == ("CKA",)
    assert set(here.told("visits")) == {"full-profile"}


def test_the_top_alone_leaves_the_sections_unread_and_says_so(scene: Scene) -> None:
    here = scene({"doubled_text": True}, PEOPLE, {})
    read = ProfileReader(here.site).read("full-profile", Depth.TOP, TODAY)
    assert read.headline.value == FULL.headline
    assert {read.skills.missing, read.role.missing, read.years_of_experience.missing} == {Missing.NOT_READ}


def test_an_absent_section_is_empty_and_one_that_did_not_load_is_unknown(scene: Scene) -> None:
    here = scene({"generation": "ember"}, PEOPLE, {"bare-profile": {"degree": 3}})
    read = ProfileReader(here.site).read("bare-profile", Depth.FULL, TODAY)
    assert (read.skills.items, read.skills.missing) == ((), None)
    assert (read.open_to_work.value, read.degree.value) == (False, 3)
    assert read.years_of_experience.missing is Missing.UNREADABLE
    here.fault("fragment_fails", path="/voyager/api/profile/full-profile/skills", times=None)
    read = ProfileReader(here.site).read("full-profile", Depth.FULL, TODAY)
    assert (read.skills.missing, read.certifications.missing) == (Missing.UNREADABLE, Missing.UNREADABLE)
    assert len(read.experience.items) == 2


@pytest.mark.parametrize("generation", ["sdui", "ember"])
@pytest.mark.parametrize("slug", ["gone-profile", "never-was"])
def test_a_missing_profile_is_told_apart(scene: Scene, generation: str, slug: str) -> None:
    here = scene({"generation": generation}, PEOPLE, {})
    with pytest.raises(ProfileGoneError):
        ProfileReader(here.site).read(slug, Depth.FULL, TODAY)
