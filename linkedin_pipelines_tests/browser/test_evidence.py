"""What is kept of a page that was refused, and what of it others get to see."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.errors import EvidenceError, NotConnectedError, UnknownAccountError
from linkedin_pipelines.services.maintenance.evidence import export_evidence
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, SECOND, said
from linkedin_pipelines_tests.builders import an_account


def test_a_refused_page_is_kept_as_picture_and_text_and_shown_without_its_people(
    stage: StageMaker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    an_account(sqlite)
    folder = tmp_path / "for others"
    with pytest.raises(EvidenceError, match="nothing to export"):
        export_evidence(sqlite, settings, "demo", folder)
    here = stage({"outlet": "shadow"}, jane={"thread": [said("them", "Call me on 5550199.", date(2026, 1, 9))]})
    composer = here.open()
    shown = composer.screenshot("thread", refusal=True)
    composer.close()
    with pytest.raises(NotConnectedError) as refusal:
        here.open(SECOND)
    day = settings.evidence / "demo" / "2026-03-18"
    assert {stat.S_IMODE(path.stat().st_mode) for path in day.iterdir()} == {0o600}
    stems = {(settings.evidence / str(path)).with_suffix("").name for path in (shown, refusal.value.evidence)}
    assert {path.name for path in day.iterdir()} == {
        f"{stem}{suffix}" for stem in stems for suffix in (".png", ".aria.yaml", ".dom.html")
    }
    kept = "".join(path.read_text() for path in sorted(day.iterdir()) if path.suffix != ".png")
    assert "Call me on 5550199." in kept  # the bubble's shadow root included
    assert JANE in kept
    assert "<script" not in kept
    assert "<style" not in kept

    exported = export_evidence(sqlite, settings, "demo", folder, date(2026, 3, 18))
    assert (len(exported.files), exported.screenshots_left_out) == (4, 2)
    masked = "".join((folder / name).read_text() for name in exported.files).lower()
    for word in ("jane", "doe", "john", "thierry", "hier", "5550199", "call me", "demo member", "acoaa", "cakes"):
        assert word not in masked
    for structure in ('role="textbox"', "msg-form__send-button", "msg-s-message-list__event", "/in/xxx/", "- textbox"):
        assert structure in masked
    with pytest.raises(EvidenceError, match="holds something already"):
        export_evidence(sqlite, settings, "demo", folder)
    with pytest.raises(UnknownAccountError):
        export_evidence(sqlite, settings, "nobody", tmp_path / "other")
