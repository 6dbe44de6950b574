"""Bad input to a game: a sentence, the run stands at its last finite state, and nothing is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk
from PIL import Image

from genstudio import api, store
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.session import Session
from genstudio.settings import SETTINGS, ConditionalGANSettings, GANSettings, PointGANSettings
from genstudio.ui.game.page import GANTab
from genstudio.ui.points.page import PointsPage

SMALL: dict[str, Any] = {"width": 8, "d_width": 8, "latent_dim": 4}
TOO_FAST: dict[str, Any] = {"lr_d": 10.0, "lr_g": 10.0, "optimizer": "sgd"}
NO_NUMBER = "no longer a finite number"


def draw(folder: Path, count: int) -> Path:
    """A folder of grey pictures, without classes."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for k in range(count):
        Image.fromarray(rng.integers(0, 256, (32, 32), np.uint8)).save(folder / f"{k}.png")
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path / "models"], compute=FLOAT32_CPU)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return draw(tmp_path / "three", 3)


def run_of(family: str, data: object, iterations: int = 3, **settings: Any) -> api.TrainRequest:
    small = {} if family in ("mlp-gan", "point-gan") else SMALL
    return api.TrainRequest(family, str(data), SETTINGS[family](**small, **settings), iterations, preview=2)


def failures_of(desk: Desk) -> list[str]:
    """What the window will say of the requests that fail from now on."""
    said: list[str] = []

    def hear(slot: str, event: Any) -> None:
        if isinstance(event, Failure):
            said.append(whole(sentence(event.error)))

    desk.bridge.event.connect(hear)
    return said


def told(events: Iterator[Any]) -> list[api.TrainEvent]:
    return [event for event in events if isinstance(event, api.TrainEvent)]


# ---- through the session ----------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["gan", "mlp-gan"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_larger_than_the_data_is_all_of_it(session: Session, tmp_path: Path, family: str, count: int) -> None:
    events = told(session.stream(run_of(family, draw(tmp_path / "few", count), batch_size=128)))
    assert events[-1].iteration == 3 and all(np.isfinite(event.rows).all() for event in events)
    assert len(session.runs[0].trainer.data.batch(5, 128, 0)[0]) == count


def test_only_what_is_too_small_for_a_batch_is_said_to_be() -> None:
    info = api.DatasetInfo("three", "three", 1, 32, (), 3, True)
    assert info.all_at_once(128) == "There are only 3 pictures: each step learns from all, not from 128."
    assert info.all_at_once(3) == info.all_at_once(0) == ""


def test_pictures_of_one_class_are_enough_for_a_game(session: Session, tmp_path: Path) -> None:
    """A single folder inside is no class; of two classes one may have no readable picture."""
    draw(tmp_path / "one" / "cats", 4)
    assert told(session.stream(run_of("gan", tmp_path / "one")))[-1].iteration == 3
    draw(tmp_path / "two" / "cats", 4)
    (tmp_path / "two" / "dogs").mkdir()
    (tmp_path / "two" / "dogs" / "broken.png").write_bytes(b"no picture")
    events = told(session.stream(run_of("cgan", tmp_path / "two")))
    assert events[-1].iteration == 3 and np.isfinite(events[-1].rows).all()


@pytest.mark.parametrize("inside", ["", "cats"])
def test_without_classes_the_conditional_game_says_what_to_do(session: Session, tmp_path: Path, inside: str) -> None:
    draw(tmp_path / "nameless" / inside, 3)
    with pytest.raises(ValueError, match="these have none: sort them into a folder for each class, or train a GAN"):
        list(session.stream(run_of("cgan", tmp_path / "nameless")))


@pytest.mark.parametrize("family", ["gan", "cgan", "mlp-gan", "point-gan"])
def test_a_game_in_which_nobody_learns_does_not_begin(session: Session, family: str) -> None:
    told(session.stream(run_of(family, "ring" if family == "point-gan" else "strokes", 1, batch_size=4)))
    ran = session.runs[0]
    with pytest.raises(ValueError, match="Updates D and Updates G are both 0, so nobody learns; give one of them"):
        next(session.stream(run_of(family, "strokes", d_updates=0, g_updates=0)))
    assert session.runs[0] is ran, "the run before is still there"


