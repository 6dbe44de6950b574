"""The explorer, the past and a fork of a real run, through the window."""

from __future__ import annotations

from typing import Any

import numpy as np
from gan_desk import settle
from page_desk import Desk

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import MLPGANSettings
from genstudio.ui.game.explore import Explorer
from genstudio.ui.game.page import GANTab

ENOUGH = 12  # moments


def drawn(part: Explorer, qtbot: Any) -> np.ndarray:
    """The picture of the code by the generator of the moment that is looked at."""

    def is_drawn() -> bool:
        part.show()
        return not any(part._asked.values())

    qtbot.waitUntil(is_drawn, timeout=30_000)
    return part.view.stage.pictures()[0]


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """But for the rounding of a picture that is drawn alone."""
    return int(np.abs(one.astype(int) - other.astype(int)).max()) <= 1


def test_a_sample_is_explored_then_and_now_and_a_fork_without_a_change_repeats_the_run(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("genstudio.session.training.ROWS_EVERY_S", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_every_s", 0.0)
    monkeypatch.setattr("genstudio.core.training.Trainer.preview_share", 1e9)
    session = Session("train", model_dirs=[tmp_path], data_dir=tmp_path, compute=FLOAT32_CPU)
    desk = Desk(GANTab, session)
    qtbot.addWidget(desk.page)
    page: GANTab = desk.open(session.handle(api.CatalogRequest()).catalog)
    page.data.select("strokes")
    page.controls.set_value(MLPGANSettings(latent_dim=4, hidden=8, batch_size=4))
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > ENOUGH, timeout=30_000)
    page.run_pressed()
    settle(desk, qtbot)
    trunk = page.run
    part = next(part for part in page.parts if isinstance(part, Explorer))
    page.stage.cell_double_clicked.emit(5)
    assert alike(drawn(part, qtbot), trunk.history[-1].samples[5])
    kept = [k for k, moment in enumerate(trunk.history.values()) if moment.iteration in trunk.rewinds]
    place = kept[len(kept) // 2]
    then = trunk.history[place]
    page.tempo.scrubbed.emit(place)
    assert alike(drawn(part, qtbot), then.samples[5]) and f"at iteration {then.iteration}." in part.view.when.text()
    page.rewind()
    qtbot.waitUntil(lambda: page.run.left is None, timeout=30_000)
    assert page.run is not trunk and page.run.iteration == then.iteration
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= trunk.history[-1].iteration, timeout=30_000)
    page.run_pressed()
    settle(desk, qtbot)
    before, again = ({m.iteration: m for m in run.history.values()} for run in (trunk, page.run))
    later = [k for k in before.keys() & again.keys() if k > then.iteration]
    assert later and all(np.array_equal(before[k].samples, again[k].samples) for k in later)
    page.tempo.scrubbed.emit(0)
    assert alike(drawn(part, qtbot), trunk.history[0].samples[5]), "a run that goes back has the past of the other"
    desk.close()
