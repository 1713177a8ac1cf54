"""Refusals that need no case of the matrix, or have no place in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from linkedin_pipelines.errors import PageUnreadableError, SiteError, WrongPersonError
from linkedin_pipelines.sandbox.mutation import Mutation
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
        here.open().events()
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
