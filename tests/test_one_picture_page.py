"""The three inversions with real engines and a deterministic session: one picture, found again in three ways."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import MODELS, sample, with_catalog
from latent_desk import LatentFake
from page_desk import Desk, asked, on_desk, room, settle
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from triptych_desk import ALL, CGAN, STUDENT

from genstudio import api
from genstudio.api.differences import difference, mean_square
from genstudio.api.one_picture import TIMES, PictureOrigin
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.numbers import milliseconds, short
from genstudio.ui.one_picture.page import OnePicturePage
from genstudio.ui.one_picture.state import AUTO, DIFFUSION, GAN, VAE
from genstudio.ui.one_picture.words import HELD
from genstudio.ui.theme import theme

REMEMBERED = {"descent": 10, "steps": 10, "starts": 4}
BIG = dataclasses.replace(MODELS[1], size=32, channels=3)  # mnist-vae-16, of other pictures


class Slow(LatentFake):
    """The GAN waits before its third update while `gate` is down, and the VAE "broken" before it fails."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.has_begun = threading.Event(), threading.Event()
        self.gate.set()
        self.cannot_fit = False

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.EncodeRequest) and request.model == "broken":
            self.has_begun.set()
            assert self.gate.wait(20)
        if self.cannot_fit and isinstance(request, api.FitRequest):
            raise RuntimeError("there is no memory left")
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        for number, event in enumerate(super().stream(request)):
            if number == 3 and isinstance(request, api.ProjectRequest):
                assert self.gate.wait(20)
            yield event


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    with on_desk(qtbot, OnePicturePage, Slow()) as made:
        made.page.set_parameters(REMEMBERED)
        yield made


def opened(desk: Desk, qtbot: Any, catalog: api.Catalog = ALL) -> OnePicturePage:
    page: OnePicturePage = desk.open(catalog)
    rest(page, qtbot)
    return page


def drawn_on(desk: Desk, qtbot: Any) -> OnePicturePage:
    """With a dot of the user's own on the picture, and models of another size to choose."""
    page = opened(desk, qtbot, with_catalog(models=(MODELS[0], BIG, CGAN, MODELS[3])))
    canvas = page.columns.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.cell_rect(0).center())
    rest(page, qtbot)
    return page


def rest(page: OnePicturePage, qtbot: Any) -> None:
    """All is found, and was shown to its end."""
    page.tempo.speed_picker.set_value(4.0)
    qtbot.waitUntil(lambda: page.found is not None and page.found.is_complete, timeout=20_000)
    page._scrubbed(200)
    qtbot.waitUntil(page.is_settled, timeout=20_000)


def kinds(desk: Desk) -> list[int]:
    """How often each model was asked."""
    return [len(asked(desk, kind)) for kind in (api.EncodeRequest, api.ProjectRequest, api.InvertRequest)]


# ---- one picture ----------------------------------------------------------------------------------


def test_it_opens_with_a_picture_that_all_three_look_for(desk, qtbot):
    page = opened(desk, qtbot)
    picture = sample(0, 0, 0)
    assert page._state.models == ("mnist-vae-2", "mnist-cgan", "mnist-ddpm") and kinds(desk) == [1, 1, 1]
    assert np.array_equal(page.columns.canvas.picture(), picture)
    project, invert = asked(desk, api.ProjectRequest)[0], asked(desk, api.InvertRequest)[0]
    assert project.picture == invert.picture == api.pack(picture)
    assert (project.starts, project.steps, invert.steps, invert.label) == (4, 10, 10, 0), "the class of the picture"
    for k, back in enumerate(page.backs()):
        assert np.array_equal(page.columns.stages[k].pictures()[0], back.picture)
        wanted = difference(back.picture[None], picture[None], "signed", TIMES)
        assert np.array_equal(page.columns.differences[k].pictures(), wanted)
        assert back.error == pytest.approx(mean_square(back.picture[None], picture[None]), abs=1e-4)
        assert page.columns.numbers[k].value.text() == short(back.error)
    assert "comes nearest to the picture" in page.caption.markup()


