from __future__ import annotations

import gc

import pytest

from pipeline.decide.collector import resting_collector


def test_the_collector_rests_and_goes_on() -> None:
    with resting_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="no"), resting_collector():
        raise ValueError("no")
    assert gc.isenabled()


def test_one_that_rests_already_is_left_at_rest() -> None:
    gc.disable()
    try:
        with resting_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
