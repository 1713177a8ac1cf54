"""Wishes and requests to stop are recognised in the languages people write in, and nothing else is."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.phrases import is_stop_request, is_wish


@pytest.mark.parametrize(
    "text",
    [
        "Happy birthday Priya!",
        "HAPPY\u00a0BIRTHDAY",
        "Happy belated birthday, Jo",
        "Joyeux anniversaire avec un peu de retard !",
        "Je vous souhaite un très joyeux anniversaire.",
        "Alles Gute zum Geburtstag!",
        "Herzlichen Glückwunsch nachträglich zum Geburtstag",
        "¡Feliz cumpleaños, Lucía!",
        "Wishing you a very happy birthday!",
    ],
)
def test_a_birthday_wish_is_recognised(text: str) -> None:
    assert is_wish(text)


@pytest.mark.parametrize(
    "text", ["Congrats on your work anniversary!", "Thanks for the birthday card", "Lunch?", "Coach, 30 days to joy"]
)
def test_other_messages_are_no_wishes(text: str) -> None:
    assert not is_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop messaging me.",
        "please don’t contact me again",
        "STOP",
        "Unsubscribe!",
        "Merci de ne plus m'écrire.",
        "Arrêtez de m’écrire",
        "Bitte schreiben Sie mir nicht mehr",
        "Deje de escribirme, por favor",
    ],
)
def test_a_request_to_be_left_alone_is_recognised(text: str) -> None:
    assert is_stop_request(text)


@pytest.mark.parametrize(
    "text", ["I can't stop smiling", "Don't stop the good work!", "Never stop learning", "Next stop: Paris", "Danke!"]
)
def test_a_happy_person_asks_for_nothing(text: str) -> None:
    assert not is_stop_request(text)