def test_a_run_is_not_tuned_to_stand_still(session: Session) -> None:
    events = session.stream(run_of("point-gan", "ring", 40))
    next(events)
    with pytest.raises(ValueError, match="nobody learns"):
        session.handle(api.TuneRequest(PointGANSettings(d_updates=0, g_updates=0)))
    assert told(events)[-1].iteration == 40 and session.runs[0].trainer.settings == PointGANSettings()


@pytest.mark.parametrize(("family", "data"), [("gan", "three"), ("point-gan", "ring")])
def test_a_rate_of_ten_ends_the_run_and_leaves_a_finite_state(
    session: Session, three: Path, family: str, data: str
) -> None:
    """It can be gone back to; from where all was well the run goes on with a smaller rate."""
    asked = run_of(family, three if data == "three" else data, 300, **TOO_FAST)
    kept: list[api.TrainEvent] = []
    with pytest.raises(FloatingPointError, match=f"{NO_NUMBER} at iteration .* Try a smaller learning rate"):
        kept.extend(event for event in session.stream(asked) if isinstance(event, api.TrainEvent))
    assert all(np.isfinite(event.rows).all() for event in kept) and kept[-1].rewinds
    newest = session.stream(api.RewindRequest(kept[-1].iteration, 0, 1))
    assert next(newest).iteration == max(n for n in kept[-1].rewinds if n <= kept[-1].iteration)
    newest.close()
    back = session.stream(api.RewindRequest(kept[-1].rewinds[0], 0, 1))  # the newest may be a step from the end
    assert next(back).iteration == kept[-1].rewinds[0]
    slower = SETTINGS[family](**{**vars(asked.settings), "lr_d": 1e-4, "lr_g": 1e-4})
    session.handle(api.TuneRequest(slower, place=1))
    assert told(itertools.islice(back, 40)) and np.isfinite(list(session.runs[1].metrics().values())).all()


# ---- in the window ----------------------------------------------------------------------------------------


@pytest.fixture
def pictures(qtbot: Any, session: Session, three: Path) -> Iterator[Desk]:
    made = Desk(GANTab, session)
    qtbot.addWidget(made.page)
    page = made.open(session.handle(api.CatalogRequest()).catalog)
    page.data.take(str(three))
    qtbot.waitUntil(lambda: "3 pictures" in page.data.facts.text(), timeout=30_000)
    page.show_run()
    yield made
    made.close()


@pytest.fixture
def points(qtbot: Any, session: Session) -> Iterator[Desk]:
    made = Desk(PointsPage, session)
    qtbot.addWidget(made.page)
    made.open(session.handle(api.CatalogRequest()).catalog)
    yield made
    made.close()


def test_the_window_says_that_a_batch_is_all_of_three_pictures(pictures: Desk, qtbot: Any) -> None:
    page: GANTab = pictures.page
    page.controls.set_value(GANSettings(**SMALL))
    page.run_pressed()
    assert pictures.messages[-1] == "There are only 3 pictures: each step learns from all, not from 128."
    qtbot.waitUntil(lambda: page.run.iteration >= 2, timeout=30_000)


def test_the_window_refuses_a_conditional_game_without_classes_and_loses_nothing(pictures: Desk, qtbot: Any) -> None:
    page, said = pictures.page, failures_of(pictures)
    page.controls.set_value(GANSettings(**SMALL, batch_size=3))
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= 2, timeout=30_000)
    before = page.run
    page.controls.set_value(ConditionalGANSettings(**SMALL, batch_size=3))
    page.start_run()
    qtbot.waitUntil(lambda: page.run.state == "failed", timeout=30_000)
    assert len(said) == 1 and "sort them into a folder for each class" in said[0]
    assert page.player.away is before and page.undo() and page.run is before
    page.run_pressed()
    reached = page.run.iteration
    qtbot.waitUntil(lambda: page.run.iteration > reached, timeout=30_000)


