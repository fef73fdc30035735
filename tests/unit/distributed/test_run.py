from __future__ import annotations

import pytest

from models.errors import OutputError
from pipeline.distributed.run import _own_errors


class TaskError(Exception):
    """As Ray wraps what a task raises."""

    def __init__(self, cause: Exception) -> None:
        super().__init__("a long story")
        self.cause = cause


class PassesForOursError(TaskError, OutputError):
    def __init__(self, cause: OutputError) -> None:
        OutputError.__init__(self, "a long story")
        self.cause = cause


@pytest.mark.parametrize("wrap", [TaskError, PassesForOursError])
def test_the_error_of_a_task_is_raised_as_it_was(wrap: type[TaskError]) -> None:
    own = OutputError("the disk is full", source="out/x", remedy="free some space")
    own.__cause__ = OSError(28, "No space left")

    with pytest.raises(OutputError) as caught, _own_errors():
        raise wrap(own)

    assert caught.value is own


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(TaskError), _own_errors():
        raise TaskError(ValueError("x"))
