"""Cards and times that two write at once, the window and a command say: what either has measured is there."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from comparison_facts import evaluation, sitting
from filelock import FileLock, Timeout

from genstudio import store
from genstudio.store import cards

A_WHILE_S = 1.0


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one's own, and a folder for what may not stand beside it."""
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    path = tmp_path / "mine.safetensors"
    path.write_bytes(store.find_model("mnist-vae-2").read_bytes())
    return path


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str, Callable[[], object]], threading.Thread]:
    """Lets somebody else write between the moment at which the next one has read and that at which it writes."""

    def put(module: Any, name: str, other: Callable[[], object]) -> threading.Thread:
        usual, is_done = getattr(module, name), threading.Event()

        def write() -> None:
            other()
            is_done.set()

        thread = threading.Thread(target=write)

        def seam(*args: Any) -> Any:
            if threading.current_thread() is not thread:
                thread.start()
                is_done.wait(A_WHILE_S)  # it is not, for it has to wait
            return usual(*args)

        monkeypatch.setattr(module, name, seam)
        return thread

    return put


def test_two_that_measure_one_model_lose_nothing(model: Path, between: Any) -> None:
    info = store.model_info(model)
    pixels, others = evaluation(500.0, eye="pixels"), evaluation(60.0)
    thread = between(cards, "_text_of", lambda: store.add_evaluation(info, others))
    store.add_evaluation(info, pixels)
    thread.join(60)
    assert store.evaluations(info) == (others, pixels)
    assert {path.name for path in model.parent.iterdir()} == {model.name, "mine.card.json", "user"}


def test_what_is_late_leaves_the_card_of_the_file_that_is_there_now(model: Path) -> None:
    """Measuring takes minutes; meanwhile a run has saved its newest model under the same name."""
    before = store.model_info(model)
    model.write_bytes(store.find_model("mnist-vae-4").read_bytes())
    now = store.model_info(model)
    store.add_evaluation(now, evaluation())
    late = evaluation(seed=9)
    store.add_evaluation(before, late)
    assert store.evaluations(now) == (evaluation(),) and store.evaluations(before) == (late,)
    model.unlink()
    store.add_evaluation(now, late)  # nor is there a file any more
    assert late in store.evaluations(now)


def test_two_that_time_models_lose_nothing(between: Any) -> None:
    one, two = sitting(vae=(0.3, 0.4), gan=(0.5, 0.6)), sitting(vae=(0.3, 0.4), ddpm=(90.0, 91.0))
    thread = between(sys.modules["genstudio.store.sittings"], "with_newest", lambda: store.add_sitting(two))
    store.add_sitting(one)
    thread.join(60)
    assert store.sittings() == (two, one)


@pytest.mark.parametrize("trouble", [OSError("read-only"), NotImplementedError("no flock"), Timeout("it hangs")])
def test_where_no_lock_can_be_had_it_is_written_all_the_same(
    trouble: Exception, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: FileLock, *args: Any, **more: Any) -> None:
        raise trouble

    monkeypatch.setattr(FileLock, "acquire", refuse)
    info = store.model_info(model)
    store.add_evaluation(info, evaluation())
    assert store.evaluations(info) == (evaluation(),)