@pytest.mark.parametrize("arena", ["pictures", "points"])
def test_the_window_goes_back_from_a_rate_of_ten(arena: str, request: Any, qtbot: Any) -> None:
    desk: Desk = request.getfixturevalue(arena)
    page, said = desk.page, failures_of(desk)
    slow = GANSettings(**SMALL, batch_size=3) if arena == "pictures" else PointGANSettings()
    page.controls.set_value(type(slow)(**{**vars(slow), "optimizer": "sgd"}))
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= 2, timeout=60_000)
    page.controls.set_value(type(slow)(**{**vars(slow), **TOO_FAST}))
    page._settings_changed()
    qtbot.waitUntil(lambda: page.run.broke_at > 0 and page.run.left is None, timeout=60_000)
    broken = page.player.away
    assert len(said) == 1 and NO_NUMBER in said[0] and "smaller learning rate" in said[0]
    assert broken.state == "failed" and np.isfinite(broken.last).all() and len(broken.history) >= 2
    assert page.run.state == "paused" and page.run.iteration == max(broken.rewinds) < page.run.broke_at
    last = f"the run is paused at iteration {page.run.iteration:,}, its last finite state"
    told = f"The loss was no longer a number at iteration {page.run.broke_at:,}; {last}"
    qtbot.waitUntil(lambda: any(told in text for text in desk.messages))
    qtbot.waitUntil(lambda: "no longer a number" in page.caption.markup())
    page.tempo.scrubbed.emit(0)  # the last finite state may be one step from the end: to where all was well
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None and page.run.state == "paused")
    page.controls.set_value(type(slow)(**{**vars(slow), "optimizer": "sgd", "lr_d": 1e-5, "lr_g": 1e-5}))
    page._settings_changed()
    reached = page.run.iteration
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > reached + 5, timeout=30_000)
    assert page.run.state == "running"


@pytest.mark.parametrize("arena", ["pictures", "points"])
def test_the_window_does_not_begin_a_game_in_which_nobody_learns(arena: str, request: Any, qtbot: Any) -> None:
    desk: Desk = request.getfixturevalue(arena)
    page, said = desk.page, failures_of(desk)
    still = (GANSettings if arena == "pictures" else PointGANSettings)(d_updates=0, g_updates=0)
    page.controls.set_value(still)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "failed", timeout=30_000)
    assert len(said) == 1 and "both 0, so nobody learns" in said[0]


# ---- by the command ---------------------------------------------------------------------------------------

TINY = ["--width", "8", "--d-width", "8", "--latent-dim", "4"]


def test_the_command_says_that_a_batch_is_all_of_three_pictures(three: Path, capsys: Any) -> None:
    out = str(three.parent / "x.safetensors")
    assert main(["train", "gan", "--dataset", str(three), "--iterations", "2", *TINY, "--out", out]) == 0
    said = capsys.readouterr().err
    assert "3 pictures, none held out." in said and "each step learns from all, not from 128." in said


def test_the_command_says_what_is_left_of_a_run_that_broke(three: Path, capsys: Any) -> None:
    """What was saved on the way is whole, and goes on with a smaller rate from some iteration on."""
    out = three.parent / "x.safetensors"
    line = ["train", "gan", "--dataset", str(three), *TINY, "--optimizer", "sgd", "--out", str(out)]
    breaking = [*line, "--iterations", "2000", "--changes", "300:lr_d=10,300:lr_g=10"]  # once losses have been told
    assert main([*breaking, "--save-every", "2"]) == 1
    said = capsys.readouterr().err
    assert NO_NUMBER in said and f"--resume {out} goes on from there." in said and "Traceback" not in said
    saved = store.read_header(out).iteration
    assert f"Iteration {saved} is saved" in said and np.isfinite(list(store.read_header(out).metrics.values())).all()
    slower = f"{saved}:lr_d=1e-5,{saved}:lr_g=1e-5"
    again = ["train", "gan", "--resume", str(out), "--dataset", str(three), "--changes", slower]
    assert main([*again, "--iterations", str(saved + 3)]) == 0


def test_a_broken_run_without_a_file_says_how_to_have_one(three: Path, capsys: Any) -> None:
    out = three.parent / "x.safetensors"
    rates = ["--optimizer", "sgd", "--lr-d", "10", "--lr-g", "10"]
    line = ["train", "gan", "--dataset", str(three), *TINY, *rates, "--iterations", "400", "--out", str(out)]
    assert main(line) == 1 and not out.exists()
    assert "Nothing was saved on the way; --save-every does it more often." in capsys.readouterr().err
