"""A trained network of the GAN's tab walks, is exported as it is seen, and fails well."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from gan_desk import gan_desk
from page_desk import Desk, asked

from genstudio import api
from genstudio.ui.tabs.walk_player import slerp, walk_codes
from genstudio.ui.widgets.export_target import columns_of, count_of, frames_of


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_it_opens_walking_through_a_pretrained_network(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 2)
    assert page.is_walking and page.walk.is_playing
    assert page.stage.pictures() is not None
    assert asked(desk, api.WalkRequest)[0] == api.WalkRequest("mnist-dcgan", 0, 60, 48)
    assert not asked(desk, api.TrainRequest)


def test_only_one_picture_of_the_walk_is_under_way(desk, qtbot):
    page = desk.open()
    page.walk.set_playing(False)
    qtbot.waitUntil(lambda: page.walk.step == 0)
    for _ in range(10):
        page.walk.ask()
    qtbot.waitUntil(lambda: page.walk.step >= 1)
    page.bridge.submit("play", "gan.show", api.SampleRequest("mnist-dcgan"))
    qtbot.waitUntil(lambda: bool(asked(desk, api.SampleRequest)))
    assert page.walk.step == 1


def test_another_page_on_top_stops_the_walk_and_a_pause_is_kept(desk, qtbot):
    page = desk.open()
    page.deactivate()
    assert not page.walk.is_playing
    page.activate()
    assert page.walk.is_playing
    page.toggle_play()
    page.deactivate()
    page.activate()
    assert not page.walk.is_playing


def test_a_network_that_cannot_be_read_says_so_on_the_stage(qtbot):
    class Broken(FakeSession):
        def _walk(self, request: api.WalkRequest) -> Iterator[api.PicturesEvent]:
            raise ValueError("mnist-dcgan.safetensors was cut short")
            yield

    desk = gan_desk(Broken())
    qtbot.addWidget(desk.page)
    page = desk.open()
    qtbot.waitUntil(lambda: "cut short" in page.stage._label.text())
    assert not page.walk.is_playing
    desk.close()


def test_the_words_of_the_walk_say_what_the_network_was_trained_on(desk, qtbot):
    page = desk.open()
    assert page.data.name() == "strokes"
    assert "trained on MNIST" in page.caption.markup()


def test_the_walk_is_exported_as_the_codes_that_are_seen(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 3)
    page.toggle_play()
    source = page.export_source()
    codes = walk_codes(page.walk.request, 100, page.walk.step)
    assert isinstance(source, api.DecodeRequest)
    assert np.abs(np.array(source.z) - codes).max() < 1e-4


def test_the_film_of_the_walk_is_the_grid_on_the_stage_or_the_selected_picture(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.walk.step >= 3)
    page.toggle_play()
    film = page.export_film_source()
    assert film.source == api.WalkFilmRequest("mnist-dcgan", 0, 60, 48, page.walk.step, 97)
    assert film.layout.columns == columns_of(film, film=True) == page.stage.columns()
    assert (count_of(film), frames_of(film)) == (60, 97)
    page.stage.set_selected(7)
    alone = page.export_film_source()
    assert alone.source == dataclasses.replace(film.source, picture=7)
    assert (count_of(alone), columns_of(alone, film=True)) == (1, 1)


def test_a_dropped_film_of_a_walk_walks_on_from_where_it_began(desk, qtbot):
    page = desk.open()
    source = api.WalkFilmRequest("mnist-dcgan", seed=5, count=16, leg=24, first=30, steps=97)
    page.restore(api.RestoredEvent("film.webp", source, api.GridLayout(), None, "restored"))
    assert page.walk.request == api.WalkRequest("mnist-dcgan", 5, 16, 24, 30)
    qtbot.waitUntil(lambda: page.walk.step >= 31)
    assert page.walk.is_playing and len(page.stage.pictures()) == 16
    assert page.tempo.speed_picker.value() == 2.0 and "16 random codes" in page.caption.markup()


def test_walk_codes_are_those_of_the_session():
    torch = pytest.importorskip("torch")
    from genstudio.core.latents import PATHS
    from genstudio.core.seeding import image_noise

    request = api.WalkRequest("m", seed=5, count=3, leg=8)
    a, b = image_noise(5, range(3, 6), (10,)), image_noise(5, range(6, 9), (10,))
    expected = torch.cat([PATHS["slerp"](x, y, torch.tensor([3 / 8])) for x, y in zip(a, b, strict=True)]).numpy()
    assert np.allclose(walk_codes(request, 10, 11), expected, atol=1e-6)
    assert np.allclose(walk_codes(request, 10, 8), a.numpy())
    assert np.allclose(slerp(a.numpy(), b.numpy(), 0.0), a.numpy(), atol=1e-6)


def test_a_dropped_picture_of_a_network_is_shown_and_the_walk_waits(desk, qtbot):
    page = desk.open()
    source = api.SampleRequest("mnist-dcgan", seed=9, count=12)
    page.restore(api.RestoredEvent("grid.png", source, api.GridLayout(), True, "identical"))
    qtbot.waitUntil(lambda: page.stage.pictures() is not None and len(page.stage.pictures()) == 12)
    assert not page.walk.is_playing
    assert page.export_source() == source
    page._cell_clicked(11)
    assert page.export_film_source() is None, "the walk is not what one sees"
    page.toggle_play()
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 60)
