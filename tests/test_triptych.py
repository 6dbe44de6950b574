"""Three kinds of models at one place between two seeds, whose noise rules all; and a sheet that repeats itself."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import MODELS
from session_desk import last, new_session, train_runs

from genstudio import api, export
from genstudio.api.triptych import MOMENTS
from genstudio.export.letters import EMPTY, Words
from genstudio.session import Session, triptych
from genstudio.steps import finish

VAE, GAN, DDPM = api.Panel("tiny-vae"), api.Panel("tiny-gan"), api.Panel("tiny-ddpm", steps=4)
SHEET = api.TriptychRequest((VAE, GAN, DDPM), 3, 8, 0.25, 3, (0.4, 12.0, 1500.0))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return new_session(train_runs(tmp_path_factory.mktemp("models")))


def asked(panel: api.Panel, position: float = 0.0, count: int = 3) -> api.PanelRequest:
    return api.PanelRequest(panel, 3, 8, position, count)


def steps_of(session: Session, request: api.PanelRequest) -> list[api.PanelEvent]:
    return [event for event in session.stream(request) if event is not None]


# ---- the place ------------------------------------------------------------------------------------


def test_both_ends_are_the_noise_of_their_seeds_and_between_them_lies_an_arc() -> None:
    a, middle, b = (triptych.noise_of(asked(VAE, position), (512,)) for position in (0.0, 0.5, 1.0))
    for end, seed in ((a, 3), (b, 8)):
        assert np.array_equal(end.numpy(), np.stack([api.noise(seed, k, (512,)) for k in range(3)]))
    wanted = (a.norm(dim=1) + b.norm(dim=1)) / 2
    assert torch.allclose(middle.norm(dim=1), wanted, rtol=1e-4), "as long as noise is; a straight line is shorter"
    for end in (a, b):
        angle = torch.nn.functional.cosine_similarity(middle, end)
        assert torch.all(angle > 0.6), "half of the angle to either"


def test_the_ends_are_the_pictures_that_the_seeds_make_elsewhere(session: Session) -> None:
    for panel in (VAE, GAN):
        for position, seed in ((0.0, 3), (1.0, 8)):
            images = session.handle(asked(panel, position)).images
            alone = session.handle(api.SampleRequest(panel.model, seed, 3)).images
            assert np.abs(images.astype(int) - alone.astype(int)).max() <= 1, "drawn in a batch of another size"
    ddim = api.DenoiseRequest("tiny-ddpm", 8, 3, steps=4, spacing="karras")
    clean = last(session.stream(ddim)).steps[0].layers["x_t"]
    assert np.array_equal(steps_of(session, asked(DDPM, 1.0))[-1].images, clean)


def test_every_picture_changes_with_the_place_and_with_nothing_else(session: Session) -> None:
    for panel in (VAE, GAN):
        at = {p: session.handle(asked(panel, p)).images for p in (0.0, 0.3, 0.30001, 1.0)}
        assert not np.array_equal(at[0.0], at[1.0])
        assert np.array_equal(session.handle(asked(panel, 0.3)).images, at[0.3])
    few, many = (steps_of(session, asked(DDPM, 0.3, count))[-1].images for count in (2, 3))
    assert np.abs(few.astype(int) - many[:2].astype(int)).max() <= 1
    again = steps_of(session, asked(DDPM, 0.3))[-1].images
    assert np.array_equal(again, many)


def test_a_way_tells_how_far_it_is_and_has_its_pictures_at_the_end(session: Session) -> None:
    events = steps_of(session, asked(DDPM))
    assert [event.step for event in events] == [0, 1, 2, 3, 4] and {event.count for event in events} == {4}
    assert [len(event.images) for event in events] == [0, 0, 0, 0, 3]
    times = [event.compute_ms for event in events]
    assert times == sorted(times) and times[0] > 0


def test_between_a_few_pictures_of_a_preview_others_have_their_turn(session: Session, monkeypatch: Any) -> None:
    count = 3 * triptych.AT_ONCE
    events = list(session.stream(asked(DDPM, count=count)))
    assert events.count(None) == 2 * (DDPM.steps + 1) and len(events[-1].images) == count
    monkeypatch.setattr(triptych, "FEW", DDPM.steps - 1)
    whole = list(session.stream(asked(DDPM, count=count)))
    assert None not in whole, "all steps have all pictures at once, which takes less time"
    assert np.abs(whole[-1].images.astype(int) - events[-1].images.astype(int)).max() <= 1


def test_a_class_is_drawn_by_those_that_know_it(session: Session) -> None:
    all_in_turn, fives = (
        steps_of(session, asked(dataclasses.replace(DDPM, label=label), count=6))[-1].images
        for label in (api.ALL_CLASSES, 5)
    )
    assert np.array_equal(all_in_turn[5], fives[5]) and not np.array_equal(all_in_turn[0], fives[0])
    vae = [session.handle(asked(dataclasses.replace(VAE, label=label))).images for label in (api.ALL_CLASSES, 5)]
    assert np.array_equal(*vae)


def test_a_sampler_with_noise_of_its_own_draws_the_same_every_time(session: Session) -> None:
    jumping = asked(dataclasses.replace(DDPM, sampler="consistency"))
    first, again = (steps_of(session, jumping)[-1].images for _ in range(2))
    other = steps_of(session, dataclasses.replace(jumping, seed_a=4))[-1].images
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"count": 17}, "count is 17"),
        ({"position": 1.5}, "position is 1.5"),
        ({"position": float("nan")}, "position is nan"),
        ({"seed_b": -1}, "must not be negative"),
        ({"panel": dataclasses.replace(DDPM, sampler="magic")}, "sampler is 'magic'"),
        ({"panel": dataclasses.replace(DDPM, steps=41)}, "steps is 41"),
        ({"panel": dataclasses.replace(DDPM, label=10)}, "class 10"),
        ({"panel": VAE}, "not a diffusion model"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(session: Session, change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next(session.stream(dataclasses.replace(asked(DDPM), **change)))  # type: ignore[arg-type]


def test_a_diffusion_model_does_not_answer_at_once(session: Session) -> None:
    with pytest.raises(ValueError, match="no latent code"):
        session.handle(asked(DDPM))


# ---- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 4])
def test_a_sheet_restores_itself_to_the_last_pixel(session: Session, tmp_path: Path, count: int) -> None:
    request, path = dataclasses.replace(SHEET, count=count), tmp_path / "sheet.png"
    saved = last(session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), str(path))))
    assert saved.bytes > 0
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.identical and restored.source == request, restored.message


def test_a_sheet_has_the_pictures_of_each_model_under_its_heading(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    last(session.stream(api.ExportGridRequest(SHEET, api.GridLayout(gap=0, scale=1), str(path))))
    page = export.read_picture(path)
    assert page.shape[:2] == (28 * SHEET.rows(), 28 * SHEET.columns()) == (28 * 3, 28 * 8)
    made = [session.handle(asked(VAE, 0.25)).images, session.handle(asked(GAN, 0.25)).images]
    made.append(steps_of(session, asked(DDPM, 0.25))[-1].images)
    for k, images in enumerate(made):
        block = page[:, 28 * 3 * k :]
        assert block[:28, :28].any(), "its heading"
        for number, (row, column) in enumerate(((1, 0), (1, 1), (2, 0))):
            assert np.array_equal(block[28 * row :, 28 * column :][:28, :28], images[number])
        assert not block[56:84, 28:56].any(), "there is no fourth picture"


def test_smaller_pictures_stand_in_the_middle_of_their_tiles() -> None:
    small, large = np.full((1, 28, 28, 1), 9, np.uint8), np.full((1, 32, 32, 3), 7, np.uint8)
    request = api.TriptychRequest((VAE, GAN), count=1, ms=(1.0, 1.0))
    infos = [MODELS[0], dataclasses.replace(MODELS[0], family="gan")]
    tiles = triptych._tiles(request, [small, large], infos)
    assert len(tiles) == 6 and tiles[1] == tiles[4] == EMPTY
    assert tiles[3].shape[:2] == (32, 32) and (tiles[3][2:30, 2:30] == 9).all() and tiles[3].sum() == 9 * 28 * 28
    assert (tiles[5] == 7).all()


def test_a_film_goes_from_the_one_seed_to_the_other_and_has_a_receipt(session: Session, tmp_path: Path) -> None:
    path, request = tmp_path / "film.webp", dataclasses.replace(SHEET, count=1)
    events = list(session.stream(api.ExportFilmRequest(request, api.GridLayout(scale=1), str(path))))
    drawn = [event.done for event in events if isinstance(event, api.ProgressEvent) and event.what == "Drawing"]
    assert drawn == sorted(drawn) and drawn[-1] == MOMENTS * (1 + 1 + 4) == api.moment_count(request) * 6
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.source == request and restored.identical is None
    moments = finish(triptych.film(session.models, request))
    ends = [session.handle(asked(VAE, position, 1)).images[0] for position in (0.0, 1.0)]
    for moment, end in zip((moments[0], moments[-1]), ends, strict=True):
        assert len(moment) == request.columns() * request.rows() and np.array_equal(moment[request.columns()], end)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"panels": ()}, "0 models"), ({"panels": (VAE,) * 4}, "4 models"), ({"ms": (1.0,)}, "1 times of 3 models")],
)
def test_what_is_no_sheet_is_refused(session: Session, change: dict[str, object], words: str) -> None:
    request = dataclasses.replace(SHEET, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=words):
        finish(triptych.sheet(session.models, request))


def test_a_receipt_names_its_models_without_their_paths() -> None:
    source = SHEET.with_models(["/home/lovelace/own.safetensors", r"C:\lovelace\g.safetensors", "tiny-ddpm"])
    entry = api.request_entry(source)
    assert "lovelace" not in str(entry)
    assert api.request_from_dict(entry) == SHEET.with_models(["own", "g", "tiny-ddpm"])


def test_a_heading_says_no_more_of_a_time_than_the_window() -> None:
    info, name = MODELS[0], MODELS[0].name
    diffusion = dataclasses.replace(info, family="ddpm")
    heading = functools.partial(triptych._heading, is_untold=False)
    assert heading(VAE, info, 0.0) == ("VAE", name, "1 pass", "")
    assert heading(GAN, info, 3.21)[2:] == ("1 pass", "about 3.2 ms a picture")
    assert heading(DDPM, diffusion, 486.3) == ("Diffusion", name, "4 steps", "about 490 ms a picture")
    assert heading(DDPM, diffusion, 12_345.0)[-1] == "about 12 s a picture"


def test_a_sheet_says_which_model_is_told_no_class(session: Session) -> None:
    """The VAE's digits are others than those under which they stand."""
    vae, gan = (dataclasses.replace(session.models.get(one.model).info, classes=()) for one in (VAE, GAN))
    told = dataclasses.replace(gan, classes=("0", "1"))
    request = api.TriptychRequest((VAE, GAN), count=1, ms=(0.0, 0.0))
    for infos, said in (((vae, told), "1 pass, knows no classes"), ((vae, gan), "1 pass")):
        tiles = triptych._tiles(request, [np.zeros((1, 28, 28, 1), np.uint8)] * 2, infos)
        heads = [tile.lines[2] for tile in tiles if isinstance(tile, Words) and tile.lines]
        assert heads == [said, "1 pass"]
