"""Other people's words are drawn by Dagster without links and images."""

from __future__ import annotations

import pytest

from linkedin_pipelines.defs.shared.tables import plain


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("![x](http://evil.example/p.png)", r"!\[x\](http:\//evil.example/p.png)"),
        ("[x]: //evil.example", r"\[x\]: //evil.example"),
        ("<img src=x>", r"\<img src=x>"),
        (r"\[x]", r"\\\[x\]"),
        ("see www.evil.example", r"see www\.evil.example"),
        ("`accounts resume` ends that: 3/4 at 10:30.", "`accounts resume` ends that: 3/4 at 10:30."),
    ],
)
def test_no_image_or_link_of_others_is_drawn(text: str, drawn: str) -> None:
    assert plain(text) == drawn


def test_no_text_stays_none() -> None:
    assert plain(None) is None
