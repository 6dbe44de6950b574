"""The model that a new one builds on goes with the pictures, or a sentence says how it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CLASSES, DATASETS, MODELS, FakeSession, model, with_catalog
from page_desk import Desk

from genstudio import api
from genstudio.settings import DiffusionSettings, VAESettings
from genstudio.ui.diffusion import built_on
from genstudio.ui.diffusion.train import DenoisingTrainPage

STROKES, SHAPES, MNIST, _ = DATASETS
TEACHER = MODELS[3]  # of MNIST
OF_STROKES = dataclasses.replace(model("strokes-ddpm", "ddpm", DiffusionSettings(), CLASSES), dataset="strokes")
OF_SHAPES = dataclasses.replace(
    model("shapes-ddpm", "ddpm", DiffusionSettings(), SHAPES.classes), dataset="shapes", channels=3, size=32
)
ALL = (*MODELS, OF_SHAPES, OF_STROKES)


def test_the_model_that_knows_the_pictures_is_best_then_one_of_such_pictures() -> None:
    assert built_on.best("consistency", (TEACHER, OF_SHAPES, OF_STROKES), "strokes", STROKES) is OF_STROKES
    assert built_on.best("consistency", (OF_SHAPES, TEACHER), "strokes", STROKES) is TEACHER
    assert built_on.best("consistency", (TEACHER, OF_SHAPES), "/home/me/holiday", None) is TEACHER, "nobody can tell"
    assert built_on.best("consistency", (), "strokes", STROKES) is None


def test_of_those_that_go_equally_well_the_usual_one_is_best() -> None:
    small, large = (model(name, "vae", VAESettings()) for name in ("mnist-vae-2", "mnist-vae-32"))
    assert built_on.best("latent-ddpm", (small, large), "mnist", MNIST, "mnist-vae-32") is large
    assert built_on.best("latent-ddpm", (small, large), "mnist", MNIST) is small


def test_a_folder_is_known_by_its_name() -> None:
    mine = dataclasses.replace(TEACHER, dataset="holiday#size=28")
    assert built_on.learned_from(mine, "/home/me/holiday#size=28") and not built_on.learned_from(mine, "holiday")


def test_what_does_not_go_together_is_one_sentence() -> None:
    titles = "MNIST", "Strokes"
    assert built_on.misfit("consistency", OF_STROKES, "strokes", STROKES, titles) == ""
    said = built_on.misfit("consistency", TEACHER, "strokes", STROKES, titles)
    assert said.startswith("The teacher mnist-ddpm learned from MNIST, not from Strokes: the student will draw as its")
    said = built_on.misfit("consistency", TEACHER, "shapes", SHAPES, ("MNIST", "Shapes"))
    assert said == (
        "The teacher mnist-ddpm knows grey pictures of 28×28 of 10 classes, but Shapes has colour pictures of 32×32 "
        "of 3 classes: choose another teacher or other data."
    )
    vae = model("mnist-vae", "vae", VAESettings())
    said = built_on.misfit("latent-ddpm", vae, "strokes", STROKES, titles)
    assert said.startswith("The VAE mnist-vae learned from MNIST, not from Strokes: it may not give"), (
        "it needs no classes"
    )


class Folders(FakeSession):
    """Reads every folder as one of pictures like Shapes."""

    def stream(self, request: Any) -> Iterator[Any]:
        for event in super().stream(request):
            is_folder = isinstance(event, api.DatasetEvent) and request.dataset.startswith("/")
            yield dataclasses.replace(event, info=folder_like_shapes(request.dataset)) if is_folder else event


def folder_like_shapes(path: str) -> api.DatasetInfo:
    return dataclasses.replace(SHAPES, name=path)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(DenoisingTrainPage, Folders())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def teacher(page: DenoisingTrainPage) -> str:
    """The one that a student would have."""
    return str(page.controls.values()["consistency"].teacher)


def said_by(page: DenoisingTrainPage) -> str:
    """The sentence on the empty stage."""
    return str(page.stage._label.text())


def choose(page: DenoisingTrainPage, dataset: str) -> None:
    """The hand chooses other data."""
    page.data.picker.set_value(dataset)
    page.data.picker.activated.emit(page.data.picker.currentIndex())


def test_the_teacher_that_is_offered_first_knows_the_data(desk: Desk) -> None:
    page = desk.open(with_catalog(models=ALL))
    page.controls._family_chosen("consistency")
    assert teacher(page) == "strokes-ddpm" and "it learns from strokes-ddpm, not from pictures" in said_by(page)
    assert page.controls.form.rows["teacher"].reset.isHidden(), "that is what the arrow goes back to"
    assert "knows" not in said_by(page) and "learned from" not in said_by(page)


def test_other_data_bring_their_teacher_and_undo_takes_both_back(desk: Desk) -> None:
    page = desk.open(with_catalog(models=ALL))
    page.controls._family_chosen("consistency")
    choose(page, "mnist")
    assert teacher(page) == "mnist-ddpm" and page.data.name() == "mnist"
    assert page.undo()
    assert teacher(page) == "strokes-ddpm" and page.data.name() == "strokes"


def test_a_teacher_chosen_by_hand_that_does_not_fit_says_so_before_the_start(desk: Desk) -> None:
    page = desk.open(with_catalog(models=ALL))
    page.controls._family_chosen("consistency")
    picker = page.controls.form.controls["teacher"]
    picker.set_value("mnist-ddpm")
    picker.activated.emit(picker.currentIndex())
    assert teacher(page) == "mnist-ddpm"
    assert "learned from MNIST, not from Strokes: the student will draw as its teacher does" in said_by(page)
    values = page.parameters()
    page.set_parameters(values)
    assert teacher(page) == "mnist-ddpm", "what a hand chose stays"
    choose(page, "shapes")
    assert teacher(page) == "shapes-ddpm", "it goes better with them"


def test_what_was_remembered_stays_chosen(desk: Desk) -> None:
    page = desk.page
    page.controls._family_chosen("consistency")
    page.set_parameters(page.parameters())  # as the window does before the catalog comes
    assert teacher(page) == "mnist-ddpm"
    desk.open(with_catalog(models=ALL))
    assert teacher(page) == "mnist-ddpm" and "not from Strokes" in said_by(page)


def test_a_folder_brings_the_teacher_that_fits_it_as_soon_as_it_is_read(desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    page = desk.open(with_catalog(models=ALL))
    page.remember()
    page.controls._family_chosen("consistency")
    page.offer_dataset(str(tmp_path))
    qtbot.waitUntil(lambda: teacher(page) == "shapes-ddpm")
    qtbot.waitUntil(lambda: "learned from Shapes" in said_by(page))
    assert "choose another teacher" not in said_by(page)
    assert page.undo() and teacher(page) == "strokes-ddpm" and page.data.name() == "strokes"
    assert page.redo() and teacher(page) == "shapes-ddpm" and page.data.name() == str(tmp_path)


def test_a_teacher_chosen_by_hand_while_a_folder_is_read_stays(desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    page = desk.open(with_catalog(models=ALL))
    page.controls._family_chosen("consistency")
    page.data.take(str(tmp_path))
    picker = page.controls.form.controls["teacher"]
    picker.set_value("mnist-ddpm")
    picker.activated.emit(picker.currentIndex())
    qtbot.waitUntil(lambda: page.data.info() is not None)
    assert teacher(page) == "mnist-ddpm"
    qtbot.waitUntil(lambda: "choose another teacher" in said_by(page))
