"""The words of a wish: a choice among templates that does not repeat itself.

What belongs here: which template a person gets. What does not: reading and checking them (`domain.wording_files`), and
the templates themselves, which are data (`linkedin_pipelines/domain/wordings`, one file a language).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

FIELD = "first_name"
"""The only field of a template."""
OWN_TEXT = "own"
"""Stands for the template of a text that the member wrote."""
_NAME_LIMIT = 40
_OWN_TEXT_LIMIT = 1000


@dataclass(frozen=True)
class Template:
    """One way to say it."""

    key: str
    """`en/on_time/wonderful-day`: language, section, own name; kept with each wish."""
    text: str
    late: bool

    @cached_property
    def has_name(self) -> bool:
        """Whether it greets by name; asked of every template for every person of a list."""
        return f"{{{FIELD}}}" in self.text

    def suits(self, first_name: str | None) -> bool:
        """Whether it can be said to somebody of that first name, or of none that is surely one."""
        return first_name is not None or not self.has_name

    def made(self, text: str) -> bool:
        """Whether `text` is this template with some short name in it."""
        before, field, after = self.text.partition(f"{{{FIELD}}}")
        if not field:
            return text == before
        name = len(text) - len(before) - len(after)
        return 0 < name <= _NAME_LIMIT and text.startswith(before) and text.endswith(after)

    def render(self, first_name: str | None) -> str:
        """The wish itself.

        Raises:
            ValueError: the template greets by name and there is none.
        """
        if self.has_name and first_name is None:
            raise ValueError(f"{self.key} needs a first name")
        return self.text.format(**{FIELD: first_name})


@dataclass(frozen=True)
class Wordings:
    """Every template, by language."""

    templates: Mapping[str, tuple[Template, ...]]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self.templates))

    def of(self, language: str, *, late: bool) -> tuple[Template, ...]:
        """The templates of a language for a wish on the day, or for a late one; none if the language has no file."""
        return tuple(template for template in self.templates.get(language, ()) if template.late is late)

    def recognise(self, text: str) -> Template | None:
        """The template that `text` was made from, whoever it greets; None if it is of other origin."""
        every = (template for templates in self.templates.values() for template in templates)
        return next((template for template in every if template.made(text)), None)


@dataclass(frozen=True)
class Spoken:
    """What was said before, so that it is not said again."""

    to_person: Sequence[str] = ()
    """Keys of templates, and texts, that this person was sent, oldest first."""
    today: Counter[str] = field(default_factory=Counter)
    """How often each key was chosen for others on the same day."""


def choose(templates: Iterable[Template], first_name: str | None, spoken: Spoken, seed: str) -> Template | None:
    """The template for one person; None if none fits, that is, all of them greet by name and there is no safe one.

    In this order: what the person was never sent, or longest ago; what nobody else got that day, or fewest did; one
    that greets by name; and among equals one picked by `seed`, the same each time.
    """

    def rank(template: Template) -> tuple[int, int, bool]:
        heard = 0
        if spoken.to_person:
            known = {template.key, template.render(first_name)}
            heard = max((place for place, said in enumerate(spoken.to_person, 1) if said in known), default=0)
        return heard, spoken.today[template.key], not template.has_name

    def digest(template: Template) -> bytes:
        return hashlib.sha256(f"{seed}|{template.key}".encode()).digest()

    ranked = [(rank(template), template) for template in templates if template.suits(first_name)]
    best = min((place for place, _ in ranked), default=None)
    equals = [template for place, template in ranked if place == best]
    return min(equals, key=digest) if len(equals) > 1 else next(iter(equals), None)


def fault_of_own_text(text: str) -> str | None:
    """Why a text of the member's own cannot be sent as it stands, or None."""
    if not text.strip() or text != " ".join(text.split()):
        return "must be one line of words, with single blanks between them"
    if any(character in "{}" or ord(character) < 32 for character in text):
        return "holds a brace or a control character, as an unfilled template does"
    return f"is longer than {_OWN_TEXT_LIMIT} characters" if len(text) > _OWN_TEXT_LIMIT else None