def test_ones_own_picture_is_compared_with_those_from_which_the_first_model_learned(desk, qtbot):
    page = opened(desk, qtbot)
    page.infos["mnist-vae-2"] = dataclasses.replace(page.info, dataset="strokes")
    assert page.originals.like() == "strokes"


def test_under_each_number_stands_what_it_is_and_what_it_cost_in_the_same_units(desk, qtbot):
    page = opened(desk, qtbot)
    page.tempo.scrubbed.emit(100)
    early = [number.words.text().split("\n")[2] for number in page.columns.numbers]
    page.tempo.scrubbed.emit(200)
    qtbot.waitUntil(page.is_settled)
    calls = (2, 11, page.found.ways[-1].calls)
    for number, back, count in zip(page.columns.numbers, page.backs(), calls, strict=True):
        name, _, cost = number.words.text().split("\n")
        assert name == "mean squared error" and cost == f"{count} network calls, {milliseconds(back.ms)}"
        assert "grey levels" in number.toolTip() and "cost" in number.toolTip()
    assert early[VAE] == page.columns.numbers[VAE].words.text().split("\n")[2]
    assert early[GAN].startswith("6 network calls, "), "of the descent so many as until there"


def test_the_descent_and_the_ways_go_by_together_and_scrubbing_computes_nothing(desk, qtbot):
    page = opened(desk, qtbot)
    before = kinds(desk)
    for moment, update, words in (
        (0, 0, "up: step 0 of 10"),
        (100, 5, "up: step 10 of 10"),
        (200, 10, "back: step 10 of 10"),
    ):
        page.tempo.scrubbed.emit(moment)
        found = page.found
        assert np.array_equal(page.columns.stages[GAN].pictures()[0], found.descent[update].picture)
        assert page.columns.numbers[DIFFUSION].words.text().startswith(f"mean squared error\n{words}\n")
        assert (page.columns.numbers[DIFFUSION].value.text() == "…") == (moment < 200), "noise has no error"
        assert (page.columns.differences[DIFFUSION].pictures() is None) == (moment < 200)
    page.step(-1)
    assert page.share == pytest.approx(0.99)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.share == 1)
    assert not page.tempo.is_playing() and kinds(desk) == before
    page.toggle_play()
    assert page.tempo.is_playing() and page.share < 1


@pytest.mark.parametrize("width", [1440, 1024])
def test_nothing_moves_when_the_end_is_told(desk, qtbot, width):
    def places() -> list[Any]:
        return [*(stage.geometry() for stage in page.columns.stages), page.caption.size()]

    desk.session.gate.clear()
    page = desk.open(ALL)
    page.resize(width, 698)
    qtbot.waitUntil(lambda: page.caption.markup().startswith("One picture") and page.columns.width() < width)
    before = places()
    desk.session.gate.set()
    rest(page, qtbot)
    assert "comes nearest" in page.caption.markup() and places() == before
    metrics = page.caption.fontMetrics()
    assert page.caption.heightForWidth(page.caption.width()) <= page.caption.height() + metrics.descent(), "all is read"


def test_while_one_draws_the_vae_answers_and_the_others_when_the_pen_is_lifted(desk, qtbot):
    page = opened(desk, qtbot)
    canvas = page.columns.canvas
    cell = canvas.cell_rect(0)
    spots = [cell.topLeft() + QPointF(x, 20).toPoint() for x in (20, 40, 60)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(canvas, spot)
    qtbot.waitUntil(lambda: kinds(desk)[0] > 1)
    assert kinds(desk)[1:] == [1, 1]
    assert np.array_equal(canvas.pictures()[0], canvas.picture()), "the stroke is seen as it is drawn"
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spots[-1])
    rest(page, qtbot)
    drawn = api.pack(canvas.picture())
    assert kinds(desk)[1:] == [2, 2] and asked(desk, api.ProjectRequest)[-1].picture == drawn
    assert page._state.end.picture == drawn and "Your own" in page.controls.picture.origin.text()
    assert page.undo() and page._state.end.picture == api.pack(sample(0, 0, 0))
    rest(page, qtbot)
    assert np.array_equal(canvas.picture(), sample(0, 0, 0))


