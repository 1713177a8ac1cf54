"""Which change a redesign makes to the pages, as data; `mutation` makes it."""

from __future__ import annotations

from pydantic import Field

from linkedin_pipelines.sandbox.interface import Model


class Mutation(Model):
    """Which change is made to the pages."""

    seed: int
    """The same seed makes the same change, whatever the start of the sandbox."""
    spared: str
    """Slug of the person about whom nothing untrue is shown: no decoy bears their address."""
    rate: float = Field(default=0.02, ge=0, le=0.5)
    """Of how many elements something is changed; of controls, fields, headings and messages of four times as many."""
    renamed: float = Field(default=0.0, ge=0, le=1)
    """Share of the class names that are others after it; their styles go with them."""
