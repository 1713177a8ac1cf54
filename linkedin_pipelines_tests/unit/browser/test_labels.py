"""Tables of words: whole, checked, and compared without regard to how the site writes them."""

from __future__ import annotations

import pytest

from linkedin_pipelines.browser import labels


def test_four_languages_have_tables() -> None:
    assert labels.available() == ("de", "en", "es", "fr")


@pytest.mark.parametrize("language", labels.available())
def test_every_table_is_whole(language: str) -> None:
    table = labels.load(language)
    assert table.language == language
    for section in (table.controls, table.limits, table.calendar, table.birthdays):
        for field in type(section).model_fields:
            assert getattr(section, field), f"{language}: {field} is empty"
    assert all(table.calendar.months)
    assert all(table.calendar.weekdays)


@pytest.mark.parametrize(
    ("language", "meaning", "name"),
    [
        ("en", "message", "Message"),
        ("en", "message", "message jane o\u2019neil"),
        ("fr", "message", "Envoyer un message"),
        ("fr", "message", "Envoyer\u00a0un\u00a0message à Jean"),
        ("fr", "more", "Plus d\u2019actions"),
        ("de", "message", "Nachricht an Jürgen senden"),
        ("de", "connect", "Jürgen als Kontakt einladen"),
        ("fr", "close", "Fermer"),
        ("es", "send", "Enviar"),
    ],
)
def test_names_of_controls_match_as_the_site_writes_them(language: str, meaning: str, name: str) -> None:
    assert labels.load(language).control(meaning).match(name)


@pytest.mark.parametrize(
    ("language", "meaning", "name"),
    [
        ("en", "message", "Messages"),
        ("en", "send", "Send profile in a message"),
        ("en", "more", "More profiles for you"),
        ("fr", "send", "Envoyer un message"),
        ("pt", "message", "Message"),
    ],
)
def test_other_names_do_not(language: str, meaning: str, name: str) -> None:
    assert not labels.load(language).control(meaning).match(name)


def test_a_page_is_read_in_the_language_it_declares() -> None:
    assert labels.for_page("fr-FR").language == "fr"
    assert labels.for_page("pt-BR").controls.message == ()
    assert set(labels.for_page(None).controls.send) >= {"Send", "Envoyer", "Senden", "Enviar"}


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("You\u2019ve reached the weekly limit", "weekly_limit"),
        ("Votre compte est temporairement\u00a0restreint", "restricted"),
        ("Message sent", None),
        ("", None),
    ],
)
def test_limits_are_known_in_any_language(text: str, limit: str | None) -> None:
    assert labels.limit_in(text) == limit
