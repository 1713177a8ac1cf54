"""Refusals that need no case of the matrix, or have no place in it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.errors import PageUnreadableError, SiteError, WrongPersonError
from linkedin_pipelines.sandbox.change import Mutation
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import JANE, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock


def test_the_member_never_writes_to_themselves(stage: StageMaker) -> None:
    """The ledger refuses that before; the browser does not rely on it."""
    with pytest.raises(WrongPersonError):
        stage().open("demo-member")


def test_a_conversation_that_did_not_load_is_not_empty(stage: StageMaker) -> None:
    here = stage()
    here.fault("fragment_fails", times=None, skip=1)
    with pytest.raises(SiteError):
        here.open().events(date(2026, 1, 1))
    assert here.deliveries() == []


TWIN_EDITOR = """
new MutationObserver(() => {
  const editor = document.querySelector("form [role=textbox]:not(.twin)");
  if (!editor) return;
  const twin = editor.cloneNode(true);
  for (const name of twin.getAttributeNames()) if (name.startsWith("_")) twin.removeAttribute(name);
  twin.className = "twin";
  editor.removeAttribute("role");
  editor.before(twin);
}).observe(document, {childList: true, subtree: true});
"""


def test_a_field_that_only_looks_like_the_editor_is_not_written_into(
    chromium: Browser, settings: Settings, clock: ManualClock
) -> None:
    """The draft in the real editor, meant for somebody else, would go out in place of the text."""
    bare = world(jane={"draft": "Dear Bob, congratulations"})
    marked = bare.model_copy(update={"mutation": Mutation(seed=1, spared=JANE, rate=0)})
    with stage_of(chromium, settings, clock, marked) as here:
        here.browser.page.add_init_script(TWIN_EDITOR)
        with pytest.raises(PageUnreadableError, match="2 fields can be written into"):
            here.wish()
        assert here.deliveries() == []


HIDDEN_FAILURE = """
new MutationObserver(() => {
  for (const mark of document.querySelectorAll("[class*='--failed'], [class*='__error'], [class*='--error']")) {
    mark.className = mark.className.includes("msg-s-event-listitem__error") ? "x" : "msg-s-event-listitem";
    mark.removeAttribute("role");
  }
}).observe(document, {childList: true, subtree: true});
"""


def test_a_failed_message_whose_marks_are_unknown_is_no_delivery(stage: StageMaker) -> None:
    """It stands in the conversation as any other, but without the server's name for it and with words beside it."""
    here = stage()
    here.browser.page.add_init_script(HIDDEN_FAILURE)
    here.fault("failed_bubble")
    assert here.wish() is None
    assert here.deliveries() == []


FORGED = """
new MutationObserver(() => {
  for (const bubble of document.querySelectorAll("[class*='msg-s-event-listitem--failed']")) {
    bubble.querySelectorAll("[role='alert']").forEach(e => e.remove());
    for (const e of [bubble.closest("li"), ...bubble.querySelectorAll("[class*='__body']")]) e.className = "x";
    bubble.className = "msg-s-event-listitem";
  }
}).observe(document, {childList: true, subtree: true});
"""


@pytest.mark.parametrize("opens", ["overlay", "page"])
def test_a_failed_message_that_looks_like_any_other_is_no_delivery(stage: StageMaker, opens: str) -> None:
    """Nothing on the page tells it from one that was delivered, but that the server has no name for it."""
    here = stage({"message_opens": opens})
    here.browser.page.add_init_script(FORGED)
    here.fault("failed_bubble")
    assert here.wish() is None
    assert here.deliveries() == []


NAMELESS = """
new MutationObserver(() => {
  for (const e of document.querySelectorAll("[data-event-urn]")) e.removeAttribute("data-event-urn");
}).observe(document, {childList: true, subtree: true});
"""


@pytest.mark.parametrize("opens", ["overlay", "page"])
def test_a_message_without_the_servers_name_is_proven_by_opening_the_conversation_anew(
    stage: StageMaker, opens: str
) -> None:
    """And that is no second visit of the profile."""
    here = stage({"message_opens": opens})
    here.browser.page.add_init_script(NAMELESS)
    assert here.wish() is not None
    assert len(here.deliveries()) == 1
    assert len(here.told("visits")) == 1
