"""What to call somebody: surely a first name, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.first_names import safe_first_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane", "Jane"),
        ("  Jane ", "Jane"),
        ("JANE", "Jane"),
        ("jane", "Jane"),
        ("JEAN-PIERRE", "Jean-Pierre"),
        ("jean-pierre", "Jean-Pierre"),
        ("DeShawn", "DeShawn"),
        ("O'NEIL", "O'Neil"),
        ("D’Arcy", "D'Arcy"),
        ("ÉLODIE", "Élodie"),
        ("İBRAHİM", "İbrahim"),
        ("Łukasz", "Łukasz"),
        ("Mary Ann", "Mary Ann"),
        ("Maria J.", "Maria"),
        ("Dr. Jane", "Jane"),
        ("Prof. Dr. med. Anna", "Anna"),
        ("M. Jean", "Jean"),
        ("Mme Claire", "Claire"),
        ("Dipl.-Ing. Hans", "Hans"),
        ("Jane, PhD", "Jane"),
        ("Jane PhD", "Jane"),
        ("Jane | Growth Hacker", "Jane"),
        ("Jane - Recruiter", "Jane"),
        ("Anna (she/her)", "Anna"),
        ("Anna (she/her", "Anna"),
        ('Robert "Bob"', "Robert"),
        ("Robert “Bob”", "Robert"),
        ("🎂 Anna 🎉", "Anna"),
        ("Anna 👩🏽‍💻", "Anna"),
        ("Anna❤️", "Anna"),
        ("𝐉𝐚𝐧𝐞", "Jane"),
        ("李", "李"),
        ("МАРИЯ", "Мария"),
        ("नेहा", "नेहा"),
        ("محمد", "محمد"),
        ("Thierry", "Thierry"),
    ],
)
def test_a_name_is_found_in_what_people_write_around_it(written, name):
    assert safe_first_name(written) == name


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            " ",
            "J",
            "J.",
            "J.R.",
            "JP",
            "J. Robert",
            "123",
            "🎂",
            "Dr.",
            "PhD",
            "MD",
            "jane@example.org",
            "C++ Guru",
        ),
        *("{first_name}", "LinkedIn", "Recruiting Team", "X Æ A-12", "www.example.org", "-", "'", "Ng", "Bcdfg"),
        *("A" * 40, "Anna Maria Luisa Sofia", "Jane\x00", "<b>Jane</b>"),
    ],
)
def test_what_is_not_surely_a_name_is_none(written):
    assert safe_first_name(written) is None


@given(st.text(max_size=60))
def test_a_safe_name_is_made_of_letters_and_harmless_in_a_template(written):
    name = safe_first_name(written)
    if name is not None:
        assert 0 < len(name) <= 30
        assert all(character.isalpha() or character in " -'" or not character.isascii() for character in name)
        assert name == name.strip()
        assert safe_first_name(name) is not None
