"""Start the browser at the given path (nothing: Playwright's own) and have it show a page; exit code 0 if it does."""

from __future__ import annotations

import os
import sys

from playwright.sync_api import sync_playwright

CALM = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
)

with sync_playwright() as playwright:
    arguments = [*CALM, "--no-sandbox"] if os.geteuid() == 0 else list(CALM)  # Chromium's sandbox refuses root
    browser = playwright.chromium.launch(executable_path=sys.argv[1] or None, args=arguments, timeout=60_000)
    page = browser.new_page()
    page.set_content("<title>starts</title>")
    title = page.title()
    browser.close()
sys.exit(0 if title == "starts" else 1)
