"""Screenshots of accounts that are gone expire like any other; and reasons are measured before they are stored."""

from __future__ import annotations

import pytest

from linkedin_pipelines.errors import ReasonTooLongError
from linkedin_pipelines.services.maintenance.upkeep import expire_left_evidence
from linkedin_pipelines.services.privacy.opting_out import set_do_not_contact
from linkedin_pipelines_tests.builders import LONG_AGO, a_contact, an_account


def test_screenshots_of_retired_and_renamed_accounts_expire(sqlite, settings, clock):
    an_account(sqlite, "active")
    an_account(sqlite, "gone", columns={"retired_at": LONG_AGO})
    for folder in ("active/2025-01-01", "gone/2025-01-01", "gone/2026-03-01", "old-name/2025-01-01", "gone/notes"):
        (settings.evidence / folder).mkdir(parents=True)
    assert expire_left_evidence(sqlite, settings, clock, 180) == 2
    left = sorted(path.relative_to(settings.evidence).as_posix() for path in settings.evidence.glob("*/*"))
    assert left == ["active/2025-01-01", "gone/2026-03-01", "gone/notes"]


def test_a_do_not_contact_reason_that_is_too_long_is_refused_in_words(database, clock):
    a_contact(database, an_account(database), "ada-byron")
    with pytest.raises(ReasonTooLongError, match="1001 characters: 1000 are kept; shorten it"):
        set_do_not_contact(database, clock, "demo", "ada-byron", "x" * 1001)
    set_do_not_contact(database, clock, "demo", "ada-byron", "x" * 1000)
