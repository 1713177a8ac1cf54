"""Templates of wishes as files, checked before anybody is greeted with them.

One file a language, `en.toml`, with the sections `[on_time]` and `[late]`; a member may add a folder of their own. A
fault in any template refuses them all at load, never with a composer open.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

from linkedin_pipelines.domain.wording import FIELD, Template, Wordings
from linkedin_pipelines.errors import ConfigurationError

LENGTH_LIMIT = 300
"""Characters of a template: a wish is a line or two."""
BUILT_IN = Path(__file__).with_name("wordings")
_SECTIONS = ("on_time", "late")
_NEEDED = dict.fromkeys(_SECTIONS, "wishes on time and late ones")
_KEY_LIMIT = 100


@cache
def built_in_wordings() -> Wordings:
    """The templates that come with the product."""
    return load_wordings(BUILT_IN)


def load_wordings(*folders: Path, sections: Sequence[str] = _SECTIONS) -> Wordings:
    """All `<language>.toml` files of the folders; a later folder adds to a language, or brings one of its own.

    Raises:
        ConfigurationError: one line for each fault, naming file and template; no template is used before all are right.
    """
    faults: list[str] = []
    found: dict[str, dict[str, Template]] = {}
    places: dict[tuple[str, str], str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        language = path.stem
        templates = found.setdefault(language, {})
        for section, name, text in _templates_of(path, faults, sections):
            place = f"{path.name}: {section}.{name}"
            key = f"{language}/{section}/{name}"
            other = places.setdefault((language, " ".join(text.split()).casefold()), place)
            if len(key) > _KEY_LIMIT or key in templates:
                faults.append(f"{place}: the name is taken or too long; choose another")
            elif other != place:
                faults.append(f"{place}: says the same as {other}")
            else:
                templates[key] = Template(key, text, late=section == "late")
    if faults:
        raise ConfigurationError("\n".join(faults))
    return Wordings({language: tuple(templates.values()) for language, templates in found.items()})


def _templates_of(path: Path, faults: list[str], sections: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Section, name and text of every right template of a file; what is wrong is added to `faults`."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        faults.append(f"{path.name}: cannot be read as TOML: {error}")
        return
    if len(path.stem) != 2 or not path.stem.isascii() or not path.stem.islower():
        faults.append(f"{path.name}: the name of the file must be a language of two letters, like en.toml")
    unknown = sorted(content.keys() - {*sections})
    known = " and ".join(sections)
    faults.extend(f"{path.name}: {key}: unknown section; known are {known}" for key in unknown)
    for section in sections:
        entries = content.get(section)
        if not isinstance(entries, dict) or not entries:
            faults.append(f"{path.name}: {section}: is missing; each language needs {_NEEDED.get(section, 'some')}")
            continue
        for name, text in entries.items():
            if fault := _fault_of(text):
                faults.append(f"{path.name}: {section}.{name}: {fault}")
            else:
                yield section, name, text


def _fault_of(text: object) -> str | None:
    """What is wrong with a template, or None."""
    if not isinstance(text, str) or not text.strip():
        return "must be a text"
    fault = None
    if text != text.strip() or any(ord(character) < 32 or character in "\u2028\u2029" for character in text):
        fault = "must be one line, without blanks around it"
    elif len(text) > LENGTH_LIMIT:
        fault = f"is longer than {LENGTH_LIMIT} characters"
    return fault or _fault_of_braces(text)


def _fault_of_braces(text: str) -> str | None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return "has a brace without its partner"
    fields = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    if unknown := [name for name, _, _ in fields if name != FIELD]:
        return f"unknown field {{{unknown[0]}}}; {{{FIELD}}} is the only one"
    if any(spec or conversion for _, spec, conversion in fields) or "{{" in text or "}}" in text:
        return f"a brace may only stand in {{{FIELD}}}"
    return "greets by name more than once" if len(fields) > 1 else None
