"""The section Quality of the game on pictures: what is asked, and what is shown of which moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import FakeSession
from gan_desk import gan_desk, settle
from page_desk import Desk, asked
from test_gan_plots import found

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.game.look import COMING, EARLY
from genstudio.ui.game.quality import AGAIN, IDLE, METERS, Quality, classes_found
from genstudio.ui.numbers import with_error

CLASSES = tuple("0123456789")
LAST = 60  # iterations of a run, which then stands still
FAULT = "There is not enough memory."


class Metered(FakeSession):
    """Measures at iterations 21 and 41, once it is asked for; then waits."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[int, int] = {}  # by place
        self.reason = self.trouble = ""

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.MeterRequest):
            return super().handle(request)
        self.requests.append(request)
        self.counts[request.place] = 0 if self.reason else request.count
        return api.MeterEvent(request.place, self.counts[request.place], CLASSES, self.reason)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, (api.RunRequest, api.RewindRequest)):
            yield from super().stream(request)
            return
        self.counts.pop(request.place, None)
        if isinstance(request, api.RewindRequest):
            self.counts[request.place] = self.counts.get(request.left, 0)
        for event in super().stream(request):
            while event.iteration > 11 and request.place not in self.counts:
                yield dataclasses.replace(event, iteration=11, rows=event.rows[:0], samples=())
            measured = ()
            if event.iteration in (21, 41) and self.counts.get(request.place):
                measured = (found(event.iteration, 100.0 - event.iteration),)
            trouble = self.trouble if event.iteration == LAST else ""
            yield dataclasses.replace(event, measured=measured, meter_trouble=trouble)
            while event.iteration >= LAST:
                yield None


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Metered())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def quality(page: Any) -> Quality:
    return next(part for part in page.parts if isinstance(part, Quality))


def trained(desk: Desk, qtbot: Any) -> Any:
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration == LAST)
    page.run_pressed()
    settle(desk, qtbot)
    return page


def seen(part: Quality) -> list[str]:
    return [part.table.cells[name][0].text() for name in METERS] if not part.table.isHidden() else []


def test_a_run_is_measured_as_soon_as_it_is_there(desk, qtbot):
    page = trained(desk, qtbot)
    assert asked(desk, api.MeterRequest) == [api.MeterRequest(page.run.place, 500)]
    part = quality(page)
    assert part.switch.isChecked() and seen(part) == ["59.0 ± 4.0", "0.500 ± 0.020", "0.250 ± 0.020", "0.750 ± 0.020"]
    assert part.note.text() == "By 500 pictures at iteration 41."
    assert part.table.cells["classes"][0].text() == "10 of 10" and page.run.signs.classes == CLASSES


def test_the_meters_are_those_of_the_moment(desk, qtbot):
    page = trained(desk, qtbot)
    part, moments = quality(page), [moment.iteration for moment in page.run.history.values()]
    late = max(k for k, at in enumerate(moments) if at < 41)
    page._scrubbed(late)
    if moments[late] >= 21:
        assert seen(part)[0] == "79.0 ± 4.0" and "iteration 21" in part.note.text()
    page._scrubbed(0)
    assert seen(part) == [] and part.note.text() == EARLY
    page._scrubbed(len(moments))
    assert seen(part)[0] == "59.0 ± 4.0"


def test_it_is_switched_off_and_on_and_counted_anew_while_it_runs(desk, qtbot):
    page = trained(desk, qtbot)
    part = quality(page)
    part.switch.click()
    part.count.set_value(1000)
    part.switch.click()
    part.count.chosen.emit(1000)
    settle(desk, qtbot)
    counts = [request.count for request in asked(desk, api.MeterRequest)]
    assert counts[0] == 500 and counts[-1] == 1000
    page.undo()
    assert page.parameters()["meters"] == 0


def test_switched_off_nothing_is_asked_of_a_new_run(desk, qtbot):
    page = desk.open()
    quality(page).switch.click()
    desk.session.counts[page.run.place] = 0
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 0)
    settle(desk, qtbot)
    assert asked(desk, api.MeterRequest) == [] and page.parameters()["meters"] == 0


