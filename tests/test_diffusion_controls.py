"""The inspector of the diffusion tab: what is of no use is grey and says why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from fakes import CATALOG, MODELS

from genstudio.api import ALL_CLASSES, NO_CLASS
from genstudio.ui.diffusion.controls import DiffusionControls
from genstudio.ui.widgets.inspector import Inspector


@pytest.fixture
def controls(qtbot) -> Iterator[DiffusionControls]:
    inspector = Inspector("inspector-test")
    qtbot.addWidget(inspector)
    made = DiffusionControls(inspector)
    made.set_catalog(CATALOG)
    made.set_model(next(m for m in MODELS if m.family == "ddpm"))
    yield made
    inspector.close()


def choose(choice, value) -> None:
    assert choice.set_value(value)
    choice.chosen.emit(value)


def test_without_a_class_there_is_no_guidance_and_the_tooltip_says_why(controls):
    box, label = controls.guidance, controls.rows["guidance"].label
    help_ = box.toolTip()
    assert box.isEnabled() and "class" in help_
    controls.guidance.setValue(4.0)
    choose(controls.label, NO_CLASS)
    assert not box.isEnabled() and "needs a class" in box.toolTip() and box.toolTip() == label.toolTip()
    assert not controls.rows["guidance"].reset.isVisibleTo(controls.rows["guidance"]), "nothing to go back from"
    choose(controls.label, ALL_CLASSES)
    assert box.isEnabled() and box.toolTip() == help_ and box.value() == 4.0
    controls.set_request(dataclasses.replace(controls.request(""), label=NO_CLASS))
    assert not box.isEnabled(), "undo and files grey it too"


def test_a_model_without_classes_has_no_guidance(controls):
    plain = dataclasses.replace(next(m for m in MODELS if m.family == "ddpm"), classes=())
    controls.set_model(plain)
    choose(controls.label, NO_CLASS)
    assert not controls.guidance.isEnabled()


def test_eta_keeps_its_help_where_it_is_of_use(controls):
    choose(controls.sampler, "ddpm")
    assert not controls.eta.isEnabled() and controls.eta.toolTip() == "This sampler has no η."
    choose(controls.sampler, "ddim")
    assert controls.eta.isEnabled() and "noise" in controls.eta.toolTip()


def test_before_there_is_a_model_nothing_can_be_asked_for(qtbot):
    inspector = Inspector("inspector-test")
    qtbot.addWidget(inspector)
    controls = DiffusionControls(inspector)
    boxes = [*(row.control for row in controls.rows.values()), controls.new_seed]
    assert not any(box.isEnabled() for box in boxes)
    controls.set_catalog(CATALOG)
    assert not any(box.isEnabled() for box in boxes)
    controls.set_model(next(m for m in MODELS if m.family == "ddpm"))
    assert all(box.isEnabled() for box in boxes if box is not controls.eta)
    inspector.close()
