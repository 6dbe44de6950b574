"""What the pages of several models offer to be laid over one another: what is seen on them, under its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from latent_desk import LatentFake
from page_desk import Desk
from sampler_desk import SHORT, ended, samplers_desk
from triptych_desk import ALL, opened, seen, triptych_desk

from genstudio.ui.copied.page import CopiedPage
from genstudio.ui.latent.compare import ComparePage
from genstudio.ui.one_picture.page import OnePicturePage
from genstudio.ui.wipe.sides import first_of, place_of, sides_of


@pytest.fixture
def desks(qtbot: Any) -> Iterator[list[Desk]]:
    """Desks that a test has made; they are closed at the end."""
    made: list[Desk] = []
    yield made
    for desk in made:
        desk.close()


def desk_of(kind: Any, qtbot: Any, desks: list[Desk]) -> Desk:
    desk = Desk(kind, LatentFake())
    qtbot.addWidget(desk.page)
    desks.append(desk)
    return desk


@pytest.fixture
def triptych(qtbot: Any) -> Iterator[Desk]:
    yield from triptych_desk(qtbot)


@pytest.fixture
def samplers(qtbot: Any) -> Iterator[Desk]:
    yield from samplers_desk(qtbot, SHORT)


def test_the_columns_of_the_triptych(triptych: Desk, qtbot: Any) -> None:
    page = opened(triptych, qtbot)
    sides = page.wipe_sides()
    assert [name for name, _ in sides] == ["VAE · mnist-vae-2", "GAN · mnist-cgan", "Diffusion · mnist-ddpm"]
    assert all(np.array_equal(images, seen(page, k)) and len(images) == 6 for k, (_, images) in enumerate(sides))
    columns = page.columns.columns[0].stage.columns()
    assert place_of(page) == (-1, columns)
    page.columns.select(4)
    assert place_of(page) == (4, columns), "the marked one is to be seen first"
    page._opened(2)
    assert place_of(page) == (-1, 0), "there is one alone"
    alone = page.wipe_sides()
    assert all(np.array_equal(one, images[2:3]) for (_, one), (_, images) in zip(alone, sides, strict=True))


def test_the_picture_and_what_comes_back_of_it(qtbot: Any, desks: list[Desk]) -> None:
    desk = desk_of(OnePicturePage, qtbot, desks)
    page = desk.page
    page.set_parameters({"descent": 10, "steps": 10, "starts": 4})
    assert [(name, len(images)) for name, images in page.wipe_sides()] == [("The picture", 0)], "no models yet"
    desk.open(ALL)
    qtbot.waitUntil(lambda: page.found is not None and page.found.is_complete)
    page._scrubbed(200)
    qtbot.waitUntil(page.is_settled)
    sides = page.wipe_sides()
    names = ["The picture", "VAE · mnist-vae-2", "GAN · mnist-cgan", "Diffusion · mnist-ddpm"]
    assert [name for name, _ in sides] == names
    shown = [page.columns.canvas.picture()[None], *(stage.pictures() for stage in page.columns.stages)]
    assert all(np.array_equal(images, there) for (_, images), there in zip(sides, shown, strict=True))


def test_the_ways_of_a_comparison_at_the_moment_and_in_the_layer_shown(samplers: Desk, qtbot: Any) -> None:
    page = ended(samplers, qtbot)
    assert [name for name, _ in page.wipe_sides()] == ["1 · DDPM · 12", "2 · DDIM · 6", "3 · DDIM · 4"]
    for position, layer in ((3, "x_t"), (5, "x0_hat")):
        page.player.look(position)
        page.show_layer(layer)
        shown = [stage.pictures() for stage in page.columns.pictures[:3]]
        assert all(np.array_equal(side[1], there) for side, there in zip(page.wipe_sides(), shown, strict=True))


def test_what_two_models_give_back_and_what_random_codes_become(qtbot: Any, desks: list[Desk]) -> None:
    desk = desk_of(ComparePage, qtbot, desks)
    page = desk.open()
    qtbot.waitUntil(page.is_settled)
    sides = dict(page.wipe_sides())
    models = [info.name for info in page._shown()]
    assert list(sides)[:2] == [f"{model} · given back" for model in models] and list(sides)[-1] == "Real pictures"
    for k, model in enumerate(models):
        real_and_given = page.columns.stages[k][0].pictures()
        assert np.array_equal(sides[f"{model} · given back"][:3], real_and_given[3:])
        assert np.array_equal(sides["Real pictures"], page._picked.images)
        random = page.columns.stages[k][1].pictures()
        assert np.array_equal(sides[f"{model} · random codes"][: len(random)], random)


def test_new_pictures_over_the_nearest_and_one_over_its_own(qtbot: Any, desks: list[Desk]) -> None:
    desk = desk_of(CopiedPage, qtbot, desks)
    page = desk.page
    assert [(name, len(images)) for name, images in page.wipe_sides()] == [
        ("New pictures", 0), ("The nearest training picture of each", 0)
    ], "there are none yet"  # fmt: skip
    desk.open(ALL)
    qtbot.waitUntil(page.is_settled)
    found, order = page.found, list(page.order())
    (_, new), (_, nearest) = page.wipe_sides()
    assert np.array_equal(new, found.images[order]) and np.array_equal(nearest, found.nearest[order, 0])
    page._clicked(5)
    assert place_of(page) == (5, page.pairs.columns()), "the chosen pair is to be seen first"
    page._opened(5)
    sides = sides_of(page)
    number = order[5]
    assert [side.name for side in sides][:2] == ["The new picture", "The nearest training picture"]
    assert first_of(sides) == (sides[0].key, sides[1].key)
    assert np.array_equal(sides[0].pictures, found.images[number : number + 1])
    assert all(np.array_equal(side.pictures[0], found.nearest[number, k]) for k, side in enumerate(sides[1:]))
    assert len(sides) == 1 + found.nearest.shape[1], "and no picture of a difference"
