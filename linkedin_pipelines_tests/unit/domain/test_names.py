"""Names decide whose birthday it is: what may be one person's, and what may not."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.names import (
    CardName,
    display_name,
    is_whole,
    may_be_one_person,
    middle_agrees,
    name_forms,
    structured_name,
)


@pytest.mark.parametrize(
    ("name", "other", "agree"),
    [
        ("Jane Doe", "Doe Jane", True),
        ("José García", "jose garcia", True),
        ("Jane Doe", "J. Doe", True),
        ("Jan Doe", "Janet Doe", True),
        ("Jane", "Jane Doe", True),
        ("", "Jane Doe", True),
        ("Jane Doe", "Jane Miller", True),  # one of the two names may be of before a marriage
        ("Jane Doe", "John Doe", False),  # a family's address
        ("Jane Doe", "J. Miller", False),
        ("Jan Doe", "Janet Miller", False),
        ("Jo Doe", "Jo Miller", False),  # too short to say much
    ],
)
def test_an_address_is_one_persons_unless_the_names_say_otherwise(name: str, other: str, agree: bool) -> None:
    assert may_be_one_person(name, other) is agree
    assert may_be_one_person(other, name) is agree


@pytest.mark.parametrize(
    ("key", "other", "agree"),
    [
        ("jane marie doe", "jane m doe", True),
        ("jane marie doe", "jane doe", True),
        ("jane marie ann doe", "jane m doe", True),
        ("jane marie doe", "jane sue doe", False),
        ("jane m doe", "jane s doe", False),
        ("jane marie ann doe", "jane m s doe", False),
    ],
)
def test_middle_names_that_differ_tell_two_people_apart(key: str, other: str, agree: bool) -> None:
    assert middle_agrees(key, other, "jane doe") is agree
    assert middle_agrees(other, key, "jane doe") is agree


@pytest.mark.parametrize(
    ("key", "forms"),
    [
        ("王 小明", ["王 小明", "小明 王", "王小明", "小明王"]),
        ("王小明", ["王小明", "王 小明", "小明 王", "王小 明", "明 王小"]),
        ("김 민준", ["김 민준", "민준 김", "김민준", "민준김"]),
        ("jane doe", ["jane doe"]),
        ("jane 小明", ["jane 小明"]),
        ("あいうえおか", ["あいうえおか"]),  # too long to be one name
    ],
)
def test_an_east_asian_name_is_found_however_it_is_written(key: str, forms: list[str]) -> None:
    assert list(name_forms(key)) == forms


@pytest.mark.parametrize(
    ("key", "whole"),
    [
        ("jane doe", True),
        ("jane d.", True),
        ("王明", True),
        ("김민준", True),
        ("jane", False),
        ("王", False),
        ("j. d.", False),
        ("jane 123", False),
        ("", False),
    ],
)
def test_a_first_name_or_initials_alone_tell_no_person(key: str, whole: bool) -> None:
    assert is_whole(key) is whole


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Moss, Ada", ("Ada Moss",)),
        ("Jane Doe, PhD", ("Jane Doe",)),
        ("Jane Doe,", ("Jane Doe",)),
        ("Moss, Ada, Bob", ()),
        ("", ()),
    ],
)
def test_a_display_name_with_commas_is_read_one_way_or_not_at_all(text: str, names: tuple[str, ...]) -> None:
    assert display_name(text) == names


def test_a_card_without_a_family_name_falls_back_on_what_it_shows() -> None:
    assert structured_name("Ada", "", "", ("Ada Moss", "A. Moss")) == CardName("Ada Moss", ("A. Moss",))
    assert structured_name("Ada", "", "", ()) == CardName("Ada")
    assert structured_name("", "", "", ()) == CardName("")
