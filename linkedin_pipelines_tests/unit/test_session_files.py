"""Files that bring a session from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linkedin_pipelines.domain.account import LINKEDIN_URL
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.accounts.session_files import read_session_file

LI_AT: dict[str, Any] = {"name": "li_at", "value": "AQED", "domain": ".www.linkedin.com", "path": "/"}


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "cookies.txt"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_storage_state_keeps_the_sites_own_cookies_and_storage(tmp_path: Path) -> None:
    foreign = {"name": "x", "value": "y", "domain": ".example.org", "path": "/"}
    origins = [{"origin": LINKEDIN_URL, "localStorage": []}, {"origin": "https://example.org", "localStorage": []}]
    content = {"cookies": [LI_AT | {"expires": 1893456000.5, "httpOnly": True}, foreign], "origins": origins}
    state = read_session_file(written(tmp_path, content), LINKEDIN_URL)
    assert [cookie["name"] for cookie in state["cookies"]] == ["li_at"]
    assert state["cookies"][0]["expires"] == 1893456000.5
    assert [each["origin"] for each in state["origins"]] == [LINKEDIN_URL]


def test_an_add_ons_list_is_read(tmp_path: Path) -> None:
    content = [LI_AT | {"expirationDate": 1893456000, "sameSite": "no_restriction", "secure": True, "hostOnly": False}]
    cookie = read_session_file(written(tmp_path, content), LINKEDIN_URL)["cookies"][0]
    assert (cookie["expires"], cookie["sameSite"], cookie["secure"]) == (1893456000.0, "None", True)


def test_a_netscape_file_is_read(tmp_path: Path) -> None:
    content = (
        "# Netscape HTTP Cookie File\n\n"
        "#HttpOnly_.www.linkedin.com\tTRUE\t/\tTRUE\t1893456000\tli_at\tAQED\n"
        ".linkedin.com\tTRUE\t/\tTRUE\t0\tbcookie\tv=2\n"
    )
    cookies = read_session_file(written(tmp_path, content), LINKEDIN_URL)["cookies"]
    assert [(c["name"], c["httpOnly"], c["expires"]) for c in cookies] == [
        ("li_at", True, 1893456000),
        ("bcookie", False, -1),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "no valid JSON"),
        ("[1]", "neither a storage state nor a list"),
        ("{}", "neither a storage state nor a list"),
        ('[{"name": "li_at"}]', "cookie 1 has no name, value or domain"),
        ([LI_AT | {"domain": ".example.org"}], "holds no li_at cookie of www.linkedin.com"),
        ([LI_AT | {"domain": "notlinkedin.com"}], "holds no li_at cookie"),
        ([LI_AT | {"value": ""}], "holds no li_at cookie"),
        ("hello", "line 1 is not seven fields"),
        ("", "holds no li_at cookie"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: object, why: str) -> None:
    with pytest.raises(RefusedFileError, match=why):
        read_session_file(written(tmp_path, content), LINKEDIN_URL)


def test_a_missing_file_and_a_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="cannot be read"):
        read_session_file(tmp_path / "gone", LINKEDIN_URL)
    screenshot = tmp_path / "x.png"
    screenshot.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(RefusedFileError, match="no text file"):
        read_session_file(screenshot, LINKEDIN_URL)
