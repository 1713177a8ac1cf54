"""The birthday of a contact info is read for certain, or not at all."""

from __future__ import annotations

import pytest

from linkedin_pipelines.errors import PageUnreadableError, StopSignError
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE

LEAP = Person(slug="le-ap", first_name="Le", last_name="Ap", birthday="02-29", email="birthday@example.org")
HIDDEN = Person(slug="hid-den", first_name="Hid", last_name="Den", birthday="03-18", birthday_visible=False)
PLAIN = Person(slug=JANE, first_name="Jane", last_name="Doe", birthday="08-01")
PEOPLE = (PLAIN, LEAP, HIDDEN)


@pytest.mark.parametrize(
    ("language", "generation"), [("en", "sdui"), ("fr", "ember"), ("de", "data_view"), ("es", "sdui")]
)
def test_month_and_day_in_four_languages_and_nothing_where_none_is_shown(
    stage: StageMaker, language: str, generation: str
) -> None:
    here = stage({"language": language, "generation": generation, "typographic": True}, people=PEOPLE)
    assert here.browser.contact_birthday(JANE) == (8, 1)
    assert here.browser.contact_birthday("le-ap") == (2, 29)
    assert here.browser.contact_birthday("hid-den") is None
    assert [visit["person"] for visit in here.told("visits")] == [JANE, "le-ap", "hid-den"]


def test_a_language_without_words_is_refused_since_another_field_holds_a_date_too(stage: StageMaker) -> None:
    with pytest.raises(PageUnreadableError, match="language"):
        stage({"language": "pt"}, people=PEOPLE).browser.contact_birthday(JANE)


def test_a_dialog_in_the_shadow_of_the_outlet_is_read_too(stage: StageMaker) -> None:
    assert stage({"outlet": "shadow"}, people=PEOPLE).browser.contact_birthday(JANE) == (8, 1)


def test_a_contact_info_that_did_not_come_is_not_one_without_birthday(stage: StageMaker) -> None:
    here = stage(people=PEOPLE)
    here.fault("fragment_fails", path=f"/voyager/api/profile/{JANE}/contact-info", times=None)
    with pytest.raises(PageUnreadableError) as caught:
        here.browser.contact_birthday(JANE)
    assert caught.value.evidence


def test_a_stop_sign_instead_of_the_contact_info_is_told_as_one(stage: StageMaker) -> None:
    here = stage(people=PEOPLE)
    here.fault("http_429", path=f"/in/{JANE}/overlay/", times=None)
    with pytest.raises(StopSignError) as caught:
        here.browser.contact_birthday(JANE)
    assert caught.value.sign == "rate_limited"
