"""One person's name as different pages write it."""

from __future__ import annotations

import pytest

from linkedin_pipelines.browser.launch import browser_environment
from linkedin_pipelines.browser.text import same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. Ada Northmill, PhD", "Ada Northmill"),
        ("🌱 Ada Northmill", "Ada Northmill"),
        ("Anne-Marie O\u2019Neil", "anne-marie o'neil"),
        ("王 小明", "王 小明"),
    ],
)
def test_titles_credentials_and_emoji_do_not_make_another_person(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada Northmill", "Ada"), ("Jack Ma", "Jack"), ("Ada Northmill", "Ada Southmill"), ("", ""), ("🌱", "🎂")],
)
def test_other_words_make_another_person(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_the_browser_gets_no_secret_of_ours() -> None:
    ours = {
        "PATH": "/bin", "DISPLAY": ":1", "LC_ALL": "C.UTF-8", "LINKEDIN_SECRET_KEY": "k", "PGPASSWORD": "p",
        "LINKEDIN_DATABASE_URL": "postgresql://u:p@h/d",
    }  # fmt: skip
    assert set(browser_environment(ours)) == {"PATH", "DISPLAY", "LC_ALL"}
