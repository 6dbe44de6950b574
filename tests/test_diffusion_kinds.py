"""Models of another kind are played another way than the one before: sampler, steps and spacing follow them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import ALPHAS, CATALOG, MODELS, FakeSession
from page_desk import Desk, on_desk

from genstudio import api
from genstudio.settings import ConsistencySettings, FlowSettings
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.notices import Notices
from genstudio.ui.widgets.message_bar import MessageBar

DDPM = MODELS[3]
LATENT = dataclasses.replace(DDPM, name="codes", path="c", family="latent-ddpm", sha256="4" * 64)
STUDENT = dataclasses.replace(
    DDPM, name="student", path="s", family="consistency", settings=ConsistencySettings(), sha256="5" * 64
)
FLOW = dataclasses.replace(DDPM, name="flow", path="f", family="flow", settings=FlowSettings(), sha256="6" * 64)
ADDED = {info.name: info for info in (LATENT, STUDENT, FLOW)}
SAMPLERS = (
    *CATALOG.samplers,
    dataclasses.replace(CATALOG.samplers[0], name="consistency", title="Consistency"),
    dataclasses.replace(CATALOG.samplers[1], name="heun-straight", title="Heun, straight"),
)
ALL = dataclasses.replace(CATALOG, models=(*CATALOG.models, *ADDED.values()), samplers=SAMPLERS)
USUAL, JUMP, STRAIGHT = ("ddpm", 50, "uniform"), ("consistency", 4, "trailing"), ("heun-straight", 20, "uniform")


class Kinds(FakeSession):
    """Has a model of each kind."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest):
            info = next((one for one in ADDED.values() if request.model in (one.name, one.path)), None)
            if info is not None:
                self.requests.append(request)
                return api.ModelEvent(info, ALPHAS**0.5, (1 - ALPHAS) ** 0.5)
        return super().handle(request)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    with on_desk(qtbot, DiffusionTab, Kinds()) as made:
        yield made


def way(page: DiffusionTab) -> tuple[str, int, str]:
    request = page.player.request
    return request.sampler, request.steps, request.spacing


def choose(page: DiffusionTab, name: str) -> None:
    page.picker.chosen.emit(name)
    assert page.player.request.model == name


def test_it_is_played_its_usual_way_also_after_settings_were_touched(desk: Desk) -> None:
    page = desk.open(ALL)
    page.controls.steps.setValue(30)
    for name, usual, said in (
        ("student", JUMP, "Consistency, 4 steps."),
        ("flow", STRAIGHT, "Heun, straight, 20 steps."),
    ):
        choose(page, name)
        assert way(page) == usual and page.controls.rows["steps"].reset.isHidden(), "that is its default"
        assert desk.messages[-1] == f"{name} is played as models of its kind usually are: {said}"


def test_back_at_a_kind_it_is_as_one_left_it(desk: Desk) -> None:
    page = desk.open(ALL)
    page.controls.steps.setValue(30)
    choose(page, "student")
    page.controls.steps.setValue(1)
    choose(page, "codes")
    assert way(page) == ("ddpm", 30, "uniform")
    assert desk.messages[-1] == "codes is played as you last played one of its kind: DDPM, 30 steps."
    choose(page, "mnist-ddpm")
    assert way(page) == ("ddpm", 30, "uniform"), "the same kind"
    choose(page, "student")
    assert way(page) == ("consistency", 1, "trailing") and desk.messages[-1].endswith("Consistency, 1 step.")


def test_how_it_is_played_is_said_of_its_own_levels_not_of_those_of_the_model_before(desk: Desk) -> None:
    settings = dataclasses.replace(DDPM.settings, timesteps=10)
    few = dataclasses.replace(ALL, models=(dataclasses.replace(DDPM, settings=settings), *ADDED.values()))
    page = desk.open(few)
    assert way(page) == ("ddpm", 10, "uniform")
    choose(page, "flow")
    assert way(page) == STRAIGHT
    assert desk.messages[-1] == "flow is played as models of its kind usually are: Heun, straight, 20 steps."
    choose(page, "mnist-ddpm")
    assert way(page) == ("ddpm", 10, "uniform")
    assert desk.messages[-1] == "mnist-ddpm is played as models of its kind usually are: DDPM, 10 steps."


