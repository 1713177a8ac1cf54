"""Pictures inside Dagster's pages: embedded, so that they are seen through a tunnel too, and small.

A picture stands in the event log of its run, beside the person's name. Whoever forgets that person erases the run, and
the picture with it.
"""

import base64
import io
from pathlib import Path

import dagster as dg

MOST_BYTES = 24_000
"""Of one picture; a run of a hundred people then adds at most a few megabytes to the event log."""
_WIDTH = 640
_QUALITIES = (70, 50, 35, 20, 10)


def embedded(kind: str, content: bytes, words: str) -> dg.MarkdownMetadataValue:
    """A picture of that kind (`jpeg`, `svg+xml`) as markdown that Dagster draws; `words` stand where it is not."""
    return dg.MetadataValue.md(f"![{words}](data:image/{kind};base64,{base64.b64encode(content).decode()})")


def thumbnail(path: Path) -> dg.MarkdownMetadataValue | None:
    """A screenshot made small enough to be embedded; None if it is gone, is no picture, or stays too large."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - loaded where a picture is made

    try:
        with Image.open(path) as whole:
            screenshot = whole.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    screenshot.thumbnail((_WIDTH, _WIDTH))
    for quality in _QUALITIES:
        written = io.BytesIO()
        screenshot.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= MOST_BYTES:
            return embedded("jpeg", written.getvalue(), "screenshot")
    return None
