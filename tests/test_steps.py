"""Work in steps: it is told how far it is, comes to its end, and closes behind itself."""

from __future__ import annotations

import ast
from collections.abc import Generator
from pathlib import Path

import pytest

import genstudio
from genstudio.session.progress import told
from genstudio.steps import clocked, finish, mapped

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


def test_each_step_is_clocked_and_what_is_done_between_two_is_not(monkeypatch) -> None:
    now, said = [0.0], []
    monkeypatch.setattr("genstudio.steps.time.perf_counter", lambda: now[0])

    def working() -> Generator[int, None, str]:
        try:
            for step in (1, 2):
                now[0] += step
                yield step
            now[0] += 50
            return "done"
        finally:
            closed.append("closed")

    steps = clocked(working(), lambda: said.append("before"), said.append)

    def tell(step: int) -> None:
        said.append(f"step {step}")
        now[0] += 100

    assert finish(steps, tell) == "done" and closed == ["closed"]
    assert said == ["before", 1.0, "step 1", "before", 2.0, "step 2", "before"]


def test_work_that_is_told_of_is_counted_and_closed_with_the_telling() -> None:
    steps = told(counting(), "Working", 3)  # type: ignore[arg-type]
    assert [next(steps).done, next(steps).done] == [1, 2]
    steps.close()
    assert closed == ["closed"]


def test_steps_are_gone_through_here_and_no_second_time_by_hand() -> None:
    root = Path(genstudio.__file__).parent
    loops = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for loop in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(loop, ast.While)
        for caught in ast.walk(loop)
        if isinstance(caught, ast.ExceptHandler) and caught.type and ast.unparse(caught.type) == "StopIteration"
    }
    assert not loops
