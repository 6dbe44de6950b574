"""Undo over whole states."""

from __future__ import annotations

from genstudio.ui.tabs.undo import KEPT, Undo


def state(number: int) -> dict[str, int]:
    return {"seed": number}


def test_it_goes_back_and_forth_and_stops_at_both_ends() -> None:
    undo = Undo()
    for number in range(3):
        assert undo.remember(state(number))
    assert not undo.remember(state(2)), "nothing has changed"
    assert [undo.undo(state(2)), undo.undo(state(1)), undo.undo(state(0))] == [state(1), state(0), None]
    assert [undo.redo(), undo.redo(), undo.redo()] == [state(1), state(2), None]


def test_what_was_not_remembered_is_taken_back_first_and_can_be_redone() -> None:
    undo = Undo()
    undo.remember(state(0))
    assert undo.can_undo(state(7)) and not undo.can_undo(state(0))
    assert undo.undo(state(7)) == state(0) and undo.redo() == state(7)


def test_a_new_change_forgets_what_was_undone() -> None:
    undo = Undo()
    undo.remember(state(0))
    undo.remember(state(1))
    undo.undo(state(1))
    undo.remember(state(5))
    assert not undo.can_redo() and undo.undo(state(5)) == state(0)


def test_what_time_alone_has_changed_is_no_step_back() -> None:
    undo = Undo()
    for seed, at in ((0, 0), (0, 1), (0, 4), (3, 4), (3, 6)):
        undo.remember({"seed": seed, "at": at})
    present, drifts = {"seed": 3, "at": 9}, {"at"}
    undo.follow(present, drifts)
    assert undo.undo(present) == {"seed": 3, "at": 4}, "a hand has changed it to 6"
    assert undo.redo() == present
    undo.follow({"seed": 5, "at": 9}, drifts)
    assert undo.undo({"seed": 5, "at": 9}) == present, "a hand has changed more than time does"
    later = {"seed": 3, "at": 2}
    undo.follow(later, drifts)
    assert undo.can_redo() and not undo.remember(later) and undo.can_redo(), "time takes nothing away"


def test_only_so_many_are_kept() -> None:
    undo = Undo()
    for number in range(KEPT + 50):
        undo.remember(state(number))
    present, steps = state(KEPT + 49), 0
    while (older := undo.undo(present)) is not None:
        present, steps = older, steps + 1
    assert steps == KEPT - 1 and present == state(50)
