"""The latent-space page with real engines and a session of numpy pictures."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from fakes import MODELS, FakeSession, decode, makers, with_catalog
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.settings import VAESettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.vae import VAETab
from genstudio.ui.tabs.vae_exports import SHEET
from genstudio.ui.tabs.vae_page import LEG_S
from genstudio.ui.tabs.vae_state import VaeState, random_code
from genstudio.ui.tabs.vae_view import full_columns
from genstudio.ui.theme import theme

LEFT = Qt.MouseButton.LeftButton


class Gated(FakeSession):
    """Holds the compute thread at each decode until `gate` opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.entered = threading.Event(), threading.Event()
        self.gate.set()

    def handle(self, request):
        if isinstance(request, api.DecodeRequest):
            self.entered.set()
            assert self.gate.wait(10)
        return super().handle(request)


class Desk:
    """A page with its bridge, and what it has said."""

    def __init__(self, qtbot, session: FakeSession, catalog: api.Catalog) -> None:
        self.qtbot, self.session, self.said = qtbot, session, []
        self.bridge = Bridge(makers(session))
        self.tab = VAETab(self.bridge)
        qtbot.addWidget(self.tab)
        self.bridge.event.connect(self.route)
        self.tab.message.connect(self.hear)
        self.tab.resize(1400, 850)
        self.tab.show()
        self.tab.set_catalog(catalog)

    def route(self, slot: str, event) -> None:
        owner, _, verb = slot.partition(".")
        if owner == "vae":
            self.tab.handle(verb, event)

    def hear(self, text: str, details: str, error: bool) -> None:
        self.said.append(text)

    def until(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=10_000)

    def shown(self) -> np.ndarray | None:
        return self.tab.stage.pictures()

    def shows(self, z) -> bool:
        picture = self.shown()
        return picture is not None and len(picture) == 1 and np.array_equal(picture[0], decode(tuple(z)))

    def open(self) -> None:
        """Activate and wait until it plays; then stop, so that tests move time themselves."""
        self.tab.activate()
        self.until(lambda: self.shown() is not None and self.tab.strip.count() > 0)

    def still(self) -> VAETab:
        self.open()
        if self.tab.is_playing():
            self.tab.toggle_play()
        self.until(lambda: self.shows(self.tab.sliders.code()))
        return self.tab

    def choose(self, name: str) -> None:
        self.tab.picker.set_value(name)
        self.tab.picker.chosen.emit(name)


@pytest.fixture
def desk(qtbot):
    made: list[Desk] = []

    def make(session: FakeSession | None = None, catalog: api.Catalog | None = None) -> Desk:
        made.append(Desk(qtbot, session or FakeSession(), catalog or with_catalog()))
        return made[-1]

    yield make
    for one in made:
        if isinstance(one.session, Gated):
            one.session.gate.set()
        one.tab.close()
        assert one.bridge.close(5)


