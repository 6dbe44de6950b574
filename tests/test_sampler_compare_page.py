"""The comparison of samplers with real engines and a deterministic session: locked in time, computed once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, with_catalog
from page_desk import Desk, asked
from PySide6.QtTest import QTest
from sampler_desk import MODEL, SHORT, ended, rest, samplers_desk, steps, streams

from genstudio import api
from genstudio.api.differences import difference, mean_square
from genstudio.ui.diffusion import compare_words as words
from genstudio.ui.diffusion.compare_costs import BAR, GAP, LINE, NONE, Cost, Costs
from genstudio.ui.theme import px
from genstudio.ui.widgets.stage import Stage


@pytest.fixture
def fresh(qtbot: Any) -> Iterator[Desk]:
    """A page that nothing is remembered of."""
    yield from samplers_desk(qtbot)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from samplers_desk(qtbot, SHORT)


# ---- locked in time -------------------------------------------------------------------------------


def test_it_opens_playing_on_what_few_steps_lose(fresh, qtbot):
    page = fresh.open()
    qtbot.waitUntil(lambda: page.player.position >= 2)
    assert page.player.is_playing
    assert streams(fresh) == [[("ddim", 1000), ("ddim", 50), ("ddim", 20), ("ddim", 10)]]
    assert page.controls.presets["loss"].isChecked()


def test_the_columns_show_the_same_share_of_their_ways(desk, qtbot):
    page = ended(desk, qtbot)
    assert len(page.player.moments) == 13 and steps(page) == [12, 6, 4]
    for position, wanted in ((0, [0, 0, 0]), (1, [1, 0, 0]), (3, [3, 1, 1]), (6, [6, 3, 2]), (11, [11, 5, 3])):
        page.tempo.scrubbed.emit(position)
        assert steps(page) == wanted
        for stage, moment in zip(page.columns.pictures, page.player.shown(), strict=False):
            assert np.array_equal(stage.pictures(), moment.step.layers["x_t"])
    assert page.tempo.position() == 11 and "92 %" in page.tempo.label.text()


def test_scrubbing_computes_nothing_and_a_layer_is_changed_for_all(desk, qtbot):
    page = ended(desk, qtbot)
    before = len(desk.session.requests)
    page.player.look(5)
    page.setFocus()
    for key, layer in (("2", "x0_hat"), ("3", "eps_hat"), ("l", "x_t")):
        QTest.keyClicks(page, key)
        assert page.controls.layers.value() == layer
        for stage, moment in zip(page.columns.pictures, page.player.shown(), strict=False):
            assert np.array_equal(stage.pictures(), moment.step.layers[layer])
    assert len(desk.session.requests) == before


def test_pause_stops_the_computation_and_a_step_goes_to_the_next_moment(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.request is not None)
    long = dataclasses.replace(SHORT, ways=(api.Way(MODEL, "ddpm", 1000), api.Way(MODEL, "ddim", 500)))
    page.change(long)
    qtbot.waitUntil(lambda: page.player.position >= 1)
    page.toggle_play()
    assert not page.player.is_playing
    page.player.look(page.player.known)
    newest, position = [t.newest for t in page.player.tracks.shown], page.player.position
    assert newest[0] < 1000
    page.step(1)
    qtbot.waitUntil(lambda: page.player.position == position + 1)
    page.step(-1)
    assert page.player.position == position and not page.player.is_playing


def test_locked_by_level_the_noise_is_the_same_and_the_longest_column_stays(desk, qtbot):
    page = ended(desk, qtbot)
    page.player.look(6)
    before = steps(page)[0]
    page.lock_by("level")
    assert steps(page)[0] == before
    assert "noise 50 %" in page.tempo.label.text()
    levels = [track.levels[k] for track, k in zip(page.player.tracks.shown, steps(page), strict=True)]
    assert all(0 <= level - levels[0] < 1 / 4 for level in levels)


def test_at_the_end_it_plays_again_from_the_noise_without_computing(desk, qtbot):
    page = ended(desk, qtbot)
    before = len(desk.session.requests)
    page.toggle_play()
    assert page.player.position == 0 and page.player.is_playing
    with qtbot.waitSignal(page.player.finished):
        pass
    assert steps(page) == [12, 6, 4] and len(desk.session.requests) == before


# ---- computed once --------------------------------------------------------------------------------


def test_another_column_alone_is_computed(desk, qtbot):
    page = ended(desk, qtbot)
    page.choose(1)
    page.controls.columns.steps.setValue(8)
    rest(page, qtbot)
    assert streams(desk) == [[("ddpm", 12), ("ddim", 6), ("ddim", 4)], [("ddim", 8)]]
    assert steps(page) == [12, 8, 4]


def test_a_column_that_was_there_before_is_not_computed_again(desk, qtbot):
    page = ended(desk, qtbot)
    page.remove_column(1)
    rest(page, qtbot)
    assert page.undo()
    rest(page, qtbot)
    assert len(streams(desk)) == 1 and steps(page) == [12, 6, 4]


def test_other_noise_is_computed_for_all_and_a_changed_file_again(desk, qtbot):
    page = ended(desk, qtbot)
    page.random()
    rest(page, qtbot)
    assert [len(ways) for ways in streams(desk)] == [3, 3]
    page.set_catalog(with_catalog(models=tuple(dataclasses.replace(m, sha256="1" * 64) for m in MODELS)))
    page.undo()
    rest(page, qtbot)
    assert [len(ways) for ways in streams(desk)] == [3, 3, 3]


# ---- numbers --------------------------------------------------------------------------------------


def test_the_difference_is_that_to_the_first_column_as_picture_and_number(desk, qtbot):
    page = ended(desk, qtbot)
    first, other = (page.player.shown()[k].step.layers["x_t"] for k in (0, 1))
    below, costs = page.columns.differences[1], page.columns.costs[1].costs()
    assert np.array_equal(below.pictures(), difference(other, first, "signed"))
    assert costs[2].text == f"{mean_square(other, first):.4f}" != "0.0000"
    assert f"{mean_square(other, first):.4f}" in page.caption.markup()
    assert "no grade" in page.caption.markup() and "not how good" in page.columns.costs[1].toolTip()
    page.show_difference("absolute")
    assert np.array_equal(below.pictures(), difference(other, first, "absolute"))
    page.show_difference("")
    assert below.isHidden() and not page.columns.pictures[1].isHidden()
    assert page.columns.costs[0].costs()[2].text == ""


def test_calls_and_time_are_told_until_now_and_in_all(desk, qtbot):
    page = ended(desk, qtbot)
    assert [cost.text for cost in page.columns.costs[0].costs()[:2]] == ["12", "208 ms"]
    columns = page.columns.costs[0]
    assert "time of 4 pictures: 208 ms" in columns.accessibleName(), "not of one"
    assert "52 ms a picture" in columns.toolTip() and "ms a picture)" in page.caption.markup()
    page.player.look(6)
    assert [cost.text for cost in page.columns.costs[0].costs()[:2]] == ["6 of 12", "112 ms of 208 ms"]
    assert [cost.text for cost in page.columns.costs[2].costs()[:2]] == ["2 of 4", "48.0 ms of 80 ms".replace(".0", "")]
    assert page.columns.costs[2].costs()[0].whole == pytest.approx(4 / 12)


@pytest.mark.parametrize(
    ("error", "text"),
    [(0.0145, "0.0145"), (0.001, "0.0010"), (0.00094, "0.00094"), (8.7e-5, "9·10⁻⁵"), (0.0, "0")],
)
def test_a_small_difference_is_never_written_as_none(error: float, text: str) -> None:
    assert words.distance(error) == text
    ways = (api.Way("a", "ddim", 1000), api.Way("a", "ddim", 100))
    said = words.caption(ways, {}, 1.0, "share", "x_t", (1000, 100), (1.0, 1.0), (0.0, error), 4)
    assert f"<generated>{text}</generated>" in said


def bars(page):
    """Of each column whether its time has a bar, and why not."""
    return [(cost.share > 0, cost.apart) for cost in (costs.costs()[1] for costs in page.columns.costs[:3])]


def test_times_of_another_moment_have_no_bar_and_say_so(desk, qtbot):
    page = ended(desk, qtbot)
    assert bars(page) == [(True, "")] * 3
    page.choose(1)
    page.controls.columns.steps.setValue(8)
    rest(page, qtbot)
    assert bars(page) == [(True, ""), (False, "later"), (True, "")], "most were measured together before"
    costs = page.columns.costs[1]
    assert "time of 4 pictures, later: " in costs.accessibleName() and "no bar" in costs.toolTip()
    assert page.export_source().ms[1] == 0 < min(page.export_source().ms[::2])
    page.grab()  # paints it
    page.choose(2)
    page.controls.columns.steps.setValue(3)
    rest(page, qtbot)
    assert [why for _, why in bars(page)] == ["earlier", "earlier", ""], "each of another moment: the newest counts"
    assert "asked the network <accent>3 times</accent>, " in page.caption.markup(), "and no time beside another"
    state, before = page.state, len(asked(desk, api.CompareSamplersRequest))
    assert page.caption.markup().endswith(words.APART)
    page.caption.word_clicked.emit(words.TOGETHER)
    rest(page, qtbot)
    assert bars(page) == [(True, "")] * 3 and words.APART not in page.caption.markup()
    assert page.state == state and asked(desk, api.CompareSamplersRequest)[before:] == [state.request()]
    page.choose(1)
    page.controls.columns.steps.setValue(7)
    rest(page, qtbot)
    assert bars(page)[1] == (False, "later")
    page.random()
    rest(page, qtbot)
    assert bars(page) == [(True, "")] * 3


def test_the_words_warn_that_fresh_noise_is_no_loss_and_lead_on(desk, qtbot):
    page = ended(desk, qtbot)
    assert "not all that differs is lost" in page.caption.markup()
    page.caption.word_clicked.emit("loss")
    assert [way.sampler for way in page.state.ways] == ["ddim"] * 4
    page.caption.word_clicked.emit("x0_hat")
    assert page.state.layer == "x0_hat"


def test_the_difference_of_a_way_with_noise_of_its_own_is_called_no_loss() -> None:
    ddim, few = api.Way("a", "ddim", 1000), api.Way("a", "ddim", 10)
    ancestral, jump = api.Way("a", "ddpm", 10), api.Way("a", "consistency", 1)
    ways = (ddim, few, ancestral, jump, ddim)
    told = [words.not_lost(ways, k) for k in range(5)]
    assert [short for short, _ in told] == ["", "", "other noise", "other way", ""]
    assert told[2][1].startswith("This column draws fresh noise") and "how good they are" in told[2][1]
    told = [words.not_lost((ancestral, few, ancestral, ddim), k) for k in range(4)]
    assert [short for short, _ in told] == ["", "other noise", "", "other noise"]
    assert told[1][1].startswith("The first column draws fresh noise on its way, so the two make different pictures")


@pytest.mark.parametrize(
    ("first", "second", "short", "warned"),
    [
        (api.Way("a", "ddim", 50), api.Way("a", "ddim", 10), "", ""),
        (api.Way("a", "ddim", 50), api.Way("a", "ddpm", 50), "other noise", "A column that draws fresh noise"),
        (api.Way("a", "ddpm", 50), api.Way("a", "ddim", 50), "other noise", "The first column draws fresh noise"),
        (api.Way("a", "ddim", 50), api.Way("b", "consistency", 4), "other way", "One that jumps"),
        (api.Way("b", "consistency", 1), api.Way("a", "ddim", 50), "other way", "One that jumps"),
        (api.Way("a", "ddim", 50), api.Way("c", "ddim", 50), "other model", "Another model makes other pictures"),
        (api.Way("a", "ddim", 50), api.Way("a", "ddim", 50, 2.0), "other guidance", "Other guidance makes other"),
    ],
)
def test_column_and_caption_say_the_same_of_a_difference(
    first: api.Way, second: api.Way, short: str, warned: str
) -> None:
    told = words.not_lost((first, second), 1)
    assert told[0] == short and bool(told[1]) is bool(short) and words.not_lost((first, second), 0) == ("", "")
    said = words.caption((first, second), {}, 1.0, "share", "x_t", (50, 50), (1.0, 1.0), (0.0, 0.1), 4)
    warnings = ("A column that draws", "The first column draws", "One that jumps", "Another model", "Other guidance")
    assert [start for start in warnings if start in said] == [w for w in warnings if warned.startswith(w)]


def test_equal_methods_are_called_so_and_neither_is_the_farthest() -> None:
    names = "ddim", "heun", "euler-a", "ddpm"
    ways = tuple(api.Way("a", name, 10, spacing="trailing") for name in names)
    titles = {"euler-a": "Euler ancestral", "ddpm": "DDPM ancestral"}
    once = (0.0, 0.01, 0.0780, 0.0780)
    said = words.caption(ways, titles, 1.0, "share", "x_t", (10,) * 4, (1.0,) * 4, once, 4)
    assert "farthest are Euler ancestral with 10 steps and DDPM ancestral with 10 steps: " in said
    assert "Euler ancestral and DDPM ancestral are <b>one method</b>, written differently" in said
    other = (*ways[:3], dataclasses.replace(ways[3], spacing="karras"))
    said = words.caption(other, titles, 1.0, "share", "x_t", (10,) * 4, (1.0,) * 4, (*once[:3], 0.08), 4)
    assert "one method" not in said and "farthest is DDPM ancestral" in said, "on other levels they are not equal"


def test_the_twin_of_the_first_is_neither_close_nor_far() -> None:
    ways = tuple(api.Way("a", name, 10) for name in ("ddpm", "euler-a"))
    said = words.caption(ways, {}, 1.0, "share", "x_t", (10, 10), (1.0, 1.0), (0.0, 0.0), 4)
    assert "losest" not in said and "one method" in said and "not all that differs" not in said
    assert words.not_lost(ways, 1) == ("", "")


def test_the_cell_says_so_in_its_tooltip(desk, qtbot):
    page = ended(desk, qtbot)
    cells = page.columns.costs
    page.change(dataclasses.replace(page.state, ways=(api.Way(MODEL, "ddim", 6), api.Way(MODEL, "ddpm", 6))))
    assert "fresh noise" in cells[1].toolTip() and "fresh noise" not in cells[0].toolTip()
    assert "mean squared difference" in cells[1].toolTip(), "what the number is stays said"
    qtbot.waitUntil(lambda: cells[1].accessibleName().endswith(", other noise"))
    assert "noise" not in cells[0].accessibleName()
    page.grab()  # paints it
    page.change(dataclasses.replace(page.state, ways=(api.Way(MODEL, "ddim", 6), api.Way(MODEL, "ddim", 4))))
    assert "fresh noise" not in cells[1].toolTip()


def test_the_pictures_say_their_classes_where_the_model_knows_any(desk, qtbot):
    page = ended(desk, qtbot)
    info = page.infos[page.state.ways[0].model]
    assert len(info.classes) > 3 and page.columns.pictures[0]._corners == info.classes[:4], "all in turn"
    page.change(dataclasses.replace(page.state, label=2))
    assert page.columns.pictures[1]._corners == (info.classes[2],) * 4
    unguided, guided = (dataclasses.replace(page.state.ways[0], guidance=guidance) for guidance in (0.0, 2.0))
    page.change(dataclasses.replace(page.state, ways=(unguided, guided)))
    assert page.columns.pictures[0]._corners == (), "guidance 0 asks for none"
    assert page.columns.pictures[1]._corners == (info.classes[2],) * 4
    page.change(dataclasses.replace(page.state, label=api.NO_CLASS))
    assert page.columns.pictures[0]._corners == () == page.columns.differences[1]._corners


def test_a_word_stands_in_the_corner_of_a_picture_that_is_large_enough(qtbot):
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(300, 160)
    stage.set_pictures(np.zeros((2, 28, 28, 1), np.uint8))
    bare = stage.grab().toImage()
    stage.set_corners(("7", ""))
    named = stage.grab().toImage()
    first, second = stage.cell_rect(0), stage.cell_rect(1)
    assert named.copy(first) != bare.copy(first) and named.copy(second) == bare.copy(second)
    stage.set_pictures(np.zeros((400, 28, 28, 1), np.uint8))
    small = stage.grab().toImage()
    stage.set_corners(())
    assert stage.grab().toImage() == small, "it would hide them"


def test_a_number_that_cannot_be_compared_has_no_bar(qtbot: Any) -> None:
    shown = Costs()
    qtbot.addWidget(shown)
    shown.resize(120, shown.sizeHint().height())
    for apart, has_bar in (("", True), ("GPU", False)):
        shown.set_costs((NONE[0], Cost("5 s", 0.5, 1.0, apart=apart), NONE[2]))
        image, bar = shown.grab().toImage(), px(LINE) + px(BAR) + px(GAP) + px(LINE)
        assert (image.pixelColor(20, bar + 1) != image.pixelColor(20, bar + px(BAR) + 2)) == has_bar
