"""Start the browser at the given path (nothing: Playwright's own) as the product does, and have it show a page."""

from __future__ import annotations

import sys

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.errors import BrowserUnavailableError
from linkedin_pipelines.settings import Settings

if __name__ == "__main__":
    settings = Settings.from_environment({"LINKEDIN_BROWSER_EXECUTABLE": sys.argv[1]})
    try:
        with running_chromium(settings, headless=True) as browser:
            page = browser.new_page()
            page.set_content("<title>starts</title>")
            sys.exit(0 if page.title() == "starts" else "it shows no page")
    except BrowserUnavailableError as error:
        sys.exit(str(error))
