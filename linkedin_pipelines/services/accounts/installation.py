"""The database of this installation, with the key by which it knows again who asked to be forgotten."""

from __future__ import annotations

from functools import partial

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.crypto import marking_key
from linkedin_pipelines.settings import Settings

__all__ = ["Database", "open_database"]  # what Dagster's objects hand on; they reach no further down


def open_database(settings: Settings) -> Database:
    """The database that the settings name; it connects when first used, and the key is read when first needed.

    Raises:
        ConfigurationError: the address is of no database that we know.
    """
    return Database(settings.database_url, marking_key=partial(marking_key, settings))
