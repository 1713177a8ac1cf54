"""How long the browser waits for what. Every wait in this package is one of these; all are milliseconds."""

from __future__ import annotations

NAVIGATION = 30_000
"""A page that has not answered by then hangs."""

ELEMENT = 10_000
"""Pages render late, in several steps; an element that is not there by then is not there."""

ACTION = 5_000
"""A visible, enabled control that cannot be clicked by then is covered by something."""

THREAD = 10_000
"""For a conversation to load and come to rest."""

REST = 600
"""A list that has not changed for so long has come to rest."""

EMPTY_REST = 2_000
"""An empty list has to stay empty for so long: it may merely not have been rendered yet."""

PROOF = 15_000
"""For a message just sent to appear in its conversation."""

PROOF_STAYS = 1_500
"""A message shown before the server took it disappears, or is marked, within this time after the server's refusal."""

POLL = 150
"""Between two looks at a page that is changing."""

CLOSING = 3_000
"""For a bubble or a dialog to go away once its close control was pressed."""

DRAFT = 1_500
"""The site keeps drafts a moment after the last change; an emptied editor has to be noticed before it is closed."""
