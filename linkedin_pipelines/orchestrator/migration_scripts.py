"""Dagster's own migration scripts, read once a process instead of at every tick of a sensor.

The code server opens Dagster's storage anew for each tick, and on SQLite that storage compares its revision with the
newest of its scripts: some ninety files found, read and compiled, twice a tick. That was more than half of what the
code server did while nothing was to be done, and a tenth of a launch in the web server, which makes a database for the
run's events. The scripts belong to the installed Dagster, so a process needs them once.
"""

from __future__ import annotations

import sys
from typing import Any

_MODULE = "dagster._core.storage.sql"
_NAME = "ScriptDirectory"


class _ReadOnce:
    """Stands where Dagster's module has Alembic's `ScriptDirectory`, of which it calls `from_config` alone."""

    def __init__(self, directory: Any) -> None:
        self._directory = directory
        self._known: dict[str | None, Any] = {}

    def from_config(self, config: Any) -> Any:
        """The scripts of the configuration's folder. Dagster asks under a lock of its own."""
        location = config.get_main_option("script_location")
        if location not in self._known:
            self._known[location] = self._directory.from_config(config)
        return self._known[location]


def read_once() -> None:
    """Have the scripts kept from now on. Does nothing where Dagster's storage is not loaded: it loads Alembic."""
    module = sys.modules.get(_MODULE)
    found = getattr(module, _NAME, None)
    if module is not None and found is not None and not isinstance(found, _ReadOnce):
        setattr(module, _NAME, _ReadOnce(found))
