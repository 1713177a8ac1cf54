"""Installations beside the member's own, for demo and trial, and what the sandbox hands to their members.

Nothing that is set for the member's own installation reaches them.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linkedin_pipelines.settings import Settings


def separate_settings(home: Path, callers: Settings) -> Settings:
    """Settings of an installation in `home`, which share the browser with the caller's, and nothing else."""
    given = {
        "LINKEDIN_HOME": str(home),
        "LINKEDIN_BROWSER_HEADLESS": str(int(callers.browser_headless)),
        "LINKEDIN_BROWSER_SANDBOX": str(int(callers.browser_sandbox)),
    }
    if callers.browser_executable is not None:
        given["LINKEDIN_BROWSER_EXECUTABLE"] = str(callers.browser_executable)
    return Settings.from_environment(given)


def clean_environment() -> Mapping[str, str]:
    """The caller's environment without what is meant for another installation."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("LINKEDIN_", "DAGSTER_"))}


def session_of(site: str, account: str) -> dict[str, Any]:
    """The signed-in session of the account's member on the sandbox, as Playwright stores one."""
    state: dict[str, Any] = json.loads(fetched(f"{site}/__sandbox__/storage-state?account={account}"))
    return state


def fetch_exports(site: str, account: str, folder: Path) -> list[Path]:
    """Put the member's archive and address book into the folder; their paths."""
    source = f"{site}/__sandbox__/export/"
    folder.mkdir(parents=True, exist_ok=True)
    names = json.loads(fetched(f"{source}?account={account}"))["files"]
    targets = {name: folder / Path(name).name for name in names if Path(name).suffix in (".zip", ".vcf")}
    for name, target in targets.items():
        target.write_bytes(fetched(f"{source}{name}?account={account}"))
    return list(targets.values())


def fetched(url: str) -> bytes:
    """What the sandbox answers at an address of its own."""
    with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - the sandbox's own address
        content: bytes = response.read()
    return content
