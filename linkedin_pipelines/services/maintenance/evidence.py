"""Evidence for others' eyes: copies of what is kept of refused pages, without the people on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from linkedin_pipelines.browser.labels import Controls, everything
from linkedin_pipelines.browser.text import folded
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.masking import Known, mask_markup, mask_snapshot
from linkedin_pipelines.errors import EvidenceError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.settings import Settings

_MASKS: dict[str, Callable[[str, Known], str]] = {".aria.yaml": mask_snapshot, ".dom.html": mask_markup}


@dataclass(frozen=True)
class ExportView:
    """What was written for others."""

    folder: Path
    files: tuple[str, ...]
    """Masked copies, by their path below the folder."""
    screenshots_left_out: int
    """A picture cannot be masked, so it stays where it is."""


def export_evidence(
    database: Database, settings: Settings, slug: str, folder: Path, day: date | None = None
) -> ExportView:
    """Write masked copies of an account's refusals, or of one day's, into a new folder.

    Raises:
        UnknownAccountError: there is no such account.
        EvidenceError: the folder holds something already, or there is nothing to write.
    """
    get_account(database, slug, retired=True)
    source = settings.evidence / slug
    days = [source / day.isoformat()] if day else sorted(source.iterdir() if source.is_dir() else ())
    kept = [path for each in days if each.is_dir() for path in sorted(each.iterdir()) if path.is_file()]
    texts = [(path, mask) for path in kept for suffix, mask in _MASKS.items() if path.name.endswith(suffix)]
    screenshots = sum(path.suffix == ".png" for path in kept)
    if not texts:
        raise EvidenceError(f"nothing to export: no refused page of {slug} is kept{f' of {day}' if day else ''}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EvidenceError(f"{folder} holds something already: name a new or empty folder")
    written = []
    for path, mask in texts:
        target = folder / path.parent.name / path.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_text(mask(path.read_text(encoding="utf-8"), is_of_interface), encoding="utf-8")
        written.append(target.relative_to(folder).as_posix())
    return ExportView(folder, tuple(written), screenshots)


def is_of_interface(text: str) -> bool:
    """Whether a text, as a whole, is the name of a control in one of the languages that are known."""
    return folded(text) in _interface()


@cache
def _interface() -> frozenset[str]:
    controls = everything().controls
    words = {word for field in Controls.model_fields for word in getattr(controls, field)}
    return frozenset(folded(word) for word in words if not {"NAME", "TEXT", "NUMBER"} & set(word.split()))
