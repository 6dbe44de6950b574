"""Work in steps: it is told how far it is, comes to its end, and closes behind itself."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from genstudio.steps import finish, mapped

closed: list[str] = []


def counting() -> Generator[int, None, str]:
    """Three steps and a result."""
    try:
        yield from (1, 2, 3)
        return "done"
    finally:
        closed.append("closed")


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Nothing has been closed yet."""
    closed.clear()


def test_steps_become_what_is_made_of_them_and_the_result_stays() -> None:
    told: list[int] = []
    assert finish(mapped(counting(), lambda step: 10 * step), told.append) == "done"
    assert told == [10, 20, 30] and closed == ["closed"]


def test_what_is_raised_on_the_way_ends_the_work_at_once() -> None:
    def refuse(step: int) -> int:
        if step == 2:
            raise ValueError("enough")
        return step

    work = mapped(counting(), refuse)
    assert next(work) == 1 and closed == []
    with pytest.raises(ValueError, match="enough"):
        next(work)
    assert closed == ["closed"]


def test_work_that_is_left_is_closed() -> None:
    work = mapped(counting(), str)
    assert next(work) == "1"
    work.close()
    assert closed == ["closed"]
