"""The picture page with the real session, on tiny models trained on strokes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_desk import agree

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.engine import Engine
from genstudio.session import Session
from genstudio.settings import MLPVAESettings, PCASettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.picture import PictureTab


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    session = session_of("train", folder)
    for family, settings, count in (
        ("mlp-vae", MLPVAESettings(latent_dim=4, hidden=32), 80),
        ("pca", PCASettings(), 1),
    ):
        for _ in session.stream(api.TrainRequest(family, "strokes", settings, count, preview=0)):
            pass
        session.handle(api.SaveRequest(str(folder / f"tiny-{family}.safetensors")))
    return folder


def session_of(lane: str, folder: Path) -> Session:
    return Session(lane, data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


def engine_of(on_wake: Any, lane: str, folder: Path) -> Engine:
    return Engine(partial(session_of, lane, folder), on_wake, name=lane)


@pytest.fixture
def desk(qtbot, folder):
    """The page, open on the first model."""
    lanes = ("play", "train", "io")
    bridge = Bridge({lane: partial(engine_of, lane=lane, folder=folder) for lane in lanes})
    page = PictureTab(bridge)
    qtbot.addWidget(page)

    def route(slot: str, event: Any) -> None:
        page.handle(slot.partition(".")[2], event)

    bridge.event.connect(route)
    page.resize(1400, 800)
    page.show()
    page.set_catalog(session_of("play", folder).handle(api.CatalogRequest()).catalog)
    page.activate()
    yield page
    page.deactivate()
    page.close()
    assert bridge.close(timeout_s=20)


def test_the_real_session_encodes_studies_and_finds_what_is_near(desk, qtbot, folder) -> None:
    page = desk
    for key in ("tiny-mlp-vae", "tiny-pca"):
        page._model_chosen(key)
        qtbot.waitUntil(lambda: page.is_settled() and page.picks.pictures() is not None, timeout=20_000)
        again = bridge_encode(folder, key, page._picture)
        assert np.allclose(page._event.mu[0], again.mu[0], atol=1e-4)
    assert not page.controls.resample.isEnabled()
    page._model_chosen("tiny-mlp-vae")
    qtbot.waitUntil(page.is_settled, timeout=20_000)
    assert page.controls.resample.isEnabled()
    page.stream("io", "study", api.StudyRequest("tiny-mlp-vae", count=2000))
    qtbot.waitUntil(lambda: page.nearest.pictures() is not None, timeout=30_000)
    assert "of the held-out pictures" in page.caption.markup()
    noise = np.random.default_rng(0).integers(0, 256, (28, 28, 1)).astype(np.uint8)
    page.set_input(noise)
    qtbot.waitUntil(lambda: agree(page), timeout=20_000)
    assert "over 99 %" in page.caption.markup()
    wide = np.zeros((60, 90, 3), np.uint8)
    wide[10:50, 40:50] = 250
    page.offer_picture(wide)
    qtbot.waitUntil(lambda: "resized from 90×60 px, its middle" in page.caption.markup(), timeout=20_000)


def bridge_encode(folder: Path, model: str, picture: np.ndarray) -> api.EncodedEvent:
    session = session_of("play", folder)
    event: api.EncodedEvent = session.handle(api.EncodeRequest(model, picture[None], invert=False))
    return event
