"""Collecting garbage stops for a while, and goes on as before."""

from __future__ import annotations

import gc

import pytest

from linkedin_pipelines.garbage import nothing_collected


def test_nothing_is_collected_within_and_everything_after() -> None:
    assert gc.isenabled()
    with nothing_collected():
        with nothing_collected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_within_leaves_collecting_on() -> None:
    with pytest.raises(ValueError, match="a fault"), nothing_collected():
        raise ValueError("a fault")
    assert gc.isenabled()
