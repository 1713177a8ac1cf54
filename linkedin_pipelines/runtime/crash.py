"""Where the traceback of an unexpected error goes, since the member is shown one line."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.settings import Settings


def keep_traceback(error: BaseException) -> str:
    """Append the traceback to `log/errors.log` in the home; a clause that says where it is."""
    try:
        folder = Settings.from_environment().logs
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "errors.log").open("a", encoding="utf-8") as log:
            log.write(f"--- {datetime.now(UTC).isoformat()}\n{''.join(traceback.format_exception(error))}\n")
    except (OSError, LinkedInPipelinesError):
        return "`linkedin-pipelines --debug …` shows where"
    return f"the traceback is in {folder / 'errors.log'}"
