"""The section with the lights: what stands there stays there, is named as in the form, and does what it says."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import FakeSession
from page_desk import Desk
from PySide6.QtCore import QObject, Qt

from genstudio.api.health import Light
from genstudio.settings import GANSettings
from genstudio.ui.game.lamps import LIGHTS
from genstudio.ui.game.lights import HINT, Lights, peaks_at, said
from genstudio.ui.game.page import GANTab
from genstudio.ui.game.words import learning
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.inspector import Section


class Panel:
    """The lights of a run on pictures, with a clock of their own."""

    def __init__(self, qtbot: Any) -> None:
        self.section, self.owner, self.now = Section("Is it well?", "test"), QObject(), 0.0
        qtbot.addWidget(self.section)
        self.lights = Lights(self.section, self.owner)
        self.lights.clock = lambda: self.now
        self.section.resize(288, 400)
        self.section.show()

    def show(self, *ill: Light, key: int = 0, holds: bool = True) -> str:
        """All are well but these; what the button says."""
        known = {light.name: light for light in ill}
        shown = [known.get(name, Light(name, "good", f"{name} is well.")) for name in LIGHTS]
        self.lights.show_lights(shown, GANSettings, key, holds)
        return self.lights.remedy.accessibleName() if self.lights.remedy.isVisible() else ""


@pytest.fixture
def panel(qtbot: Any) -> Panel:
    return Panel(qtbot)


BALANCE = Light("balance", "bad", "D is too sure.", {"lr_d": 5e-5})
WATCHED = Light("balance", "watch", "D is rather sure.", {"lr_d": 5e-5})
COLLAPSE = Light("collapse", "bad", "It makes one thing.", {"diversity": "std"}, begins_anew=True)


def test_a_remedy_is_called_as_in_the_form() -> None:
    assert said(GANSettings, {"lr_d": 2e-4}) == "Rate D 0.0002"
    remedy = {"loss": "wasserstein", "gradient_penalty": 10.0, "d_norm": "layer"}
    assert said(GANSettings, remedy) == "Loss wasserstein with penalty 10, Norm in D layer"


def test_a_long_remedy_stands_on_two_lines(panel: Panel) -> None:
    remedy = {"loss": "wasserstein", "gradient_penalty": 10.0, "d_norm": "layer"}
    button, heights = panel.lights.remedy, set()
    for light in (BALANCE, Light("gradient", "bad", "G learns nothing.", remedy, begins_anew=True)):
        panel.show(light, holds=False)
        heights.add(panel.section.sizeHint().height())
        assert button.text().replace("\n", " ") == button.accessibleName(), "whole"
    assert button.text().count("\n") == 1 and len(heights) == 1
    assert button.sizeHint().width() <= panel.section.width() and button.sizeHint().height() <= button.parent().height()


def test_the_button_stays_until_another_light_is_worse_for_a_while(panel: Panel) -> None:
    assert panel.show(WATCHED) == "Set Rate D 5e-05"
    assert panel.show(WATCHED, COLLAPSE) == "Set Rate D 5e-05"
    panel.now = 1.0
    assert panel.show(WATCHED) == panel.show(WATCHED, COLLAPSE) == "Set Rate D 5e-05"
    panel.now = 2.5
    assert panel.show(WATCHED, COLLAPSE) == "Set Rate D 5e-05", "it was worse for 1.5 s only"
    panel.now = 3.1
    assert panel.show(WATCHED, COLLAPSE) == "Restart with Batch view std"
    assert panel.show(BALANCE, COLLAPSE) == "Restart with Batch view std", "another is as bad, not worse"
    assert panel.show(BALANCE) == "Set Rate D 5e-05", "that light is well"


def test_with_other_settings_or_another_moment_it_is_another_at_once(panel: Panel) -> None:
    panel.show(WATCHED)
    assert panel.show(WATCHED, COLLAPSE, key=1) == "Restart with Batch view std"
    assert panel.show(WATCHED, holds=False) == "Set Rate D 5e-05"


def test_what_is_carried_out_is_what_the_button_said(panel: Panel, qtbot: Any) -> None:
    panel.show(WATCHED)
    panel.show(WATCHED, COLLAPSE)
    with qtbot.waitSignal(panel.lights.remedy_wanted) as wanted:
        panel.lights.remedy.click()
    assert wanted.args == [{"lr_d": 5e-5}, False]


def test_a_lamp_that_is_pressed_shows_its_own_reason(panel: Panel, qtbot: Any) -> None:
    lights = panel.lights
    panel.show(WATCHED, COLLAPSE)
    assert lights.reason.text() == COLLAPSE.reason
    qtbot.mouseClick(lights.lamps["balance"], Qt.MouseButton.LeftButton)
    assert lights.reason.text() == WATCHED.reason and lights.remedy.accessibleName() == "Set Rate D 5e-05"
    qtbot.keyClick(lights.lamps["gradient"], Qt.Key.Key_Space)
    assert lights.reason.text() == "gradient is well." and not lights.remedy.isVisible()
    assert panel.show(WATCHED, COLLAPSE) == "" and lights.reason.text() == "gradient is well."
    qtbot.mouseClick(lights.lamps["gradient"], Qt.MouseButton.LeftButton)
    assert lights.reason.text() == COLLAPSE.reason


def test_nothing_below_moves_whatever_is_said(panel: Panel) -> None:
    heights = set()
    long = Light("balance", "bad", "D tells all that it sees right. " * 6, {"lr_d": 5e-5})
    for ill in ((), (BALANCE,), (long,)):
        panel.show(*ill, holds=False)
        heights.add(panel.section.sizeHint().height())
    panel.show()
    assert panel.lights.reason.text() == HINT
    panel.lights.show_lights(())
    assert heights == {panel.section.sizeHint().height()} and panel.lights.reason.text() == ""


def test_a_lamp_says_that_it_is_too_early(panel: Panel) -> None:
    panel.lights.show_lights([Light(name, "early", "It is too early.") for name in LIGHTS], GANSettings)
    assert panel.lights.lamps["balance"].accessibleName() == "Balance: too early" and panel.lights.worst() is None


def test_the_peaks_of_a_loss_are_those_since_the_moment_before() -> None:
    buffer = CurveBuffer(2)
    rows = [[1.0, 1.0]] * 40
    rows[14] = [-13.0, 2.0]
    buffer.extend(rows)
    found = peaks_at(buffer, [10, 20, 30], 0)
    assert [peaks["d_loss"] for peaks in found] == [1.0, 13.0, 1.0] and found[1]["g_loss"] == 2.0
    assert peaks_at(CurveBuffer(2), [1], 0) == [{}]


def test_the_first_of_the_moments_has_the_peak_since_the_settings_were_changed() -> None:
    buffer = CurveBuffer(2)
    rows = [[1.0, 1.0]] * 40
    rows[4], rows[14] = [5e9, 2.0], [7.0, 2.0]
    buffer.extend(rows)
    assert [peaks["d_loss"] for peaks in peaks_at(buffer, [20, 30], 0)] == [5e9, 1.0]
    assert [peaks["d_loss"] for peaks in peaks_at(buffer, [20, 30], 10)] == [7.0, 1.0]
    assert [peaks["d_loss"] for peaks in peaks_at(buffer, [20, 30], 25)] == [1.0, 1.0]


@pytest.mark.parametrize("is_critic", [False, True])
def test_the_caption_does_not_praise_a_game_that_fails(is_critic: bool) -> None:
    well, ill = learning(500, 0.9, 0.3, is_critic), learning(500, 0.9, 0.3, is_critic, BALANCE.reason)
    assert "learns" in well and "learns" not in ill and ill.endswith(BALANCE.reason)


def test_a_restart_that_fails_at_once_leaves_the_run_before_it_in_reach(qtbot: Any) -> None:
    desk = Desk(GANTab, FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open()
    page.show_run()
    page.start_run()
    qtbot.waitUntil(lambda: len(page.run.history) > 0 and page.run.iteration > 0)
    first, settings = page.run, page.run.settings()
    remedy = {"loss": "wasserstein", "gradient_penalty": 10.0, "d_norm": "layer"}
    page.controls.lights.remedy_wanted.emit(remedy, True)
    assert page.run is not first and page.run.request.settings.d_norm == "layer"
    assert desk.messages[-1] == "The run was put away." and first.settings() == settings, "it was not tuned"
    page.run.set_state("failed")
    desk.offers[-1]()
    assert page.run is first and page.run.state == "paused"
    desk.close()
