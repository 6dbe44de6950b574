"""The page of measurements times models together, and ranks only such times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from comparison_facts import DDPM, GAN, NAMES, VAE, sitting
from measured_desk import FOUND, TIMES, asked, line_of, measured, measured_desk, values
from page_desk import Desk
from PySide6.QtWidgets import QLabel

from genstudio import api
from genstudio.api.timing import TOGETHER
from genstudio.ui.measured import words
from genstudio.ui.measured.controls import OTHER_BUSY, TOO_FEW
from genstudio.ui.measured.page import MeasuredPage


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from measured_desk(qtbot)


@pytest.fixture
def page(desk: Desk, qtbot: Any) -> MeasuredPage:
    return measured(desk, qtbot, *NAMES)


def times(page: MeasuredPage) -> Any:
    return line_of(page, "time")


def test_times_of_the_cards_have_no_winner_and_it_is_said_how_there_would_be_one(page):
    assert values(page, "time") == [0.3, 0.3, 90.0] and not times(page).best
    assert words.under(times(page)) == "not compared: timed apart"
    assert "measured at different times" in words.cell_help(times(page), 0)
    assert f"<b>{words.TIME_TOGETHER}</b>" in page.caption.markup()
    assert page.controls.times.isEnabled() and page.controls.times.text() == words.TIME_TOGETHER
    axes = {axis.aspect: axis for axis in page.stage.radar.axes}
    assert axes["speed"].name == "" and page.stage.radar.axis_words(axes["speed"]) == "not compared"
    assert page.stage.radar.axis_words(axes["stability"]) == "no numbers"


def test_models_are_timed_together_and_then_ranked(page, desk, qtbot):
    desk.session.gate.clear()
    page.controls.times.click()
    qtbot.waitUntil(lambda: page.queue.what == "Round 1 of 2")
    assert page.controls.busy.isVisible() and page.controls.progress.value() == 500
    assert page.controls.doing.text() == "Times of 3 models: Round 1 of 2 …"
    for button in (page.controls.times, page.controls.measure):
        assert not button.isEnabled() and button.toolTip() == OTHER_BUSY
    assert "draw in turns" in page.caption.markup()
    desk.session.gate.set()
    qtbot.waitUntil(page.is_settled)
    assert values(page, "time") == [0.3, 0.6, 91.0] and times(page).best == {0}
    assert desk.messages[-1] == words.TIMED and not page.controls.busy.isVisible()
    (request,) = asked(desk, api.TimesRequest)
    assert request.models == NAMES and request.samples[2].steps == 50
    assert "Alone in front: <b>mnist-vae-16</b> in time." in page.caption.markup()
    assert words.TIME_TOGETHER not in page.caption.markup()


def test_what_was_timed_together_before_is_there_again(page, desk, qtbot):
    desk.session.sittings = (sitting(vae=TIMES[VAE.name], gan=(0.2, 0.21, 0.2), ddpm=TIMES[DDPM.name]),)
    page.ask_facts()
    qtbot.waitUntil(lambda: times(page).best == {1})
    page.stage.table.cell_chosen.emit("time", 1)
    texts = [label.text() for label in page.controls.panel.findChildren(QLabel)]
    assert "16 at once" in texts and "22 November 2026, 18:00" in texts
    assert "0.3 ms, measured alone, 22 November 2026, 14:05" in texts
    assert TOGETHER in page.controls.panel.meaning.text() and words.CLOCK not in page.controls.panel.meaning.text()


def test_another_column_is_timed_apart_until_it_was_in_the_sitting(page, desk, qtbot):
    page.controls.times.click()
    qtbot.waitUntil(lambda: times(page).best == {0})
    desk.session.known["mnist-vae-2"] = (FOUND[VAE.name],)
    page.controls.add.chosen.emit("mnist-vae-2")
    qtbot.waitUntil(lambda: values(page, "time")[3] == 0.3)
    assert times(page).left_out == {3} and times(page).best == {0}
    assert words.TIME_TOGETHER in page.caption.markup()
    page.controls.times.click()
    qtbot.waitUntil(lambda: values(page, "time")[3] == 1.1)
    assert times(page).best == {0} and len(asked(desk, api.TimesRequest)) == 2


@pytest.mark.parametrize("by", ["the button", "the message bar"])
def test_stop_leaves_the_times_as_they_were(page, desk, qtbot, by):
    desk.session.gate.clear()
    page.controls.times.click()
    qtbot.waitUntil(lambda: page.queue.what == "Round 1 of 2")
    if by == "the button":
        page.controls.stop.click()
    else:
        page.stop("times")
    assert not page.queue.is_busy and desk.messages[-1] == words.STOPPED
    qtbot.waitUntil(lambda: desk.session.closed == ["times"])
    assert values(page, "time") == [0.3, 0.3, 90.0] and page.controls.times.isEnabled()


def test_it_goes_on_while_another_page_is_on_top(page, desk, qtbot):
    desk.session.gate.clear()
    page.controls.times.click()
    qtbot.waitUntil(lambda: page.queue.what == "Round 1 of 2")
    page.deactivate()
    desk.session.gate.set()
    qtbot.waitUntil(lambda: not page.queue.is_busy)
    assert times(page).best == {0}


def test_why_the_times_could_not_be_measured_is_a_sentence(page, desk, qtbot):
    desk.session.broken = {GAN.name: "mnist-cgan draws nothing"}
    page.controls.times.click()
    qtbot.waitUntil(lambda: any("could not be measured" in text for text in desk.messages))
    assert desk.messages[-1] == "The times could not be measured. mnist-cgan draws nothing."
    assert not page.queue.is_busy and values(page, "time") == [0.3, 0.3, 90.0]


def test_models_that_are_gone_cannot_be_timed(page, desk):
    del page.infos[VAE.name], page.infos[GAN.name]
    page.refresh()
    assert not page.controls.times.isEnabled() and page.controls.times.toolTip() == TOO_FEW
