"""What files hold of people who asked to be forgotten: screenshots, files of the inbox, logs, reports.

A picture cannot be searched for a person, so those go that were taken of them, and those that belong to no attempt at
anybody else. Files of which one row is theirs hold everybody: once imported they have served, so they go whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.services.contacts.inbox import DONE, REFUSED, REPORT_SUFFIX, free_name
from linkedin_pipelines.services.contacts.mentions import holds, overwrite
from linkedin_pipelines.settings import Settings

_SCREENSHOTS = frozenset({".png", ".jpg", ".jpeg", ".webp"})


@dataclass
class ErasedFiles:
    """What was, or would be, done to files, by place."""

    counts: Counter[str] = field(default_factory=Counter)
    to_review: list[str] = field(default_factory=list)
    """Files that nobody but the member can judge, as paths."""


def erase_files(
    settings: Settings,
    account: str,
    forgotten: Forgotten,
    theirs: Collection[str],
    others: Collection[str],
    *,
    really: bool,
) -> ErasedFiles:
    """Erase what files hold of them; without `really` only count it. Doing it again finishes what was left.

    `theirs` are screenshots of them, `others` those that rows of other contacts name, below the evidence folder.
    """
    done = ErasedFiles()
    if not forgotten:
        return done
    _evidence(settings.evidence, account, forgotten, set(theirs), set(others), done, really=really)
    _inbox(settings.inbox / account, forgotten, done, really=really)
    for folder in (settings.logs, settings.home / "logs", settings.home / "storage"):
        for path in _files_below(folder):
            if overwrite(path, forgotten, really=really):
                done.counts["logs"] += 1
    for path in _files_below(settings.trial):  # of a trial that was killed: copies alone, which go whole
        done.counts["trial"] += 1
        if really:
            path.unlink(missing_ok=True)
    return done


def _evidence(
    root: Path,
    account: str,
    forgotten: Forgotten,
    theirs: set[str],
    others: set[str],
    done: ErasedFiles,
    *,
    really: bool,
) -> None:
    kept = {_without_suffix(path) for path in others - theirs}
    apart = {(root / path).parent for path in theirs if not path.startswith(f"{account}/")}
    stems = {_without_suffix(path) for path in theirs}
    aside = [
        path for folder in sorted(apart) if folder == root or root in folder.parents for path in folder.glob("*.*")
    ]
    for path in [*_files_below(root / account), *aside]:
        if path in aside and _without_suffix(path.relative_to(root).as_posix()) not in stems:
            continue
        of_others = _without_suffix(path.relative_to(root).as_posix()) in kept
        if of_others and (path.suffix.lower() in _SCREENSHOTS or not holds(path, forgotten)):
            continue
        done.counts["evidence"] += 1
        if really:
            path.unlink(missing_ok=True)


def _without_suffix(path: str) -> str:
    """A picture, the page's text and its structure at one moment differ in what follows the first dot of the name."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.partition('.')[0]}"


def _inbox(folder: Path, forgotten: Forgotten, done: ErasedFiles, *, really: bool) -> None:
    for path in _files_below(folder / DONE):
        if path.name.endswith(REPORT_SUFFIX):
            _mask_report(path, forgotten, done, really=really)
            continue
        done.counts["imported files"] += 1
        if really:
            path.unlink(missing_ok=True)
    for path in _files_below(folder / REFUSED):
        if path.name.endswith(REPORT_SUFFIX):
            _mask_report(path, forgotten, done, really=really)
        elif (found := holds(path, forgotten)) is None:
            done.to_review.append(str(path))
        elif found:
            done.counts["refused files"] += 1
            if really:
                path.unlink(missing_ok=True)


def _mask_report(path: Path, forgotten: Forgotten, done: ErasedFiles, *, really: bool) -> None:
    inside, in_name = overwrite(path, forgotten, really=really), forgotten.mentions(path.name)
    done.counts["reports"] += inside or in_name
    if really and in_name:
        path.rename(free_name(path.parent, forgotten.masked(path.name)))


def _files_below(folder: Path) -> list[Path]:
    if not folder.is_dir() or folder.is_symlink():
        return []
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
