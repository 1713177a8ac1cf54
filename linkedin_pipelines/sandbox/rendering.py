"""What a redesign knows of the page that it changes; `view` renders such pages."""

from __future__ import annotations

from typing import Any, Protocol

from markupsafe import Markup

from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.phrases import Phrases
from linkedin_pipelines.sandbox.site import Site
from linkedin_pipelines.sandbox.world import Member


class Rendering(Protocol):
    """One rendering for one signed-in member."""

    site: Site
    member: Member
    ui: Interface
    t: Phrases
    bindings: dict[str, dict[str, Any]]

    def bind(self, **behaviour: Any) -> Markup:
        """The attribute by which the page's script finds what a click on this element does."""
        ...
