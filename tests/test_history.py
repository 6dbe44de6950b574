"""The scrubber's memory: evenly thinned, never over budget, first and newest always there."""

import itertools

import pytest

from genstudio.ui.history import History, Reel


def filled(count: int, budget_bytes: int = 1000, size_bytes: int = 10) -> History[int]:
    history: History[int] = History(budget_bytes)
    for value in range(count):
        history.append(value, size_bytes)
    return history


def test_everything_is_kept_while_it_fits():
    history = filled(100)
    assert history.values() == list(range(100))
    assert history.stride == 1
    assert history.bytes == 1000


@pytest.mark.parametrize("count", [1, 2, 100, 101, 102, 333, 5000])
def test_budget_first_and_newest_hold_at_any_length(count):
    history = filled(count)
    assert history.bytes <= 1000
    assert history[0] == 0
    assert history[-1] == count - 1
    assert history.bytes == 10 * len(history)


def test_thinning_is_even():
    """Until the older half has been thinned, too, it is twice as dense there."""
    for count in (150, 300, 5000):
        history = filled(count)
        gaps = [b - a for a, b in itertools.pairwise(history.values()[:-1])]
        assert set(gaps) <= {history.stride, history.stride // 2}, count


def test_once_it_is_full_it_stays_full():
    """So a long run takes no more and no less memory than before."""
    history, sizes = filled(100), set()
    for value in range(100, 3000):
        history.append(value, 10)
        sizes.add(len(history))
    assert sizes <= {99, 100}


def test_a_position_is_found_again_after_thinning():
    history = filled(100)
    seen = history.index_at(57)
    for value in range(100, 400):
        history.append(value, 10)
    found = history[history.position_of(seen)]
    assert 57 - history.stride < found <= 57


def test_two_values_larger_than_the_budget_stay():
    history = filled(7, budget_bytes=5)
    assert history.values() == [0, 6]


def test_clear_starts_over():
    history = filled(5000)
    history.clear()
    assert len(history) == 0 and history.bytes == 0
    history.append(7, 10)
    assert history.values() == [7] and history.stride == 1 and history.index_at(0) == 0


def test_the_eye_follows_the_end_and_stays_where_it_was_put():
    reel: Reel[int] = Reel(1000)
    assert reel.shown() is None and reel.position == -1
    reel.look(-2)
    assert reel.is_live and reel.shown() is None, "there is nothing to look back at"
    for value in range(60):
        reel.append(value, 10)
    assert reel.is_live and reel.shown() == 59
    reel.look(20)
    for value in range(60, 90):
        reel.append(value, 10)
    assert (reel.shown(), reel.position, reel.is_live) == (20, 20, False)
    for value in range(90, 900):
        reel.append(value, 10)
    assert 20 - reel.stride < reel.shown() <= 20
    reel.look(len(reel))
    reel.append(900, 10)
    assert reel.is_live and reel.shown() == 900
    reel.look(-3)
    assert reel.shown() == 0