def test_undo_brings_the_former_way_with_the_former_model(desk: Desk) -> None:
    page = desk.open(ALL)
    page.controls.steps.setValue(30)
    choose(page, "flow")
    assert page.undo()
    assert page.player.request.model == "mnist-ddpm" and way(page) == ("ddpm", 30, "uniform")
    assert page.redo()
    assert page.player.request.model == "flow" and way(page) == STRAIGHT


def test_from_a_step_on_the_way_it_is_that_of_the_trunk_which_one_left(desk: Desk, qtbot: Any) -> None:
    page = desk.open(ALL)
    page.controls.steps.setValue(5)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    page._scrubbed(2)
    page.controls.steps.setValue(9)
    choose(page, "flow")
    assert way(page) == STRAIGHT and page.player.request.changes == ()
    choose(page, "mnist-ddpm")
    assert way(page) == ("ddpm", 5, "uniform")


def test_a_file_that_is_dropped_is_played_as_its_kind_is(desk: Desk, qtbot: Any) -> None:
    page = desk.open(dataclasses.replace(ALL, models=CATALOG.models))
    qtbot.waitUntil(lambda: page.player.request is not None)
    page.controls.steps.setValue(30)
    page.offer_model("s")
    qtbot.waitUntil(lambda: page.player.request.model == "s")
    assert way(page) == JUMP
    assert page.undo() and way(page) == ("ddpm", 30, "uniform")


@pytest.mark.parametrize(
    ("sampler", "model", "played"),
    [
        ("heun-straight", DDPM, USUAL),
        ("ddim", DDPM, ("ddim", 30, "uniform")),
        ("ddim", FLOW, ("ddim", 30, "uniform")),
        ("ddpm", STUDENT, JUMP),
        ("ddim", STUDENT, JUMP),
        ("consistency", STUDENT, ("consistency", 30, "uniform")),
    ],
)
def test_in_the_stead_of_a_model_that_is_gone_none_goes_a_way_never_meant_for_it(
    desk: Desk, qtbot: Any, sampler: str, model: api.ModelInfo, played: tuple[str, int, str]
) -> None:
    desk.page.set_parameters({"model": "gone", "sampler": sampler, "steps": 30, "spacing": "uniform"})
    page = desk.open(dataclasses.replace(ALL, models=(model,)))
    qtbot.waitUntil(lambda: page.player.request is not None)
    assert page.player.request.model == model.name and way(page) == played
    assert json.loads(json.dumps(page.parameters()))["sampler"] == played[0]


def advised(desk: Desk) -> tuple[DiffusionTab, MessageBar]:
    """A model that jumps, with another sampler, and what the window's bar says of that."""
    page, bar = desk.open(ALL), MessageBar(desk.page)
    Notices(bar, desk.page).listen(page)
    choose(page, "student")
    page.controls.sampler.set_value("ddim")
    page.controls.sampler.chosen.emit("ddim")
    choose(page, "mnist-ddpm")
    choose(page, "student")
    assert way(page) == ("ddim", 4, "trailing") and "Student was taught to jump" in bar.text()
    return page, bar


def test_who_chose_another_sampler_for_a_model_that_jumps_is_offered_its_own(desk: Desk) -> None:
    page, bar = advised(desk)
    bar.action.click()
    assert way(page) == JUMP and "jump" not in bar.text()


@pytest.mark.parametrize("name", ["codes", "mnist-ddpm", "flow"])
def test_that_offer_goes_with_its_model(desk: Desk, name: str) -> None:
    page, bar = advised(desk)
    choose(page, name)
    assert "jump" not in bar.text() and bar.action.isHidden()


def test_that_offer_goes_when_its_model_does_by_undo_or_when_it_is_followed_by_hand(desk: Desk) -> None:
    page, bar = advised(desk)
    assert page.undo() and page.player.request.model == "mnist-ddpm"
    assert "jump" not in bar.text() and bar.action.isHidden()
    choose(page, "student")
    assert "jump" in bar.text()
    page.controls.sampler.set_value("consistency")
    page.controls.sampler.chosen.emit("consistency")
    assert "jump" not in bar.text() and bar.action.isHidden()


def test_how_a_model_is_played_is_said_while_it_is_shown(desk: Desk) -> None:
    page, bar = desk.open(ALL), MessageBar(desk.page)
    Notices(bar, desk.page).listen(page)
    choose(page, "student")
    choose(page, "mnist-ddpm")
    assert "nist-ddpm is played" in bar.text()
    choose(page, "codes")
    assert bar.text() == ""