def test_while_one_draws_nothing_is_shown_of_the_picture_before(desk, qtbot):
    page = opened(desk, qtbot)
    canvas = page.columns.canvas
    spot = canvas.cell_rect(0).center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(canvas, spot + QPointF(20, 0).toPoint())
    for k in (GAN, DIFFUSION):
        assert page.backs()[k] is None and page.columns.stages[k]._label.text() == HELD
        assert page.columns.differences[k].pictures() is None and page.columns.numbers[k].value.text() == "…"
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot)
    rest(page, qtbot)
    assert all(back is not None for back in page.backs())


def test_a_drawing_goes_along_to_models_of_another_size(desk, qtbot):
    page = drawn_on(desk, qtbot)
    drawn = page._state.end.picture
    asked_for = len(asked(desk, api.OriginalRequest))
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    qtbot.waitUntil(lambda: api.packed_shape(page._state.end.picture) == (32, 32, 3))
    assert page._state.end.number == OWN and len(asked(desk, api.FitRequest)) == 1
    assert page.undo() and page._state.end.picture == drawn and page._state.models[VAE] == "mnist-vae-2"
    assert len(asked(desk, api.OriginalRequest)) == asked_for, "no picture of a dataset has taken its place"


def test_a_drawing_that_comes_back_from_models_of_another_size_is_what_was_drawn(desk, qtbot):
    page = drawn_on(desk, qtbot)
    drawn = page._state.end.picture
    for model, shape in (("mnist-vae-16", (32, 32, 3)), ("mnist-vae-2", (28, 28, 1)), ("mnist-vae-16", (32, 32, 3))):
        page.columns.model_chosen.emit(VAE, model)
        qtbot.waitUntil(lambda shape=shape: api.packed_shape(page._state.end.picture) == shape)
    fitted = [api.pack(request.picture) for request in asked(desk, api.FitRequest)]
    assert fitted == [drawn] * 3, "each is made of what was drawn, not of what was made of it for other models"
    page._state = page._state.with_end(
        converted="inverted", picture=api.pack(255 - api.picture_of(page._state.end.picture))
    )
    page.columns.model_chosen.emit(VAE, "mnist-vae-2")
    qtbot.waitUntil(lambda: api.packed_shape(page._state.end.picture) == (28, 28, 1))
    assert asked(desk, api.FitRequest)[-1].picture.shape == (32, 32, 3), "what was changed since is no longer that"


def test_what_was_dropped_and_inverted_goes_along_inverted(desk, qtbot):
    page = opened(desk, qtbot, with_catalog(models=(MODELS[0], BIG, CGAN, MODELS[3])))
    ink = np.full((90, 90, 1), 255, np.uint8)
    ink[30:60, 42:48] = 0
    page.offer_picture(ink)
    qtbot.waitUntil(lambda: bool(desk.offers))
    desk.offers[0]()
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    qtbot.waitUntil(lambda: api.packed_shape(page._state.end.picture) == (32, 32, 3))
    assert np.array_equal(asked(desk, api.FitRequest)[-1].picture, 255 - ink), "of what was dropped, not of its 28 x 28"


def test_a_drawing_that_cannot_go_along_makes_room_for_an_empty_canvas(desk, qtbot):
    page = drawn_on(desk, qtbot)
    desk.session.cannot_fit = True
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    qtbot.waitUntil(lambda: api.packed_shape(page._state.end.picture) == (32, 32, 3))
    canvas = page.columns.canvas
    assert canvas.picture().shape == (32, 32, 3) and not page.originals.is_busy
    assert not canvas._label.isVisible(), "nobody waits for a picture any more"


