"""Scored profiles as a file: CSV, Parquet, or a picture of how the scores are distributed.

pandas takes a second to load, so this is imported where it is needed.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from linkedin_pipelines.errors import ExportRefusedError
from linkedin_pipelines.services.visits.scores import ScoredProfile, distribution

SUFFIXES = (".csv", ".parquet", ".svg")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so; headlines are other people's words."""


def export(found: tuple[ScoredProfile, ...], path: Path) -> int:
    """Write the profiles to a file of the kind that its name says; the number of rows.

    Raises:
        ExportRefusedError: the name says no known kind, or the file cannot be written.
    """
    if path.suffix not in SUFFIXES:
        raise ExportRefusedError(f"{path.name} must end in one of {', '.join(SUFFIXES)}")
    frame = as_frame(found)
    try:
        path.touch(mode=0o600)
        if path.suffix == ".csv":
            _harmless(frame).to_csv(path, index=False)
        elif path.suffix == ".parquet":
            frame.to_parquet(path, index=False)
        else:
            path.write_text(screenshot(found), encoding="utf-8")
    except OSError as error:
        raise ExportRefusedError(f"{path} cannot be written: {error.strerror}") from error
    return len(frame)


def as_frame(found: tuple[ScoredProfile, ...]) -> pd.DataFrame:
    """A row a profile, best first; unknown values are missing ones, lists are joined by a semicolon."""
    names = [field.name for field in fields(ScoredProfile)]
    frame = pd.DataFrame([asdict(each) for each in found], columns=pd.Index(names))
    for name in ("skills", "certifications", "unread"):
        frame[name] = frame[name].map("; ".join)
    numbers = ("score", "confidence", "years_of_experience", "degree")
    return frame.astype(dict.fromkeys(numbers, "Int64") | {"open_to_work": "boolean"})


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda value: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value)


def screenshot(found: tuple[ScoredProfile, ...]) -> str:
    """A bar chart of the scores, as SVG."""
    counts = distribution(found)
    most = max(1, *counts.values())
    bars = []
    for number, (name, count) in enumerate(counts.items()):
        x, height = 40 + number * 54, round(160 * count / most)
        bars.append(
            f'<rect x="{x}" y="{190 - height}" width="46" height="{height}" fill="#3b6ea5"/>'
            f'<text x="{x + 23}" y="{184 - height}" text-anchor="middle">{count}</text>'
            f'<text x="{x + 23}" y="206" text-anchor="middle">{name}</text>'
        )
    unscored = sum(each.score is None for each in found)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="230" font-family="sans-serif" font-size="12">'
        f"<title>{len(found)} profiles by score, {unscored} of them without one</title>"
        f"{''.join(bars)}"
        f'<text x="40" y="224">{len(found)} profiles by score, {unscored} of them without one</text></svg>\n'
    )