def press_drag(tab: VAETab, index: int, sigmas) -> None:
    row = tab.sliders.rows()[index]
    places = [QPoint(round(row.x_of(sigma)), row.height() // 2) for sigma in sigmas]
    QTest.mousePress(row, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(row, place)
    QTest.mouseRelease(row, LEFT, pos=places[-1])


# ---- start and playing ----------------------------------------------------------------------------


def test_it_opens_on_the_pretrained_model_and_moves_by_itself(desk) -> None:
    d = desk()
    d.tab.activate()
    d.until(lambda: d.shown() is not None)
    assert d.tab.picker.value() == "mnist-vae-16" and len(d.tab.sliders.rows()) == 16
    assert d.tab.is_playing() and d.tab.clock_runs() and d.tab.tempo.is_playing()
    before, first = d.tab.sliders.code(), d.shown()
    d.until(lambda: not np.array_equal(d.shown(), first))
    d.until(lambda: not np.array_equal(d.tab.sliders.code(), before))  # the sliders move along


def test_where_everything_is_large_the_stage_keeps_its_place(desk) -> None:
    d = desk()
    d.open()
    d.tab.resize(1360, 720)
    for scale, shown in ((1.0, True), (2.5, False), (1.0, True)):
        theme().set_scale(scale)
        d.until(lambda s=shown: d.tab.plot_frame.isVisible() is s)
        d.until(lambda s=scale: d.tab.stage_frame.height() >= 100 * s)
    assert (d.tab.width(), d.tab.height()) == (1360, 720)


def test_the_tab_key_reaches_the_sliders_of_a_new_model_before_what_stands_below_them(desk) -> None:
    d = desk()
    d.open()
    d.choose("mnist-vae-2")
    d.until(d.tab.is_settled)
    stops, stop = [], d.tab.picker.nextInFocusChain()
    while stop is not d.tab.picker:
        stops.append(stop)
        stop = stop.nextInFocusChain()
    rows = d.tab.sliders.rows()
    below = (d.tab.controls.random, d.tab.controls.path)
    wanted = [d.tab.fold, d.tab.stage, d.tab.caption, d.tab.tempo.play, *rows, *below]
    assert sorted(wanted, key=stops.index) == wanted


def test_a_picture_of_the_window_waits_for_strip_and_map(desk) -> None:
    d = desk()
    d.tab.activate()
    assert not d.tab.is_settled()
    d.choose("mnist-vae-2")
    assert not d.tab.is_settled()
    d.until(d.tab.is_settled)
    assert d.shown() is not None and d.tab.map.has_map() and d.tab.strip.count() == d.tab.controls.steps.value()


def test_the_first_touch_of_a_slider_stops_it_and_takes_over(desk) -> None:
    d = desk()
    d.open()
    press_drag(d.tab, 0, [0.5])
    assert not d.tab.is_playing() and not d.tab.clock_runs() and not d.tab.tempo.is_playing()
    d.until(lambda: d.shows(d.tab.sliders.code()))


def test_space_and_the_play_button_pause_and_go_on(desk) -> None:
    tab = desk().still()
    z = tab.sliders.code()
    tab.advance(0.0)
    assert np.allclose(tab.sliders.code(), z)
    tab.tempo.play.click()
    assert tab.is_playing() and tab.tempo.is_playing()
    tab.toggle_play()
    assert not tab.is_playing()


def test_a_hidden_page_does_not_tick_and_goes_on_when_it_comes_back(desk) -> None:
    d = desk()
    d.open()
    d.tab.deactivate()
    assert not d.tab.clock_runs() and d.tab.is_playing()
    d.tab.activate()
    assert d.tab.clock_runs()
    d.tab.hide()
    assert not d.tab.clock_runs()


def test_a_busy_window_leaves_pictures_out_instead_of_playing_slowly(desk, monkeypatch) -> None:
    d = desk()
    tab = d.still()
    tab.tempo.first.click()
    tab.toggle_play()
    tab.clock._timer.stop()  # time is moved by hand
    now = tab.clock._last_tick
    monkeypatch.setattr("genstudio.ui.tabs.play_clock.time.monotonic", lambda: now)
    for late_s in (0.4, 0.02, 0.3):
        now += late_s
        tab.clock._tick()
    assert tab.parameters()["position"] == pytest.approx(0.72 / LEG_S)
    tab.toggle_play()


def test_wandering_past_b_draws_the_next_strip(desk) -> None:
    d = desk()
    tab = d.still()
    b = tab.parameters()["b"]
    tab.advance(2.4)
    assert tab.parameters()["a"] == b
    film = next(r for r in reversed(d.session.requests) if isinstance(r, api.InterpolateRequest))
    d.until(lambda: any(getattr(r, "a", None) == tuple(b) for r in d.session.requests))
    assert film.steps == 13 and film.path == "slerp"


# ---- the hot path ---------------------------------------------------------------------------------


def test_a_drag_ends_on_the_last_picture_and_skips_what_the_hand_has_left(desk) -> None:
    session = Gated()
    d = desk(session)
    tab = d.still()
    session.gate.clear()
    session.entered.clear()
    done = len(session.requests)
    press_drag(tab, 0, [-3.0])
    assert session.entered.wait(10)
    press_drag(tab, 0, np.linspace(-3, 2.5, 60))
    session.gate.set()
    d.until(lambda: d.shows(tab.sliders.code()))
    assert tab.sliders.code()[0] == pytest.approx(2.5, abs=0.03)
    assert sum(isinstance(r, api.DecodeRequest) for r in session.requests[done:]) == 2, "the first and the last"


def test_a_switched_model_never_shows_the_old_one(desk) -> None:
    session = Gated()
    d = desk(session)
    tab = d.still()
    session.gate.clear()
    session.entered.clear()
    tab.sliders.rows()[0].move_to(2.0)
    assert session.entered.wait(10)
    d.choose("mnist-vae-2")
    assert d.shown() is None, "nothing of the old model stays"
    session.gate.set()
    d.until(lambda: d.shown() is not None)
    assert len(tab.sliders.rows()) == 2
    assert not tab.is_playing(), "it was paused, and stays so"
    d.until(lambda: tab.map.has_map() and tab.strip.count() == 13 and d.shows(tab.sliders.code()))
    old = api.DecodeRequest("mnist-vae-16", ((0.0,) * 16,))
    late = api.PicturesEvent(old, np.full((1, 28, 28, 1), 77, np.uint8), 1.0)
    for verb in ("decode", "film", "map", "sheet"):
        tab.handle(verb, late)
    assert d.shows(tab.sliders.code()) and tab.strip.count() == 13


def test_the_speed_and_the_words_follow_the_picture(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    d.until(lambda: d.shows(np.zeros(16)))
    assert "0.4 ms per picture" in tab.speed.text()
    assert "centre</a> of the prior" in tab.caption.markup()
    for row in tab.sliders.rows():
        row.move_to(2.5)
    d.until(lambda: "10.0 σ" in tab.caption.markup())
    assert "may be of nothing" in tab.caption.markup()


# ---- models ---------------------------------------------------------------------------------------


def test_two_latents_have_a_map_whose_ring_moves_picture_and_sliders(desk) -> None:
    d = desk()
    tab = d.still()
    assert not tab.map.isVisible()
    d.choose("mnist-vae-2")
    d.until(tab.map.has_map)
    assert tab.map.isVisible()
    QTest.mouseClick(tab.map, LEFT, pos=tab.map.point_of(1.0, -2.0).toPoint())
    assert tab.sliders.code() == pytest.approx([1.0, -2.0], abs=0.03)
    d.until(lambda: d.shows(tab.sliders.code()))
    d.choose("mnist-vae-16")
    d.until(lambda: d.shown() is not None)
    assert not tab.map.isVisible() and len(tab.sliders.rows()) == 16


def test_a_model_that_cannot_be_read_says_so_and_the_next_one_works(desk) -> None:
    bad = dataclasses.replace(MODELS[1], name="broken")
    d = desk(catalog=with_catalog(models=(*MODELS, bad)))
    tab = d.still()
    d.choose("broken")
    d.until(lambda: "cut short" in tab.stage._label.text())
    assert d.shown() is None and not tab.sliders.isEnabled() and tab.export_source() is None
    tab.random()
    tab.step(1)
    tab.toggle_play()
    assert not tab.is_playing()
    d.choose("mnist-vae-2")
    d.until(lambda: d.shown() is not None)
    assert tab.sliders.isEnabled()


def test_a_picture_that_fails_stops_playing(desk) -> None:
    class Full(FakeSession):
        is_full = False

        def handle(self, request):
            if self.is_full and isinstance(request, api.DecodeRequest):
                raise MemoryError
            return super().handle(request)

    d = desk(Full())
    d.open()
    assert d.tab.is_playing()
    d.session.is_full = True
    d.until(lambda: not d.tab.is_playing())
    d.session.is_full = False
    d.tab.toggle_play()
    d.until(lambda: d.shows(d.tab.sliders.code()))
    assert d.tab.is_playing()
    d.tab.toggle_play()


def test_without_a_model_it_says_what_to_do_and_finds_one_that_comes(desk, qtbot) -> None:
    d = desk(catalog=with_catalog(models=()))
    d.tab.activate()
    assert "genstudio train vae" in d.tab.stage._label.text() and d.tab.parameters() == {}
    with qtbot.waitSignal(d.tab.catalog_stale):
        d.tab.stage._button.click()
    d.tab.set_catalog(with_catalog())
    d.until(lambda: d.shown() is not None)


def test_a_new_catalog_leaves_a_model_that_is_still_there_alone(desk) -> None:
    d = desk()
    tab = d.still()
    z, extra = tab.sliders.code(), dataclasses.replace(MODELS[0], name="mine", settings=VAESettings(latent_dim=3))
    tab.set_catalog(with_catalog(models=(*MODELS, extra)))
    assert np.array_equal(tab.sliders.code(), z) and tab.picker.value() == "mnist-vae-16"
    assert tab.picker.findData("mine") >= 0


def test_a_dropped_checkpoint_of_another_family_is_told(desk) -> None:
    d = desk()
    tab = d.still()
    assert tab.offer_model("mnist-dcgan")
    d.until(lambda: bool(d.said))
    assert "gan" in d.said[0] and tab.picker.value() == "mnist-vae-16"


# ---- A to B ---------------------------------------------------------------------------------------


def test_a_and_b_are_set_from_the_code_shown_and_the_strip_follows(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    tab.set_a()
    tab.random()
    b = tab.parameters()["z"]
    tab.set_b()
    state = tab.parameters()
    assert state["a"] == [0.0] * 16 and state["b"] == b and state["at_b"] == "turn"
    wanted = api.InterpolateRequest("mnist-vae-16", (0.0,) * 16, tuple(b), 13, "slerp")
    assert tab.export_film_source() == wanted
    d.until(lambda: wanted in d.session.requests)
    tab.swap()
    assert tab.parameters()["a"] == b and tab.parameters()["position"] == 0.0


def test_who_sets_an_end_is_told_that_playing_now_turns_back(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    place = tab.sliders.code()
    tab.set_b()
    assert tab.controls.at_b.value() == "turn"
    assert d.said == ["B is set. At B, playing now turns back instead of wandering on."]
    assert np.array_equal(tab.sliders.code(), place) and tab.strip.position() == 1.0, "the picture stays"
    tab.random()
    tab.set_a()
    assert len(d.said) == 1, "it turns back already"
    assert tab.undo() and tab.undo() and tab.undo() and tab.controls.at_b.value() == "wander"


def test_from_off_the_path_first_and_last_lead_to_its_ends(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    assert tab.tempo.first.isEnabled() and tab.tempo.last.isEnabled()
    tab.tempo.first.click()
    assert tab.parameters()["position"] == 0.0 and not tab.tempo.first.isEnabled()
    tab.random()
    tab.tempo.last.click()
    assert tab.parameters()["position"] == 1.0 and not tab.tempo.last.isEnabled()


def test_a_click_on_the_strip_shows_that_picture_large(desk) -> None:
    d = desk()
    tab = d.still()
    state = VaeState.from_dict(tab.parameters(), 16)
    QTest.mouseClick(tab.strip, LEFT, pos=tab.strip.cell(6).center().toPoint())
    assert tab.sliders.code() == pytest.approx(state.on_path(0.5).z)
    d.until(lambda: d.shows(tab.sliders.code()))


def test_steps_go_from_picture_to_picture_and_stop_at_the_ends(desk) -> None:
    tab = desk().still()
    tab.set_parameters(dataclasses.replace(VaeState.first("mnist-vae-16", 16)).on_path(0.55).to_dict())
    seen = []
    for direction in (1, 1, -1, -1, -1):
        tab.step(direction)
        seen.append(round(tab.parameters()["position"] * 12, 6))
    assert seen == [7, 8, 7, 6, 5]
    for _ in range(20):
        tab.step(-1)
    assert tab.parameters()["position"] == 0.0


def test_the_scrubber_goes_along_the_path(desk) -> None:
    d = desk()
    tab = d.still()
    tab.tempo.scrubbed.emit(120)
    assert tab.parameters()["position"] == 0.5 and tab.strip.position() == 0.5
    tab.tempo.last.click()
    assert tab.parameters()["z"] == pytest.approx(tab.parameters()["b"])


def test_path_and_number_of_pictures_change_the_strip(desk) -> None:
    d = desk()
    tab = d.still()
    tab.controls.steps.setValue(5)
    d.until(lambda: tab.strip.count() == 5)
    tab.controls.path.set_value("lerp")
    tab.controls.path.chosen.emit("lerp")
    assert tab.export_film_source().path == "lerp" and tab.export_film_source().steps == 5


# ---- sheet ----------------------------------------------------------------------------------------


def test_a_code_of_the_sheet_is_the_code_of_that_sample(desk) -> None:
    d = desk()
    tab = d.still()
    tab.show_sheet()
    d.until(lambda: d.shown() is not None and len(d.shown()) == SHEET)
    source = tab.export_source()
    assert isinstance(source, api.SampleRequest) and f"<b>{SHEET}</b> random codes" in tab.caption.markup()
    tab.stage.cell_clicked.emit(7)
    assert tab.sliders.code() == pytest.approx(random_code(source.seed, 7, 16)) and len(d.shown()) == SHEET
    tab.stage.cell_double_clicked.emit(7)
    d.until(lambda: d.shows(random_code(source.seed, 7, 16)))
    assert tab.stage.selected() == -1


def test_random_on_a_sheet_is_another_sheet(desk) -> None:
    tab = desk().still()
    tab.show_sheet()
    first = tab.export_source()
    tab.random()
    assert tab.export_source() != first and isinstance(tab.export_source(), api.SampleRequest)


@pytest.mark.parametrize(("count", "width", "height", "columns"), [
    (60, 1070, 520, 12), (60, 480, 520, 6), (1, 800, 500, 1), (61, 800, 500, 0),
])  # fmt: skip
def test_a_sheet_has_no_empty_cell(count, width, height, columns) -> None:
    assert full_columns(count, width, height) == columns


# ---- undo, memory, export, restore ----------------------------------------------------------------


def test_undo_goes_back_gesture_by_gesture(desk) -> None:
    d = desk()
    tab = d.still()
    start = tab.sliders.code()
    press_drag(tab, 3, [0.0, 1.0, 2.0])
    dragged = tab.sliders.code()
    tab.random()
    tab.to_centre()
    for expected in (None, dragged, start):
        assert tab.undo()
        if expected is not None:
            assert np.array_equal(tab.sliders.code(), expected)
    d.until(lambda: d.shows(start))
    assert tab.redo() and np.array_equal(tab.sliders.code(), dragged)


def test_undo_brings_back_the_code_at_which_a_hand_stopped_the_film(desk) -> None:
    d = desk()
    d.open()
    row = d.tab.sliders.rows()[0]
    QTest.mousePress(row, LEFT, pos=QPoint(round(row.x_of(-3)), 12))
    here = d.tab.sliders.code()[1:]
    QTest.mouseRelease(row, LEFT, pos=QPoint(round(row.x_of(-3)), 12))
    assert d.tab.undo()
    assert np.array_equal(d.tab.sliders.code()[1:], here) and d.tab.sliders.code()[0] != -3


def test_undo_crosses_a_change_of_model(desk) -> None:
    d = desk()
    tab = d.still()
    z = tab.sliders.code()
    d.choose("mnist-vae-2")
    d.until(lambda: d.shown() is not None and tab.strip.count() > 0)
    while tab.parameters()["model"] == "mnist-vae-2":
        assert tab.undo()
    d.until(lambda: d.shows(z))


def test_what_was_shown_last_is_there_again_and_moves(desk) -> None:
    saved = dataclasses.replace(VaeState.first("mnist-vae-2", 2, seed=5), steps=7, path="lerp").to_dict()
    d = desk()
    d.tab.set_parameters(saved)
    d.open()
    assert d.tab.picker.value() == "mnist-vae-2" and d.tab.strip.count() == 7 and d.tab.is_playing()
    assert d.tab.export_film_source().path == "lerp"


@pytest.mark.parametrize("saved", [{}, {"model": "gone"}, {"model": "mnist-vae-16", "z": "x"}, {"model": 3}])
def test_a_damaged_memory_is_ignored(desk, saved) -> None:
    d = desk()
    d.tab.set_parameters(saved)
    d.open()
    assert d.tab.picker.value() == "mnist-vae-16"


def test_the_export_menu_offers_what_the_model_has(desk, qtbot) -> None:
    d = desk()
    tab = d.still()
    assert tab.export_source() == api.DecodeRequest("mnist-vae-16", (tuple(tab.sliders.code()),))
    assert "Map" not in dict(tab.export_sources())
    with qtbot.waitSignal(tab.tempo.export_grid_requested):
        tab.exports.actions["Strip from A to B"].trigger()
    assert tab.export_source() == tab.export_film_source()
    assert isinstance(tab.export_source(), api.DecodeRequest), "a choice counts once"
    d.choose("mnist-vae-2")
    d.until(lambda: d.shown() is not None)
    assert isinstance(dict(tab.export_sources())["Map"], api.MapRequest)


@pytest.mark.parametrize(
    "source",
    [
        api.DecodeRequest("mnist-vae-16", (random_code(9, 0, 16),)),
        api.InterpolateRequest("mnist-vae-16", random_code(9, 0, 16), random_code(9, 1, 16), 6, "lerp"),
        api.DecodeRequest("mnist-vae-2", ((0.5, -0.5),)),
        api.SampleRequest("mnist-vae-2", seed=4, count=12),
        api.MapRequest("mnist-vae-2", 10, 3.0),
    ],
    ids=lambda source: type(source).__name__ + source.model[-2:],
)
def test_a_dropped_file_brings_its_pictures_back(desk, source) -> None:
    d = desk()
    tab = d.still()
    tab.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, "identical"))
    d.until(lambda: tab.picker.value() == source.model and d.shown() is not None)
    assert not tab.is_playing()
    if isinstance(source, api.DecodeRequest):
        d.until(lambda: d.shows(source.z[0]))
    elif isinstance(source, api.InterpolateRequest):
        assert tab.export_film_source() == source
        d.until(lambda: d.shows(source.a))
    elif isinstance(source, api.SampleRequest):
        d.until(lambda: np.array_equal(d.shown(), FakeSession().pictures(source)))
    else:
        d.until(tab.map.has_map)


def test_a_file_of_a_model_that_is_not_here_is_told_in_a_sentence(desk) -> None:
    d = desk()
    tab = d.still()
    z = tab.sliders.code()
    for source in (api.DecodeRequest("elsewhere", ((0.0,),)), api.DecodeRequest("mnist-vae-2", ((0.0,) * 5,))):
        tab.restore(api.RestoredEvent("x.png", source, api.GridLayout(), None, ""))
    assert len(d.said) == 2 and "elsewhere" in d.said[0] and np.array_equal(tab.sliders.code(), z)
