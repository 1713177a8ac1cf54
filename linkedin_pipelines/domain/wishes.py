"""Whether a message of the member's own is a birthday wish: by what people say, or by our own templates."""

from __future__ import annotations

from linkedin_pipelines.domain.phrases import is_wish
from linkedin_pipelines.domain.wording_files import built_in_wordings


def is_own_wish(text: str) -> bool:
    """Whether `text`, sent by the member, wishes a happy birthday. Our templates need not say "birthday" to be one."""
    return is_wish(text) or built_in_wordings().recognise(text) is not None
