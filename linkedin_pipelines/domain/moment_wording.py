"""The words of a congratulation: templates of their own, a file a language, with a section a kind of moment.

They are apart from the wishes (`domain.wording_files`), so that no congratulation is ever taken for a birthday wish of
the member's, nor the other way round.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from linkedin_pipelines.domain.moments import MomentKind
from linkedin_pipelines.domain.wording import Template, Wordings
from linkedin_pipelines.domain.wording_files import load_wordings

BUILT_IN = Path(__file__).with_name("wordings") / "moments"
SECTIONS = tuple(kind.value for kind in MomentKind)


@cache
def moment_wordings() -> Wordings:
    """The templates that come with the product.

    Raises:
        ConfigurationError: one line for each fault of a template.
    """
    return load_wordings(BUILT_IN, sections=SECTIONS)


def templates_for(language: str, kind: MomentKind) -> tuple[Template, ...]:
    """The templates of a language for one kind of moment; none if the language has no file."""
    return tuple(each for each in moment_wordings().of(language, late=False) if each.key.split("/")[1] == kind.value)
