from __future__ import annotations

from pipeline.match.same import Same


def test_only_the_very_same_thing_is_the_same() -> None:
    one, other = ["a"], ["a"]

    assert Same(one) == Same(one)
    assert hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other)
    assert Same(one) != one
