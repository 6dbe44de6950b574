"""The triptych with real engines and a deterministic session: two answer at once, the third in few steps, then all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, SAMPLERS, with_catalog
from page_desk import Desk, room, settle
from triptych_desk import ALL, CGAN, STUDENT, opened, panels, rest, seen, shows, to, triptych_desk, wanted
from triptych_fake import MS

from genstudio import api
from genstudio.settings import UNet2DSettings
from genstudio.ui.theme import theme
from genstudio.ui.triptych import words
from genstudio.ui.triptych.state import DIFFUSION, GAN, PLACES, VAE

DRAFT_STEPS, STEPS = 5, 50
CAT = UNet2DSettings()


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    """A page that was left at seed A."""
    yield from triptych_desk(qtbot)


@pytest.fixture
def fresh(qtbot: Any) -> Iterator[Desk]:
    """A page of which nothing is remembered."""
    yield from triptych_desk(qtbot, {})


def positions(desk: Desk, steps: int) -> list[int]:
    """The stops at which the diffusion model was asked for so many steps, in order."""
    return [round(r.position * PLACES) for r in panels(desk, "diffusion") if r.panel.steps == steps]


# ---- the control ----------------------------------------------------------------------------------


def test_it_opens_on_models_of_the_same_data_and_goes_from_a_to_b(fresh, qtbot):
    page = fresh.open(ALL)
    assert page.state.models == ("mnist-vae-2", "mnist-cgan", "mnist-ddpm")
    qtbot.waitUntil(lambda: 0 < page.state.position < 1)
    assert page.tempo.is_playing() and not page.is_settled()
    page.tempo.speed_picker.set_value(4.0)
    rest(page, qtbot)
    assert page.state.position == 1 and not page.tempo.is_playing() and page.tempo.position() == PLACES
    assert all(shows(page, k) for k in (VAE, GAN, DIFFUSION))


def test_one_move_asks_all_three_for_the_same_place(desk, qtbot):
    page = opened(desk, qtbot)
    to(page, 74)
    qtbot.waitUntil(lambda: shows(page, VAE, 74) and shows(page, GAN, 74))
    rest(page, qtbot)
    assert shows(page, DIFFUSION, 74)
    for kind in ("vae", "gan", "diffusion"):
        last = panels(desk, kind)[-1]
        assert (last.position, last.seed_a, last.seed_b, last.count) == (0.37, 7, 8, 6)
    assert page.tempo.label.text() == "37 % to seed 8"
    assert "at <b>37 %</b> of the way from seed <latent>7</latent> to <latent>8</latent>" in page.caption.markup()


def test_keys_go_a_percent_on_and_space_plays_to_the_end_and_from_the_beginning_again(desk, qtbot):
    page = opened(desk, qtbot)
    page.step(1)
    assert page.state.position == 0.01
    page.step(-1)
    page.step(-1)
    assert page.state.position == 0
    page.tempo.speed_picker.set_value(0.1)  # 50 s for the way: no two ticks can end it
    page.toggle_play()
    qtbot.waitUntil(lambda: page.state.position > 0)
    page.toggle_play()
    assert not page.tempo.is_playing() and 0 < page.state.position < 1
    page.tempo.speed_picker.set_value(4.0)
    to(page, PLACES)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.state.position < 1)
    rest(page, qtbot)
    assert page.state.position == 1


def test_a_hand_on_the_control_stops_the_play(desk, qtbot):
    page = opened(desk, qtbot)
    page.toggle_play()
    to(page, 50)
    assert not page.tempo.is_playing() and page.state.position == 0.25
    rest(page, qtbot)
    assert page.state.position == 0.25


# ---- two answers of the diffusion model ------------------------------------------------------------


def test_few_steps_come_first_and_all_when_the_hand_rests(desk, qtbot):
    page = opened(desk, qtbot)
    column = page.columns.columns[DIFFUSION]
    assert positions(desk, DRAFT_STEPS) == [0] == positions(desk, STEPS) and column.note.text() == "after all 50 steps"
    told: list[tuple[str, bool]] = []
    page.asker.arrived.connect(lambda k: told.append((column.note.text(), shows(page, DIFFUSION))))
    to(page, 20)
    rest(page, qtbot)
    assert ("after 5 steps", False) in told and told[-1] == ("after all 50 steps", True)
    assert positions(desk, DRAFT_STEPS) == [0, 20] == positions(desk, STEPS)
    assert shows(page, DIFFUSION, 20)


def test_a_first_answer_under_way_ends_before_the_newest_place_is_asked_for(desk, qtbot):
    page = opened(desk, qtbot)
    desk.session.gate.clear()
    to(page, 20)
    qtbot.waitUntil(lambda: positions(desk, DRAFT_STEPS)[-1] == 20)
    for place in (40, 60, 80):
        to(page, place)
    desk.session.gate.set()
    rest(page, qtbot)
    assert positions(desk, DRAFT_STEPS) == [0, 20, 80], "those in between are skipped, and none is given up"
    assert positions(desk, STEPS) == [0, 80] and shows(page, DIFFUSION, 80)


def test_all_steps_are_given_up_when_the_hand_moves_again(desk, qtbot):
    page = opened(desk, qtbot)
    to(page, 20)
    qtbot.waitUntil(lambda: page.asker.shows_draft)
    desk.session.gate.clear()
    qtbot.waitUntil(lambda: positions(desk, STEPS)[-1] == 20)
    finished = []
    page.asker.arrived.connect(lambda k: finished.append(page.state.position) if page.asker.is_whole else None)
    to(page, 100)
    desk.session.gate.set()
    rest(page, qtbot)
    assert set(finished) == {0.5} and shows(page, DIFFUSION, 100)


def test_while_all_steps_are_gone_the_first_answer_stays_and_it_is_told_how_far_they_are(desk, qtbot):
    page = opened(desk, qtbot)
    desk.session.held_step = 10
    desk.session.gate.clear()
    to(page, 20)
    qtbot.waitUntil(lambda: page.asker.shows_draft)
    drafted, note = seen(page, DIFFUSION), page.columns.columns[DIFFUSION].note
    qtbot.waitUntil(lambda: note.text() == "after 5 steps · step 9 of 50")
    assert np.array_equal(seen(page, DIFFUSION), drafted) and not shows(page, DIFFUSION)
    desk.session.gate.set()
    rest(page, qtbot)
    assert note.text() == "after all 50 steps" and shows(page, DIFFUSION, 20)


def test_pictures_of_other_steps_stand_back_and_say_so_until_the_new_ones_come(desk, qtbot):
    page = opened(desk, qtbot)
    column = page.columns.columns[DIFFUSION]
    assert not column.stage.is_faded()
    before = seen(page, DIFFUSION)
    desk.session.held_step = 15
    desk.session.gate.clear()
    page.controls.steps.setValue(400)
    assert column.note.text() == "old: 50 steps · step 0 of 400" and column.stage.is_faded(), "at once"
    qtbot.waitUntil(lambda: column.note.text() == "old: 50 steps · step 14 of 400")
    assert np.array_equal(seen(page, DIFFUSION), before) and column.stage.is_faded()
    desk.session.gate.set()
    rest(page, qtbot)
    assert column.note.text() == "after all 400 steps" and not column.stage.is_faded()
    assert shows(page, DIFFUSION)


def test_a_move_of_the_control_makes_no_picture_old_and_another_sampler_does(desk, qtbot):
    page = opened(desk, qtbot)
    column = page.columns.columns[DIFFUSION]
    desk.session.gate.clear()
    to(page, 70)
    assert not column.stage.is_faded()
    page.change(dataclasses.replace(page.state, sampler="heun"))
    assert column.stage.is_faded() and column.note.text() == "old pictures · step 0 of 50"
    desk.session.gate.set()
    rest(page, qtbot)
    assert not column.stage.is_faded() and shows(page, DIFFUSION, 70)


def test_a_way_as_short_as_the_first_answer_is_gone_once(desk, qtbot):
    page = opened(desk, qtbot)
    page.controls.steps.setValue(4)
    rest(page, qtbot)
    assert positions(desk, 4) == [0] and shows(page, DIFFUSION)
    assert page.columns.columns[DIFFUSION].numbers[1].isHidden()


def test_a_model_that_jumps_does_so_in_few_steps_by_its_own_rule(desk, qtbot):
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, STUDENT)))
    page.columns.model_chosen.emit(DIFFUSION, "student")
    rest(page, qtbot)
    drawn = [(r.panel.sampler, r.panel.steps) for r in panels(desk, "diffusion") if r.model == "student"]
    assert drawn == [("consistency", 1), ("consistency", 4)]
    assert not page.controls.sampler.isEnabled() and "jump" in page.controls.sampler.toolTip()


# ---- numbers --------------------------------------------------------------------------------------


def test_under_each_column_stands_what_a_picture_takes(desk, qtbot):
    page = opened(desk, qtbot)
    told = [[n.value.text() for n in column.numbers if not n.isHidden()] for column in page.columns.columns]
    draft, whole = (f"{float(f'{MS * steps / 6:.2g}'):g} ms" for steps in (DRAFT_STEPS, STEPS))
    assert told == [["0.067 ms"], ["0.067 ms"], [draft, whole]], "the median of what was drawn here"
    assert "drawn here: 0.067 ms" in page.columns.columns[VAE].numbers[0].toolTip(), "0.4 ms for six pictures"
    assert [n.words.text() for n in page.columns.columns[DIFFUSION].numbers] == [
        "a picture, in 5 steps", "a picture, in 50 steps"
    ]  # fmt: skip
    page.controls.counts.chosen.emit(page.controls.counts.value())
    settle(desk, qtbot, "play")
    assert len(panels(desk, "vae")) == 1, "nothing has changed"
    page.controls.counts.set_value("1")
    page.controls.counts.chosen.emit("1")
    rest(page, qtbot)
    assert "drawn here: 0.4 ms" in page.columns.columns[VAE].numbers[0].toolTip()


def test_the_class_is_asked_of_those_that_know_it_and_the_others_say_so(desk, qtbot):
    page = opened(desk, qtbot)
    picker = page.controls.label
    assert [picker.itemText(k) for k in range(picker.count())] == ["all in turn", *MODELS[3].classes]
    picker.set_value("3")
    picker.chosen.emit("3")
    rest(page, qtbot)
    assert [panels(desk, kind)[-1].panel.label for kind in ("vae", "gan", "diffusion")] == [api.ALL_CLASSES, 3, 3]
    notes = [column.note.text() for column in page.columns.columns]
    assert notes == ["knows no classes", "", "after all 50 steps"]


def test_another_model_never_shows_the_pictures_of_the_one_before(desk, qtbot):
    page = opened(desk, qtbot)
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    assert seen(page, VAE) is None
    old = dataclasses.replace(panels(desk, "vae")[0])
    page.handle("vae", api.PicturesEvent(old, np.zeros((6, 28, 28, 1), np.uint8), 0.4))
    assert seen(page, VAE) is None, "a late answer of the old one"
    rest(page, qtbot)
    assert shows(page, VAE) and panels(desk, "vae")[-1].model == "mnist-vae-16"
    assert page.columns.columns[VAE].picker.value() == "mnist-vae-16"
    settle(desk, qtbot, "play")
    assert len(panels(desk, "gan")) == 1, "the others stay"


# ---- nobody looks ---------------------------------------------------------------------------------


def test_another_page_on_top_stops_all_and_what_was_there_is_not_computed_again(desk, qtbot):
    page = opened(desk, qtbot)
    before = len(desk.session.requests)
    page.deactivate()
    page.activate()
    rest(page, qtbot)
    settle(desk, qtbot, "play")
    assert not [
        r for r in desk.session.requests[before:] if isinstance(r, api.PanelRequest) and r.model == "mnist-ddpm"
    ]
    page.toggle_play()
    qtbot.waitUntil(lambda: page.state.position > 0)
    page.deactivate()
    assert not page.tempo.is_playing()
    page.activate()
    assert page.tempo.is_playing()


def test_a_file_that_has_changed_is_asked_again(desk, qtbot):
    page = opened(desk, qtbot)
    before = {kind: len(panels(desk, kind)) for kind in ("vae", "gan", "diffusion")}
    changed = tuple(dataclasses.replace(model, sha256="1" * 64) for model in ALL.models)
    page.set_catalog(dataclasses.replace(ALL, models=changed))
    rest(page, qtbot)
    assert {kind: len(panels(desk, kind)) - count for kind, count in before.items()} == {
        "vae": 1, "gan": 1, "diffusion": 2,
    }  # fmt: skip
    assert page.state.models == ("mnist-vae-2", CGAN.name, "mnist-ddpm") and shows(page, DIFFUSION)
    assert np.array_equal(seen(page, VAE), wanted(page, VAE))


def test_what_nobody_touched_stays_as_it_is(desk, qtbot):
    page = opened(desk, qtbot)
    page.change(dataclasses.replace(page.state, guidance=1.333))
    assert page.controls.guidance.value() == 1.33, "the box has two digits"
    page.controls.seed_a.setValue(99)
    assert (page.state.seed_a, page.state.guidance) == (99, 1.333)


@pytest.mark.parametrize(("classes", "words"), [(("0", "1"), "never learnt to do without"), ((), "knows no classes")])
def test_guidance_of_a_model_that_learnt_nothing_else_than_classes_says_why_it_is_off(desk, qtbot, classes, words):
    cat = dataclasses.replace(MODELS[3], name="cat", path="cat", family="unet2d", settings=CAT, classes=classes)
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, cat)))
    guidance, label = page.controls.guidance, page.controls.rows["guidance"].label
    assert guidance.isEnabled() and "1 is the class as learnt" in label.toolTip()
    page.columns.model_chosen.emit(DIFFUSION, "cat")
    rest(page, qtbot)
    assert not guidance.isEnabled() and words in guidance.toolTip() == label.toolTip()
    page.columns.model_chosen.emit(DIFFUSION, "mnist-ddpm")
    rest(page, qtbot)
    assert guidance.isEnabled() and "1 is the class as learnt" in guidance.toolTip()


# ---- times ----------------------------------------------------------------------------------------


def test_how_many_times_as_long_is_said_as_soon_as_both_were_drawn_once_and_stays(desk, qtbot):
    page = opened(desk, qtbot)
    assert "<b>more than 1,000 times</b> as long as the VAE" in page.caption.markup(), "half of 133 ms / 0.067 ms"
    to(page, 70)
    assert "as long as the VAE" in page.caption.markup(), "another place takes as long"
    rest(page, qtbot)
    page.controls.steps.setValue(4)
    rest(page, qtbot)
    assert "diffusion model 4 steps and" in page.caption.markup()
    page.controls.steps.setValue(STEPS)
    assert (
        "diffusion model 50 steps and <accent>about\u00a0130\u00a0ms</accent>, <b>more than" in page.caption.markup()
    ), "it was drawn so before"


def test_times_of_a_file_that_has_changed_do_not_count(desk, qtbot):
    page = opened(desk, qtbot)
    desk.session.gate.clear()
    changed = tuple(dataclasses.replace(model, sha256="1" * 64) for model in ALL.models)
    page.set_catalog(dataclasses.replace(ALL, models=changed))
    assert page.took(VAE) is None and page.took(DIFFUSION) is None
    desk.session.gate.set()
    rest(page, qtbot)


def test_the_stage_stays_as_high_while_the_words_below_it_become_more(desk, qtbot):
    page = desk.page
    desk.session.gate.clear()  # the diffusion model is not done, so there is little to say
    desk.open(ALL)
    heights: list[int] = []
    for said in (page.caption.markup(), words.longest(page.state, page.infos)):
        page.caption.set_text(said)
        qtbot.waitUntil(lambda: page.caption.parentWidget().height() == page.caption.minimumHeight())
        page.layout().activate()
        heights.append(page.stage_frame.height())
    assert "of the VAE's strokes are grey" in said and heights[0] == heights[1] > 0


def test_of_a_preview_which_is_drawn_a_few_pictures_at_a_time_it_is_not_said_that_all_were_at_once(desk, qtbot):
    page = opened(desk, qtbot)
    drafted, whole = page._numbers(DIFFUSION)
    assert "in 5 steps" in drafted[1] and drafted[2] and "at once" not in drafted[2]
    assert "in 50 steps" in whole[1] and "6 pictures were drawn at once" in whole[2]


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_with_large_text_in_a_small_window_neither_a_setting_nor_its_name_is_cut(desk, qtbot, scale):
    titles = {"ddim": "DDIM", "dpm-2m": "DPM-Solver++ 2M", "heun": "Heun"}
    samplers = tuple(dataclasses.replace(SAMPLERS[0], name=name, title=title) for name, title in titles.items())
    page = desk.open(with_catalog(models=(*MODELS, CGAN), samplers=samplers))
    theme().set_scale(scale)
    page.resize(1024, 698)
    page.show_inspector(True)
    qtbot.waitUntil(lambda: page.side.isVisible() and page.controls.sampler.count() == len(titles))
    sampler = page.controls.sampler
    assert [text for text in titles.values() if sampler.fontMetrics().horizontalAdvance(text) > room(sampler)] == []
    rows = [row for section in page.inspector.sections for row in section.rows]
    qtbot.waitUntil(lambda: all(row.label.width() >= row.label.sizeHint().width() for row in rows))
