"""Messages in messages: no depth brings the reader down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.errors import DamagedInputError
from pipeline.ingest.mhtml import read_mhtml
from tests.fault.hostile import pages


@pytest.mark.parametrize("make", [pages.nested_parts, pages.nested_messages])
def test_parts_nested_beyond_measure_are_damage(make: Callable[[], bytes]) -> None:
    with pytest.raises(DamagedInputError, match="nested too deeply") as caught:
        read_mhtml(make(), "年报.mht")

    assert caught.value.source == "年报.mht"
    assert caught.value.remedy
