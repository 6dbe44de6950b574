"""Which runs that nobody saved stay on the disk."""

from __future__ import annotations

import dataclasses
import gc
import os
import shutil
import weakref
from pathlib import Path

import pytest

from genstudio import api, store
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import GANSettings, PCASettings, VAESettings

RUN = api.TrainRequest("vae", "strokes", VAESettings(latent_dim=2, width=4, batch_size=8), 2, preview=0)
PCA = api.TrainRequest("pca", "strokes", PCASettings(latent_dim=3), preview=0)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def kept(session: Session, request: api.TrainRequest, place: int = 0) -> api.SavedEvent:
    list(session.stream(api.RunRequest(request, place)))
    return session.handle(api.KeepRequest(place))


def names(folder: Path) -> list[str]:
    return sorted(path.stem.removeprefix("last run ") for path in folder.glob("*.safetensors"))


def crowd(file: str, ages: int) -> None:
    """Older files of runs beside one, as many hundred iterations as they are old."""
    path = Path(file)
    for age in range(1, ages + 1):
        other = path.with_name(f"last run (strokes, {age}00).safetensors")
        shutil.copy(path, other)
        os.utime(other, (1e9 - age, 1e9 - age))


def test_components_make_no_run_go_that_learned(session, tmp_path):
    crowd(kept(session, RUN).path, 4)
    five = names(tmp_path)
    assert len(five) == 5
    for latents in (3, 4):
        event = kept(session, dataclasses.replace(PCA, settings=PCASettings(latent_dim=latents)), 1)
        assert not event.made_room and names(tmp_path) == sorted([*five, f"(strokes pca, {latents})"])
    event = kept(session, dataclasses.replace(RUN, iterations=3))
    assert "(strokes pca, 4)" in names(tmp_path) and "(strokes, 3)" in names(tmp_path)
    assert [Path(path).stem for path in event.made_room] == ["last run (strokes, 400)"]


def test_what_made_room_lies_beside_until_the_next_does(session, tmp_path):
    crowd(kept(session, RUN).path, 4)
    for iterations in (3, 4):
        (gone,) = kept(session, dataclasses.replace(RUN, iterations=iterations)).made_room
        assert store.read_header(Path(gone)).iteration == 2 and Path(gone).parent.parent == tmp_path
        assert [str(path) for path in Path(gone).parent.iterdir()] == [gone]
        assert all(Path(model.path).parent == tmp_path for model in store.list_models([tmp_path]))


def test_a_run_that_went_on_replaces_the_kept_file_that_it_went_on_from(session, tmp_path):
    first = kept(session, RUN).path
    session.runs.clear()
    second = kept(session, dataclasses.replace(RUN, iterations=4, resume=first))
    assert names(tmp_path) == ["(strokes, 4)"] and not second.made_room
    mine = tmp_path / "mine.safetensors"
    shutil.copy(second.path, mine)
    kept(session, dataclasses.replace(RUN, iterations=5, resume=str(mine)))
    assert names(tmp_path) == ["(strokes, 4)", "(strokes, 5)", "mine"], "the user's own file stays"


def test_the_file_it_went_on_from_stays_until_the_new_one_is_written(session, tmp_path, monkeypatch):
    first = kept(session, RUN).path
    list(session.stream(api.RunRequest(dataclasses.replace(RUN, iterations=4, resume=first), 1)))

    def full(*words):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_checkpoint", full)
        with pytest.raises(OSError, match="No space"):
            session.handle(api.KeepRequest(1))
    assert names(tmp_path) == ["(strokes, 2)"]
    session.handle(api.KeepRequest(1, spare=(first,)))
    assert names(tmp_path) == ["(strokes, 2)", "(strokes, 4)"], "another run is about to go on from it"


def test_a_copy_elsewhere_of_the_file_it_went_on_from_stays(session, tmp_path):
    (tmp_path / "stick").mkdir()
    copy = shutil.move(kept(session, RUN).path, tmp_path / "stick")
    kept(session, dataclasses.replace(RUN, iterations=4, resume=str(copy)))
    assert Path(copy).exists() and names(tmp_path) == ["(strokes, 4)"]


def test_the_file_of_a_run_that_another_page_has_at_hand_makes_no_room(session, tmp_path):
    crowd(kept(session, RUN, 2).path, 6)
    os.utime(tmp_path / "last run (strokes, 2).safetensors", (1e8, 1e8))
    kept(session, dataclasses.replace(RUN, iterations=3))
    assert "(strokes, 2)" in names(tmp_path)


def test_a_run_of_another_family_or_start_is_not_overwritten(tmp_path):
    """All are called by their data and their length alone."""
    runs = [
        RUN,
        dataclasses.replace(RUN, settings=dataclasses.replace(RUN.settings, seed=5)),
        dataclasses.replace(RUN, family="gan", settings=GANSettings(width=8, batch_size=8)),
    ]
    for request in runs:
        kept(Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU), request)
    found = [store.read_header(path) for path in sorted(tmp_path.glob("*.safetensors"))]
    assert sorted(f"{one.family} {one.settings.seed}" for one in found) == ["gan 0", "vae 0", "vae 5"]


def test_a_run_that_is_dropped_is_gone_at_once(session):
    """So its networks make room for the next, without Python's collector."""
    list(session.stream(api.RunRequest(RUN, 0)))
    left = weakref.ref(session.runs[0])
    gc.disable()
    try:
        session.runs.clear()
        assert left() is None
    finally:
        gc.enable()
