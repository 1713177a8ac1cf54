"""How long the browser waits for what: one value of this kind for each browser, and every wait is one of its fields.

Most of it is spent in looks at the page, `poll` apart, and a busy machine takes longer for each: see `waiting`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeouts:
    """All in milliseconds. The defaults suit the real site, from a small machine over a slow line."""

    window: int = 60_000
    """A browser that has not opened an empty page by then never will."""
    navigation: int = 30_000
    """A page that has not answered by then hangs."""
    bounce: int = 12_000
    """A signed-in visit may pass the sign-in page for 6 to 8 seconds, with no form on it, and come back."""
    step: int = 300_000
    """Every wait of a step has a limit of its own, and together they stay far below this: only a page whose script
    never ends, and so answers no question about itself, takes longer."""
    element: int = 10_000
    """Pages render late, in several steps; an element that is not there by then is not there."""
    action: int = 5_000
    """A visible, enabled control that cannot be clicked by then is covered by something."""
    thread: int = 10_000
    """For a conversation to load and come to rest."""
    rest: int = 600
    """A list that has not changed for so long has come to rest."""
    empty_rest: int = 2_000
    """An empty list has to stay empty for so long: it may merely not have been rendered yet."""
    screenshot: int = 30_000
    """For a picture of a page that is drawn; drawing it takes the processor, however fast the site is."""
    proof: int = 15_000
    """For a message just sent to appear in its conversation."""
    proof_stays: int = 1_500
    """A message shown before the server took it disappears, or is marked, within this time after the refusal."""
    poll: int = 150
    """Between two looks at a page that is changing."""
    closing: int = 3_000
    """For a bubble or a dialog to go away once its close control was pressed."""
    draft: int = 1_500
    """The site keeps drafts a moment after the last change; an emptied editor has to be noticed before it is closed."""
