"""What the docs site does beyond MkDocs: links that leave docs/ (to README, SECURITY, code) become plain text there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by MkDocs for each page."""
    folder = PurePosixPath(page.file.src_uri).parent

    def inside(link: re.Match[str]) -> str:
        target = normpath(str(folder / link[2].partition("#")[0]))
        return link[1] if target.startswith("..") else link[0]

    return re.sub(r"\[([^\]]+)\]\((?!https?:)([^)\s]+)\)", inside, markdown)
