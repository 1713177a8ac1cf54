"""The home page, which shows whether anybody is signed in."""

from __future__ import annotations

from linkedin_pipelines.browser.elements import Element, css
from linkedin_pipelines.browser.site import Site

HOME_LINK = Element("feed", "home_link", "the navigation's link home", (css("feed-href", "a[href*='/feed']"),))
NETWORK_LINK = Element(
    "feed", "network_link", "the navigation's link to the network", (css("mynetwork-href", "a[href*='/mynetwork']"),)
)


class FeedPage:
    """`/feed/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def open(self) -> None:
        """Go home; the navigation of a signed-in member must be there.

        Raises:
            StopSignError: signed out, challenged, limited.
            PageUnreadableError: the page shows no navigation, so nobody knows who is signed in.
        """
        self._site.go("/feed/")
        with self._site.refusing("feed"):
            for element in (HOME_LINK, NETWORK_LINK):
                self._site.find.any(element)
