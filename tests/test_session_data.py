"""Datasets in a session: many pictures are read with progress, and the reading can be stopped."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import GANSettings


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Session:
    """A session without models."""
    folder = tmp_path_factory.mktemp("data")
    return Session("io", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


@pytest.fixture
def many(tmp_path) -> Path:
    """A zip of 300 small pictures."""
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(300):
            data = io.BytesIO()
            Image.new("L", (8, 8), k % 256).save(data, "PNG")
            archive.writestr(f"{k}.png", data.getvalue())
    return path


def test_reading_many_pictures_tells_how_far_it_is_and_can_be_stopped(session, many):
    *progress, event = session.stream(api.DatasetRequest(str(many)))
    assert len(progress) > 3 and all(p.what == "Reading many.zip" for p in progress)
    assert [p.done for p in progress] == sorted(p.done for p in progress)
    assert [p.total for p in progress[:-2]] == [270] * (len(progress) - 2) and progress[-3].done == 270
    assert (progress[-1].done, progress[-1].total) == (300, 300), "whether those held out are grey, too"
    assert event.info.count == 270
    os.utime(many, ns=(0, 0))  # changed, so it is read again
    half = session.stream(api.DatasetRequest(str(many)))
    next(half), next(half)
    half.close()
    many.unlink()  # nobody holds it open, which Windows would refuse


def test_a_run_tells_how_far_its_pictures_are_read_before_its_first_event(session, many):
    settings = GANSettings(latent_dim=4, width=8, d_width=4, batch_size=8)
    run = session.stream(api.TrainRequest("gan", str(many), settings, iterations=1, preview=1))
    events = [event for event in run if event is not None]
    kinds = [type(event) for event in events]
    first = kinds.index(api.TrainEvent)
    assert first > 3 and set(kinds[:first]) == {api.ProgressEvent} and events[-1].iteration == 1
    with pytest.raises(ValueError, match="allowed"):  # before a single picture is read
        next(session.stream(api.TrainRequest("gan", str(many), GANSettings(batch_size=0))))


def test_a_run_on_the_zip_that_was_looked_at_reads_nothing_again(session, many):
    list(session.stream(api.DatasetRequest(str(many))))
    settings = GANSettings(latent_dim=4, width=8, d_width=4, batch_size=8)
    run = session.stream(api.TrainRequest("gan", str(many), settings, iterations=1, preview=1))
    assert not [event for event in run if isinstance(event, api.ProgressEvent)]


def test_a_dataset_that_is_nowhere_gets_one_sentence(session):
    with pytest.raises(FileNotFoundError, match="no-such-set"):
        next(session.stream(api.DatasetRequest("no-such-set")))
