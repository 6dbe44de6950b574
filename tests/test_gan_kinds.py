"""The kinds of games in the window: their forms, their files, and what is said of a critic."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk, train
from page_desk import Desk, asked

from genstudio import api
from genstudio.core.adversarial.losses import LOSSES
from genstudio.settings import ADVERSARIAL, SETTINGS, ConditionalGANSettings, GANSettings, MLPGANSettings
from genstudio.settings.adversarial import LOG_LOSSES
from genstudio.ui.game import words
from genstudio.ui.game.plots import CRITIC_TITLES, LOG_TITLES, GANPlots
from genstudio.ui.widgets.curves import CurveBuffer


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def choose(desk: Desk, family: str) -> None:
    controls = desk.page.controls
    controls.kind_picker.set_value(family)
    controls.kind_picker.chosen.emit(family)


def test_the_window_knows_which_losses_have_probabilities() -> None:
    assert {name for name, loss in LOSSES.items() if loss.is_logit} == set(LOG_LOSSES)
    assert set(words.KINDS) == set(ADVERSARIAL)


def test_every_setting_of_every_kind_stands_in_one_section(desk: Desk) -> None:
    controls = desk.page.controls
    for family in ADVERSARIAL:
        choose(desk, family)
        form = controls.form
        assert set(form.rows) == {field.name for field in dataclasses.fields(SETTINGS[family])}
        assert len({row.parentWidget() for row in form.rows.values()}) == 3
        assert not any(row.isHidden() for row in form.rows.values())
        others = [row for other in controls._forms.values() if other is not form for row in other.rows.values()]
        assert all(row.isHidden() for row in others)


def test_another_kind_keeps_the_rules_and_is_what_is_trained(desk: Desk) -> None:
    form = desk.page.controls.form
    form.set_value(GANSettings(loss="hinge", width=24, r1=2.0))
    choose(desk, "cgan")
    assert desk.page.controls.form.value() == ConditionalGANSettings(loss="hinge", width=24, r1=2.0)
    choose(desk, "mlp-gan")
    assert desk.page.controls.form.value() == MLPGANSettings(loss="hinge", r1=2.0)
    desk.page.start_run()
    run = asked(desk, api.TrainRequest)[-1]
    assert run.family == "mlp-gan" and run.settings.loss == "hinge"


def test_the_kind_is_remembered_and_older_memories_are_of_a_dcgan(desk: Desk) -> None:
    page = desk.page
    choose(desk, "cgan")
    values = page.parameters()
    choose(desk, "gan")
    page.set_parameters(values)
    assert page.controls.family == "cgan"
    page.set_parameters({"settings": dataclasses.asdict(GANSettings(width=32))})
    assert page.controls.family == "gan" and page.controls.form.value().width == 32
    page.set_parameters({"settings": {}, "family": "vae"})
    assert page.controls.family == "gan"


def test_a_critic_has_scores_and_no_probabilities(desk: Desk, qtbot: Any) -> None:
    page = train(desk, qtbot)
    qtbot.waitUntil(lambda: "gives real pictures" in page.caption.text())
    assert "How sure" in page.plots.plots[1]._title.text()
    page.run.changes = (*page.run.changes, api.Change(1, "loss", "wasserstein"))
    page.refresh()
    assert [plot._title.text() for plot in page.plots.plots] == list(CRITIC_TITLES)
    assert "only the difference" in page.caption.text() and "½" not in page.caption.text()


def test_scores_below_zero_are_seen(qtbot: Any) -> None:
    plots = GANPlots()
    qtbot.addWidget(plots)
    curves = CurveBuffer(2), CurveBuffer(2)
    plots.show_run(curves)
    plots.build()
    plots.set_critic(True)
    for buffer in curves:
        buffer.extend(np.float32([[-30, -20]] * 40))
    plots.show_run(curves)
    for plot in plots.plots:
        low, high = (
            plot.panel.viewRange()[1] if hasattr(plot.panel, "viewRange") else plot.panel.getViewBox().viewRange()[1]
        )
        assert low < -29 and high >= 0
    plots.set_critic(False)
    assert plots.plots[0]._title.text() == LOG_TITLES[0]