def test_the_first_picture_of_a_folder_is_looked_for(desk, qtbot, tmp_path):
    page = opened(desk, qtbot)
    assert page.shows_data and page.offer_dataset(str(tmp_path))
    qtbot.waitUntil(lambda: page._state.end.dataset == str(tmp_path))


def test_a_late_failure_of_the_model_before_is_of_no_use(desk, qtbot):
    broken = dataclasses.replace(MODELS[0], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, broken)))
    desk.session.gate.clear()
    page.columns.model_chosen.emit(VAE, "broken")
    qtbot.waitUntil(desk.session.has_begun.is_set)
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    desk.session.gate.set()
    qtbot.waitUntil(lambda: page.backs()[VAE] is not None)
    settle(desk, qtbot, "play")
    assert not page.errors[VAE]


def test_of_an_empty_canvas_nothing_is_asked(desk, qtbot):
    page = opened(desk, qtbot)
    before = kinds(desk)
    page.clear()
    assert page.is_settled() and page.export_source() is None and page.caption.markup().startswith("Draw a picture")
    assert page.columns.stages[VAE]._label.text() == "Nothing is drawn yet."
    assert page.undo()
    rest(page, qtbot)
    assert kinds(desk) == [count + 1 for count in before]


def test_a_dropped_picture_is_made_what_the_models_know(desk, qtbot):
    page = opened(desk, qtbot)
    assert page.offer_picture(np.arange(75, dtype=np.uint8).reshape(5, 5, 3) * 3)
    qtbot.waitUntil(lambda: page._state.end.number == -1)
    rest(page, qtbot)
    assert api.packed_shape(page._state.end.picture) == (28, 28, 1)
    assert "resized from 5×5 px" in page.controls.picture.origin.text()
    assert asked(desk, api.InvertRequest)[-1].label == api.NO_CLASS, "nobody says of which class it is"


def test_another_picture_and_another_model_ask_what_is_new_alone(desk, qtbot):
    page = opened(desk, qtbot)
    page.controls.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page._state.end.number == 7)
    rest(page, qtbot)
    assert kinds(desk) == [2, 2, 2]
    page.columns.model_chosen.emit(GAN, "mnist-dcgan")
    rest(page, qtbot)
    assert kinds(desk) == [2, 3, 2] and asked(desk, api.ProjectRequest)[-1].model == "mnist-dcgan"
    page.controls.corrections.setValue(3)
    rest(page, qtbot)
    assert kinds(desk) == [2, 3, 3]
    assert page.undo() and page._state.corrections == 1
    rest(page, qtbot)
    before = kinds(desk)
    assert before == [2, 3, 4]
    page.controls.changed.emit("tool", "erase", True)
    settle(desk, qtbot, "play")
    assert kinds(desk) == before, "another tool changes nothing that is computed"


def test_a_model_that_jumps_is_not_offered_and_one_that_is_missing_leads_on(desk, qtbot):
    page = opened(desk, qtbot, with_catalog(models=(MODELS[0], STUDENT)))
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    assert page._state.models == ("mnist-vae-2", "", "")
    for k, name in ((GAN, "GAN"), (DIFFUSION, "diffusion model")):
        assert page.columns.stages[k]._label.text() == f"There is no {name} here."
        page.columns.stages[k].button_clicked.emit()
    assert wanted == ["gan", "denoising-train"] and page.export_source().models == ("mnist-vae-2",)
    assert page.export_film_source() is None, "nothing moves"
    assert [name for name, _ in page.wipe_sides()] == ["The picture", "VAE · mnist-vae-2"]


def test_without_models_nothing_is_looked_for(desk, qtbot):
    page = desk.open(with_catalog(models=()))
    assert page.export_source() is None and not page.offer_picture(np.zeros((5, 5, 3), np.uint8))
    page.toggle_play()
    page.step(1)
    assert page.is_settled() and page.caption.markup() == ""


