"""Before the containers start: the home has this image's Dagster configuration, the database this code's schema."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.settings import Settings

if __name__ == "__main__":
    try:
        settings = Settings.from_environment()
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.home.chmod(0o700)
        shutil.copyfile(Path(__file__).with_name("dagster.yaml"), settings.home / "dagster.yaml")
        database = Database(settings.database_url)
        database.upgrade()
        database.dispose()
    except (LinkedInPipelinesError, OSError) as error:
        sys.exit(f"error: {error}")
