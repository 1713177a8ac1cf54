"""Whether somebody at this machine would see the browser's window."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from linkedin_pipelines.settings import Settings


def why_no_window(settings: Settings, environment: Mapping[str, str] | None = None) -> str | None:
    """Why it would not be seen, and the way out; None if it would. Without `environment`, ours is looked at."""
    if settings.browser_headless:
        return "the browser has no window: set LINKEDIN_BROWSER_HEADLESS=0"
    given = os.environ if environment is None else environment
    if sys.platform == "linux" and not (given.get("DISPLAY") or given.get("WAYLAND_DISPLAY")):
        return "this machine has no screen (neither DISPLAY nor WAYLAND_DISPLAY is set): run the product on a desktop"
    return None
