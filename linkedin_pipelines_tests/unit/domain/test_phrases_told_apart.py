"""The same words may wish, thank or joke: each pair here was, or could be, mistaken for the other."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.phrases import is_stop_request, is_wish


@pytest.mark.parametrize(
    "text",
    [
        "Hi Jo, happy belated 40th birthday!",
        "happy b-day 🎂",
        "Many happy returns of the day",
        "Thanks for connecting and happy birthday!",
        "Thank you, and a very happy birthday to you too",
        "Joyeux et excellent anniversaire, Zoé",
        "Bon anniv’ !",
        "Alles Liebe und Gute zum 50. Geburtstag",
        "Danke dir! Alles Gute zum Geburtstag",
        "Feliz cumple, Ana",
        "Tanti auguri di buon compleanno",
        "С днём рождения!",
        "お誕生日おめでとうございます",
        "<p>Happy&nbsp;Birthday</p>",
    ],
)
def test_wishes(text: str) -> None:
    assert is_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for the happy birthday wishes!",
        "Thank you so much for your birthday message",
        "Merci beaucoup pour ce joyeux anniversaire",
        "Happy work anniversary!",
        "Joyeux anniversaire professionnel !",
        "When is your birthday?",
        "Happy to hear from you. My birthday party was fun",
        "Happy New Year",
    ],
)
def test_no_wishes(text: str) -> None:
    assert not is_wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Please stop messaging me.",
        "stop",
        "Please, stop!",
        "Hi. Could you please stop contacting me? Thanks",
        "Don’t message me again.",
        "No more birthday messages, thanks",
        "take me off your list",
        "Merci de ne plus m’écrire",
        "Arrêtez de m’envoyer des messages",
        "Bitte keine weiteren Nachrichten mehr",
        "Hören Sie bitte auf, mir zu schreiben",
        "Por favor, deja de escribirme",
        "No me escribas más",
    ],
)
def test_requests_to_stop(text: str) -> None:
    assert is_stop_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can't stop smiling",
        "Don't stop messaging me, I love it",
        "Please do not stop writing",
        "I told recruiters to stop messaging me",
        "Why don't you write to me tomorrow?",
        "Next stop: Berlin",
        "The bus stop is here",
        "We should stop by your office",
        "Merci, ça me touche",
        "x" * 500 + " please stop messaging me",
    ],
)
def test_no_requests_to_stop(text: str) -> None:
    assert not is_stop_request(text)
