"""The glossary's terms are the only ones: words that they replaced name nothing any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import linkedin_pipelines

REPLACED = re.compile(
    r"(^|_)(circumstances?|spent|turns?|looks?|sights?|standing|surroundings|pictures?|stores?|vain"
    r"|(?:any|every|no|some)body|whom)(_|$)"
)
"""As parts of a name in snake case. `words` names words, and is no term."""


def names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name) | ast.arg(arg=name):
                yield name
            case ast.Attribute(attr=name):
                yield name


def test_no_name_is_a_word_that_the_glossary_replaced() -> None:
    found = []
    for path in sorted(Path(linkedin_pipelines.__file__).parent.rglob("*.py")):
        for name in {path.stem, *names_in(ast.parse(path.read_text("utf-8")))}:
            snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
            if REPLACED.search(snake):
                found.append(f"{path.name}: {name}")
    assert found == []
