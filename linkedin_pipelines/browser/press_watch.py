"""Watching an open conversation until the member has sent a message in it by themselves.

What belongs here: poll after poll, and which failures end them. What does not: what a poll is (`messenger`), and how
long it goes on (whoever asks).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from linkedin_pipelines.browser.failures import named_failures
from linkedin_pipelines.browser.launch import ended_after
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.domain.messaging import ThreadEvent
from linkedin_pipelines.errors import PageUnreadableError, StopSignError, WrongPersonError

log = structlog.get_logger(__name__)

_STEP = "wait for the press"


def first_words(site: Site, poll: Callable[[], Sequence[ThreadEvent]], goes_on: Callable[[], bool]) -> str | None:
    """The words of what `poll` finds first; None if `goes_on` ends it, or the conversation is no longer open.

    Raises:
        StopSignError: the site shows one.
        BrowserUnavailableError: the browser ended, be it that the member closed its window.
    """
    while goes_on():
        try:
            with ended_after(site.timeouts.step), named_failures(_STEP):
                site.watch_for_interruptions()
                if found := poll():
                    return found[-1].text
        except WrongPersonError as error:
            log.info("conversation_left_by_the_member", problem=str(error))
            return None
        except PageUnreadableError as error:  # as while a message is on its way
            log.debug("poll_could_not_tell", problem=str(error))
        except StopSignError:
            with site.refusing(_STEP):  # which takes a picture
                raise
        with named_failures(_STEP):
            site.page.wait_for_timeout(site.timeouts.rest)
    return None
