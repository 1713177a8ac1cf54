"""The first day that campaigns have a partition for: the day on which the first account came here.

Days before it were nobody's: as partitions they would be missing for ever, and the graph would never be filled. A
birthday missed shortly before the first day stands on the first day's own list.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linkedin_pipelines.db.accounts import registry as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.jobs import FIRST_DAY
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.settings import Settings

_BEHIND = timedelta(hours=12)
"""How far the last place on Earth to begin a day is behind UTC."""


def first_day(database: Database, now: datetime) -> date:
    """The earliest local day of any account, retired ones too, or of a list; today where there is no account yet.

    Raises:
        DatabaseUnavailableError: there is no reaching the database.
    """
    with database.reading() as session:
        known = [local_day(account.created_at, account.config.zone) for account in rows.all_accounts(session)]
        listed = rows.first_list_date(session)
    days = [*known, *([listed] if listed is not None else [])]
    return max(FIRST_DAY, min(days, default=(now - _BEHIND).date()))


def first_day_here(settings: Settings, now: datetime) -> date:
    """The first day of this installation; the product's own first day where no database can be asked."""
    if settings.first_day is not None:
        return settings.first_day
    try:
        database = open_database(settings)
    except LinkedInPipelinesError:
        return FIRST_DAY  # whatever is wrong is told where the database is needed; a day too many does no harm
    try:
        database.require_current_schema()
        return first_day(database, now)
    except LinkedInPipelinesError:
        return FIRST_DAY
    finally:
        database.dispose()