def test_one_that_fails_says_why_and_the_others_go_on(desk, qtbot):
    broken = dataclasses.replace(MODELS[2], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(MODELS[0], broken, MODELS[3])))
    assert "cut short" in page.columns.stages[GAN]._label.text()
    assert page.backs()[VAE] is not None and page.backs()[DIFFUSION] is not None
    assert page.export_source().models == ("mnist-vae-2", "mnist-ddpm")
    asked_before = kinds(desk)
    page.columns.stages[GAN].button_clicked.emit()
    qtbot.waitUntil(lambda: kinds(desk)[1] > asked_before[1])


def test_another_page_on_top_stops_it_and_it_begins_anew_afterwards(desk, qtbot):
    desk.session.gate.clear()
    page = desk.open(ALL)
    qtbot.waitUntil(lambda: page.found is not None and len(page.found.descent) == 3)
    page.deactivate()
    assert not page.tempo.is_playing() and not page.found.is_complete
    desk.session.gate.set()
    page.activate()
    rest(page, qtbot)
    before = kinds(desk)
    assert before[1:] == [2, 2], "it has begun anew"
    page.deactivate()
    page.activate()
    rest(page, qtbot)
    assert kinds(desk) == before, "what was found is there"


def test_the_card_is_of_the_column_that_has_the_keyboard(desk, qtbot):
    page = opened(desk, qtbot)
    assert page.model_shown() == "mnist-vae-2"
    page.columns.differences[GAN].setFocus()
    qtbot.waitUntil(lambda: page.model_shown() == "mnist-cgan")


# ---- what is remembered, files --------------------------------------------------------------------


def test_the_state_is_remembered(desk, qtbot):
    page = opened(desk, qtbot)
    page.controls.starts.setValue(7)
    values = page.parameters()
    other = Desk(OnePicturePage, LatentFake())
    qtbot.addWidget(other.page)
    other.page.set_parameters(values)
    again = opened(other, qtbot)
    assert again._state == page._state and again.controls.starts.value() == 7
    assert not asked(other, api.OriginalRequest), "its picture was remembered, too"
    other.close()


def test_another_picture_is_another_one_after_a_start_too(desk, qtbot, monkeypatch):
    page = opened(desk, qtbot)
    values, total = page.parameters(), page.originals.totals["mnist"]
    assert page._state.end.number == 0
    monkeypatch.setattr("random.randrange", lambda count: count - 1)
    other = Desk(OnePicturePage, LatentFake())
    qtbot.addWidget(other.page)
    other.page.set_parameters(values)
    again = opened(other, qtbot)
    assert not again.originals.totals, "nobody has read the dataset yet"
    again.random()
    qtbot.waitUntil(lambda: again._state.end.number == total - 1)
    assert [request.number for request in asked(other, api.OriginalRequest)] == [0, total - 1]
    assert again.originals.totals == {"mnist": total} and again.controls.picture.number.maximum() == total - 1
    other.close()


def test_the_export_is_restored_with_its_picture_and_models(desk, qtbot):
    page = opened(desk, qtbot)
    source = page.export_source()
    origin = PictureOrigin("mnist", 0, "0")
    assert source == api.OnePictureRequest(page._state.models, api.pack(sample(0, 0, 0)), 0, 4, 10, 0, 10, 1, origin)
    film = page.export_film_source()
    assert page.restores(source) and film.source == source and page.tempo.film_action.isEnabled()
    vae, gan, diffusion = film.known
    assert np.array_equal(vae[0], page.backs()[VAE].picture)
    assert np.array_equal(gan, np.stack([step.picture for step in page.found.descent])) and len(gan) == 11
    assert np.array_equal(diffusion, np.stack([step.picture for step in page.found.ways])) and len(diffusion) == 22
    page.columns.model_chosen.emit(VAE, "")
    rest(page, qtbot)
    assert [len(way) for way in page.export_film_source().known] == [11, 22], "of the models that there are"
    page.columns.model_chosen.emit(VAE, "mnist-vae-2")
    rest(page, qtbot)
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    page.controls.picture.number.setValue(7)
    qtbot.waitUntil(lambda: page._state.end.number == 7)
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert page.export_source() == source and page._state.models[VAE] == "mnist-vae-2"
    assert shown(page) == ("MNIST", "0", "own: 0"), "its own class is asked for as such"