def test_a_new_run_is_asked_again(desk, qtbot):
    page = trained(desk, qtbot)
    first = page.run
    page.start_run()
    qtbot.waitUntil(lambda: page.run is not first and page.run.iteration == LAST)
    places = [request.place for request in asked(desk, api.MeterRequest)]
    assert places == [first.place, page.run.place] and page.run.signs.measured[-1].iteration == 41


def test_a_run_that_goes_back_is_measured_as_the_one_it_left(desk, qtbot):
    page = trained(desk, qtbot)
    left, count = page.run, len(asked(desk, api.MeterRequest))
    page._scrubbed(1)
    page.rewind()
    qtbot.waitUntil(lambda: page.run is not left and page.run.left is None)
    settle(desk, qtbot)
    assert page.run.signs.asked == 500 and len(asked(desk, api.MeterRequest)) == count
    note = quality(page).note.text()
    assert note.startswith(COMING) or note == "By 500 pictures at iteration 21."
    page.undo()
    page._scrubbed(len(left.history))
    assert page.run is left and seen(quality(page))[0] == "59.0 ± 4.0"


def test_what_cannot_be_measured_is_off_with_its_reason(desk, qtbot):
    desk.session.reason = "The bundled classifier reads digits only."
    page = trained(desk, qtbot)
    part = quality(page)
    qtbot.waitUntil(lambda: part.note.text() == desk.session.reason)
    assert not part.switch.isChecked() and seen(part) == []
    page.plots.choose(0, "frechet")
    assert page.plots.places[0].plot.note() == desk.session.reason
    page.reset()
    assert part.switch.isChecked() and part.note.text() == IDLE, "another run is tried again"


def test_meters_that_stop_by_themselves_say_so_once_and_can_be_tried_again(desk, qtbot):
    desk.session.trouble = FAULT
    page = trained(desk, qtbot)
    part = quality(page)
    told = [text for text in desk.messages if FAULT in text]
    assert told == [f"Quality is no longer measured. {FAULT}"]
    assert not part.switch.isChecked() and part.note.text().endswith(f"{FAULT} {AGAIN}")
    assert seen(part), "what was found stays"
    part.switch.click()
    settle(desk, qtbot)
    assert len(asked(desk, api.MeterRequest)) == 2 and part.switch.isChecked()


def test_a_network_that_walks_is_not_measured(desk, qtbot):
    page = trained(desk, qtbot)
    page.show_model(desk.page.catalog.models_of("gan")[0].name)
    assert quality(page).note.text() == IDLE and seen(quality(page)) == []


def test_a_class_counts_with_a_tenth_of_its_share():
    floor = found(1).floor
    few = tuple(api.Band(value, 0.0) for value in (0.9, 0.0101, 0.0099, *(0.0,) * 7))
    assert classes_found(dataclasses.replace(floor, class_shares=few), floor) == "2 of 10"


def test_numbers_have_as_many_digits_as_their_error_allows():
    assert with_error(84.321, 3.52) == "84.3 ± 3.5" and with_error(1234.5, 120) == "1,234 ± 120"
    assert with_error(0.7134, 0.0211) == "0.713 ± 0.021" and with_error(1.0, 0.0) == "1.00 ± 0.00"


def test_what_fails_is_said_of_the_run_that_was_asked(desk, qtbot):
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.signs.asked > 0)
    first = page.run
    page.start_run()
    assert page.run is not first
    page.handle("meter", Failure(MemoryError(), ""))
    assert first.signs.obstacle and not page.run.signs.obstacle


def test_how_far_the_first_measurement_is() -> None:
    from genstudio.ui.game.look import coming
    from genstudio.ui.signs import Signs

    signs = Signs()
    assert coming(signs) == "The first measurement is on its way."
    signs.seen = (320, 1500)
    assert coming(signs) == "The first measurement is on its way: 320 of 1,500 pictures."
