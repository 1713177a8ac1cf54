"""Refusals that need no case of the matrix, or have no place in it."""

from __future__ import annotations

import pytest

from linkedin_pipelines.errors import SiteError, WrongPersonError
from linkedin_pipelines_tests.browser.conftest import StageMaker


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