def shown(page: OnePicturePage) -> tuple[str, str, str]:
    """What the pickers say of the picture: the dataset, the number, the class."""
    controls = page.controls
    return page.columns.dataset.currentText(), controls.picture.number.text(), controls.label.currentText()


def test_the_pickers_tell_what_is_shown_and_a_dropped_film_keeps_it(desk, qtbot):
    page = opened(desk, qtbot)
    assert shown(page) == ("MNIST", "0", "own: 0")
    page.clear()
    canvas = page.columns.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.cell_rect(0).center())
    rest(page, qtbot)
    assert shown(page) == ("Your own", "own", "own: unknown")
    label = page.controls.label
    assert room(label) >= label.fontMetrics().horizontalAdvance(label.currentText()), "no word is cut"
    assert page.columns.dataset.count() == datasets_on_offer() + 1
    source = page.export_film_source().source
    assert source.origin is None and source.label == api.NO_CLASS
    page.controls.picture.number.setFocus()
    QTest.keyClick(page.controls.picture.number, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: page._state.end.number == 0)
    rest(page, qtbot)
    assert shown(page) == ("MNIST", "0", "own: 0") and page.columns.dataset.count() == datasets_on_offer()
    page.restore(api.RestoredEvent("one.webp", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert shown(page) == ("Your own", "own", "own: unknown") and page.export_film_source().source == source
    page.columns.dataset.chosen.emit("mnist")
    qtbot.waitUntil(lambda: page._state.end.number == 0)
    page.controls.label.chosen.emit(api.NO_CLASS)
    rest(page, qtbot)
    source = page.export_film_source().source
    page.controls.label.chosen.emit(AUTO)
    page.restore(api.RestoredEvent("one.webp", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert shown(page) == ("MNIST", "0", "none") and page.export_film_source().source == source


def datasets_on_offer() -> int:
    return len(ALL.datasets)


def test_a_sheet_of_a_folder_that_is_not_here_shows_a_picture_of_ones_own(desk, qtbot):
    page = opened(desk, qtbot)
    source = dataclasses.replace(page.export_source(), origin=PictureOrigin("faces", 3, "cat"))
    page.restore(api.RestoredEvent("one.webp", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert shown(page) == ("Your own", "own", "0"), "the class that was asked for is told"
    source = dataclasses.replace(source, origin=PictureOrigin("mnist", -7))
    page.restore(api.RestoredEvent("one.webp", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert shown(page)[:2] == ("Your own", "own") and page._state.end.picture == source.picture


@pytest.mark.parametrize(("width", "scale"), [(1440, 1.0), (1024, 1.0), (1024, 1.5)])
def test_the_picture_and_what_comes_back_stand_in_line(desk, qtbot, width, scale):
    page = opened(desk, qtbot)
    theme().set_scale(scale)
    page.resize(width, 698)
    columns = page.columns
    qtbot.waitUntil(lambda: page.width() == width and columns.canvas.width() < width // 3)
    tops = {stage.geometry().top() for stage in (columns.canvas, *columns.stages)}
    assert len(tops) == 1 and len({stage.cell_rect(0).height() for stage in (columns.canvas, *columns.stages)}) == 1


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_no_line_under_a_number_is_cut_in_a_small_window(desk, qtbot, scale):
    page = opened(desk, qtbot)
    theme().set_scale(scale)
    page.resize(1024, 698)
    qtbot.waitUntil(lambda: page.width() == 1024 and page.is_settled())
    for number in page.columns.numbers:
        words = number.words
        qtbot.waitUntil(lambda words=words: words.heightForWidth(words.width()) <= words.height())
        assert len(words.text().split("\n")) == 3 and "call" in words.text()
    theme().set_scale(1.0)
    page.resize(1440, 830)
    qtbot.waitUntil(lambda: all("network call" in number.words.text() for number in page.columns.numbers))
