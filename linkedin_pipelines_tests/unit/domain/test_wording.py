"""The words of a wish: checked before use, and not repeated while others are left."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkedin_pipelines.domain.wording import Spoken, Template, choose
from linkedin_pipelines.domain.wording_files import built_in_wordings, load_wordings
from linkedin_pipelines.errors import ConfigurationError

LANGUAGES = ("de", "en", "es", "fr")
RIGHT = '[on_time]\na = "Happy birthday, {first_name}!"\n[late]\nb = "Belated happy birthday, {first_name}!"\n'


def templates(count: int, *, named: bool = True) -> list[Template]:
    greeting = ", {first_name}" if named else ""
    return [Template(f"en/on_time/t{n}", f"Wish number {n}{greeting}!", late=False) for n in range(count)]


def test_every_language_has_its_wishes_on_time_and_late():
    wordings = built_in_wordings()
    assert wordings.languages == LANGUAGES
    for language in LANGUAGES:
        assert sum(template.has_name for template in wordings.of(language, late=False)) >= 15
        assert sum(template.has_name for template in wordings.of(language, late=True)) >= 15
        assert any(not template.has_name for template in wordings.of(language, late=False))
        assert any(not template.has_name for template in wordings.of(language, late=True))


def test_no_wish_speaks_of_age_or_of_numbers_or_shouts():
    for language in LANGUAGES:
        for late in (False, True):
            for template in built_in_wordings().of(language, late=late):
                assert not re.search(
                    r"\d|\b(years? old|young|ans|jung|alt|años|jeune|joven|edad|âge|age)\b", template.text
                )
                assert template.text.count("!") <= 2
                assert all(ord(character) < 0x2000 for character in template.text)


def test_a_late_wish_says_so_and_one_in_time_does_not():
    """A word of lateness for each language; a wish in time must hold none of them."""
    late_words = {
        "en": r"late|belated|missed|passed|after the fact|was a good",
        "fr": r"retard|tard|manqué|passé|après le jour|a été",
        "de": r"nachträglich|spät|verpasst|vorbei|nach|Verspät|war der",
        "es": r"tarde|atrasad|retraso|tardí|pasó|se me pasó|haya sido",
    }
    for language, words in late_words.items():
        for template in built_in_wordings().of(language, late=True):
            assert re.search(words, template.text, re.IGNORECASE), template.key
        for template in built_in_wordings().of(language, late=False):
            assert not re.search(rf"\b({words})", template.text, re.IGNORECASE), template.key


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('"Hi {firstname}!"', r"en.toml: on_time.a: unknown field {firstname}"),
        ('"Hi {}!"', "unknown field {}"),
        ('"Hi {0}!"', "unknown field {0}"),
        ('"Hi {first_name.__class__}!"', "unknown field"),
        ('"Hi {first_name!r}!"', "a brace may only stand"),
        ('"Hi {first_name:>99}!"', "a brace may only stand"),
        ('"Hi {{first_name}}!"', "a brace may only stand"),
        ('"Hi {first_name!"', "brace"),
        ('"Hi first_name}!"', "brace without its partner"),
        ('"{first_name} and {first_name}"', "more than once"),
        ('"Hi\\nthere"', "one line"),
        ('" Hi"', "one line"),
        ('""', "must be a text"),
        ("5", "must be a text"),
        (f'"{"x" * 301}"', "longer than 300"),
        ('"Belated happy birthday,  {FIRST_NAME}!"', "unknown field"),
        ('"BELATED happy birthday, {first_name}!"', "says the same as"),
    ],
)
def test_a_template_with_an_unknown_field_found_out_with_the_composer_open(tmp_path, text, fault):
    """It is refused when templates are loaded, by file and name, and so is every other fault."""
    (tmp_path / "en.toml").write_text(RIGHT.replace('"Happy birthday, {first_name}!"', text), "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(fault)):
        load_wordings(tmp_path)


def test_a_file_without_late_wishes_a_wrong_section_and_a_wrong_name_are_all_told_at_once(tmp_path):
    (tmp_path / "english.toml").write_text(RIGHT, "utf-8")
    (tmp_path / "fr.toml").write_text('[on_time]\na = "Bonjour"\n[early]\nb = "Trop tôt"\n', "utf-8")
    (tmp_path / "xx.toml").write_text("not toml", "utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        load_wordings(tmp_path)
    lines = str(refusal.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["english.toml", "fr.toml", "fr.toml", "xx.toml"]


def test_a_members_own_file_adds_to_a_language(tmp_path):
    (tmp_path / "en.toml").write_text(RIGHT.replace("a =", "mine =").replace("!", "!!", 1), "utf-8")
    (tmp_path / "it.toml").write_text(RIGHT, "utf-8")
    both = load_wordings(tmp_path.parent / "none", tmp_path)
    assert both.languages == ("en", "it")


def test_every_wish_is_recognised_as_ours_whoever_it_greets():
    wordings = built_in_wordings()
    for each in (each for group in wordings.templates.values() for each in group):
        assert wordings.recognise(each.render("Anna-Maria") if each.has_name else each.text) is not None
    assert wordings.recognise("Shall we meet on Monday?") is None


def test_nobody_hears_the_same_twice_while_something_else_is_left():
    heard: list[str] = []
    for year in range(2020, 2025):
        chosen = choose(templates(5), "Anna", Spoken(heard), seed=f"demo|anna|{year}")
        assert chosen is not None
        assert chosen.key not in heard
        heard += [chosen.key, chosen.render("Anna")]
    again = choose(templates(5), "Anna", Spoken(heard), seed="demo|anna|2026")
    assert again is not None
    assert again.key == heard[0], "when all was said, what was said longest ago"


def test_words_heard_under_another_templates_name_are_not_repeated():
    first, second = templates(2)
    assert choose([first, second], "Anna", Spoken([first.render("Anna")]), "seed") == second


@given(st.integers(1, 15), st.integers(1, 15))
@settings(max_examples=40)
def test_none_alike_within_a_day_while_enough_remain(people, available):
    today: Counter[str] = Counter()
    for person in range(people):
        chosen = choose(templates(available), "Anna", Spoken(today=today), seed=f"demo|{person}|2026")
        assert chosen is not None
        today[chosen.key] += 1
    assert max(today.values()) - min((today[each.key] for each in templates(available)), default=0) <= 1


def test_without_a_safe_name_only_a_wish_without_one_will_do():
    nameless = templates(1, named=False)
    assert choose([*templates(5), *nameless], None, Spoken(), "seed") == nameless[0]
    assert choose(templates(5), None, Spoken(), "seed") is None
    assert choose([*nameless, *templates(1)], "Anna", Spoken(), "seed") == templates(1)[0]


def test_the_choice_does_not_depend_on_the_process():
    """Python's own hash differs from process to process; ours must not, or a rebuild would change approved words."""
    chosen = choose(templates(10), "Anna", Spoken(), "demo|anna-example|2026")
    assert chosen is not None
    assert chosen.key == "en/on_time/t7"
