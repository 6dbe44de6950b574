"""The models of Explore: chosen, dropped, missing, not readable."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from fakes import MODELS, FakeSession, with_catalog
from PySide6.QtTest import QTest
from vae_desk import LEFT, MakeDesk, desks

from genstudio import api
from genstudio.settings import VAESettings


@pytest.fixture
def desk(qtbot) -> Iterator[MakeDesk]:
    """Opens a desk with the page."""
    with desks(qtbot) as make:
        yield make


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
    assert d.tab.stage._label.text().startswith("There is no VAE here yet.") and d.tab.parameters() == {}
    with qtbot.waitSignal(d.tab.mode_wanted, check_params_cb=lambda name: name == "latent-train"):
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
