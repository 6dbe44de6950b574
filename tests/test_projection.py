"""Descents through a generator's codes: each for itself, no farther out than random ones, nearer to the picture."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import sample
from session_desk import last, new_session, train_runs

from genstudio import api
from genstudio.api.numbers import short
from genstudio.api.one_picture import MOMENTS, PictureOrigin
from genstudio.core.projection import project
from genstudio.export.letters import Tile, Words
from genstudio.session import Session, one_picture
from genstudio.steps import finish

SIZE = (1, 4, 4)


def decoder(latents: int) -> torch.nn.Module:
    generator = torch.Generator().manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(latents, 16), torch.nn.Tanh(), torch.nn.Unflatten(1, SIZE))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.4, generator=generator)
    return network.requires_grad_(False)


def codes(count: int, latents: int = 5, seed: int = 1) -> torch.Tensor:
    return torch.randn(count, latents, generator=torch.Generator().manual_seed(seed))


def test_descents_find_the_picture_of_a_code() -> None:
    network, wanted = decoder(5), codes(1, seed=7)
    places = list(project(network, network(wanted), codes(6), 200))
    assert [place.index for place in places] == list(range(201))
    assert float(places[-1].errors.min()) < 1e-4 < float(places[0].errors.min())
    assert torch.allclose(places[-1].images, network(places[-1].z))


def test_each_descends_for_itself() -> None:
    network, target = decoder(5), decoder(5)(codes(1, seed=7))
    together = list(project(network, target, codes(4), 20))[-1]
    for k in range(4):
        alone = list(project(network, target, codes(4)[k : k + 1], 20))[-1]
        assert torch.allclose(alone.z[0], together.z[k], atol=1e-5)


def test_no_code_goes_farther_out_than_random_ones_lie() -> None:
    network = decoder(5)
    far = torch.ones(1, *SIZE)
    for place in list(project(network, far, codes(4), 60, lr=3.0))[1:]:
        assert float(place.z.norm(dim=1).max()) <= 5**0.5 + 1.4 + 1e-4


def test_gradients_are_as_they_were_between_two_places() -> None:
    network = decoder(5)
    with torch.no_grad():
        places = project(network, torch.zeros(1, *SIZE), codes(2), 3)
        for place in places:
            assert not torch.is_grad_enabled() and not place.z.requires_grad and not place.images.requires_grad


# ---- the session ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return new_session(train_runs(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def picture(session: Session) -> str:
    """One that the GAN draws itself."""
    return api.pack(session.handle(api.SampleRequest("tiny-gan", 3, 4)).images[2])


def test_a_picture_of_a_start_is_there_at_once(session: Session, picture: str) -> None:
    first = next(iter(session.stream(api.ProjectRequest("tiny-gan", picture, seed=3, starts=4, steps=10))))
    (step,) = first.steps
    assert step.step == 0 and step.error < 1e-4 and step.label == -1
    assert np.abs(step.picture.astype(int) - api.picture_of(picture)).max() <= 1


def test_a_descent_never_gets_worse_and_repeats_itself(session: Session, picture: str) -> None:
    request = api.ProjectRequest("tiny-gan", picture, seed=5, starts=3, steps=30)
    once, again = ([event.steps[0] for event in session.stream(request)] for _ in range(2))
    errors = [step.error for step in once]
    assert len(once) == 31 and errors == sorted(errors, reverse=True) and errors[-1] < errors[0]
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(once, again, strict=True))
    joined = api.ProjectEvent(request, tuple(once[:2])).merge(api.ProjectEvent(request, tuple(once[2:])))
    assert joined.steps == tuple(once)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"model": "tiny-vae"}, "no GAN"), ({"starts": 65}, "starts is 65"), ({"steps": 9}, "steps is 9"),
     ({"picture": "28x28x1:!"}, "cannot be read"), ({"seed": -1}, "seed is -1")],
)  # fmt: skip
def test_what_cannot_be_found_is_refused(session: Session, picture: str, change: dict[str, object], words: str) -> None:
    fields = {"model": "tiny-gan", "picture": picture} | change
    with pytest.raises(ValueError, match=words):
        next(iter(session.stream(api.ProjectRequest(**fields))))  # type: ignore[arg-type]


def test_a_sheet_restores_itself_to_the_last_pixel(session: Session, tmp_path: Path) -> None:
    models, picture = ("tiny-vae", "tiny-gan", "tiny-ddpm"), api.pack(sample(0, 3, 3))
    request = api.OnePictureRequest(models, picture, 1, 3, 10, label=4, steps=10, corrections=1)
    assert api.picture_count(request) == 3 * 4 and api.natural_columns(request) == 4
    path = tmp_path / "sheet.png"
    last(session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), str(path))))
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.identical and restored.source == request, restored.message


def test_a_sheet_says_whose_picture_it_is_and_writes_errors_as_the_window_does(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = api.OnePictureRequest(("tiny-vae",), api.pack(sample(0, 3, 3)))
    own, by_vae, *_ = finish(one_picture.sheet(session.models, request))
    assert own == Words(("Your own picture",)) and by_vae.lines[:3] == ("VAE", "tiny-vae", "mean squared error")
    origin = PictureOrigin("mnist", 3, "7")
    given, *_ = finish(one_picture.sheet(session.models, dataclasses.replace(request, origin=origin)))
    assert given == Words(("A held-out picture", "MNIST", "class 7"))
    monkeypatch.setattr(one_picture, "mean_square", lambda a, b: 2e-6)
    _, by_vae, *_ = finish(one_picture.sheet(session.models, request))
    assert by_vae.lines[3] == short(2e-6) == "2·10⁻⁶"


def is_same(tiles: Sequence[Tile], others: Sequence[Tile]) -> bool:
    """Whether two sheets have the same pictures and the same words."""
    pairs = list(zip(tiles, others, strict=True))
    return all(a == b if isinstance(a, Words) else np.array_equal(a, b) for a, b in pairs)


def test_a_film_goes_the_descent_and_both_ways_and_ends_at_the_sheet(session: Session, tmp_path: Path) -> None:
    models, picture = ("tiny-vae", "tiny-gan", "tiny-ddpm"), api.pack(sample(0, 3, 3))
    request = api.OnePictureRequest(models, picture, 1, 3, 10, label=4, steps=10, corrections=1)
    moments = finish(one_picture.film(session.models, request))
    assert len(moments) == api.moment_count(request) == MOMENTS and len(moments[0]) == 12
    assert is_same(moments[-1], finish(one_picture.sheet(session.models, request)))
    descent = [event.steps[-1].picture for event in session.stream(api.ProjectRequest("tiny-gan", picture, 1, 3, 10))]
    ways = [
        event.steps[-1].picture
        for event in session.stream(api.InvertRequest("tiny-ddpm", picture, label=4, steps=10, corrections=1))
    ]
    for share in (0.0, 0.25, 0.5, 1.0):
        tiles = moments[round(share * (MOMENTS - 1))]
        assert tiles[4].shape == (28, 28, 3) and np.array_equal(
            tiles[4], np.broadcast_to(sample(0, 3, 3), (28, 28, 3))
        ), "the picture stands still"
        assert np.array_equal(tiles[5], moments[0][5]), "a VAE has no way to go"
        assert np.array_equal(tiles[6][..., :1], descent[round(share * 10)])
        assert np.array_equal(tiles[7][..., :1], ways[round(share * 21)])
        assert isinstance(tiles[11], Words) == (share < 1), "noise is no picture to compare"
    back = session.handle(api.EncodeRequest("tiny-vae", sample(0, 3, 3)[None], invert=False)).reconstructions
    known = (back, np.stack(descent), np.stack(ways))
    again = one_picture.film(session.models, request, known)
    with pytest.raises(StopIteration) as end:
        next(again)  # nothing is computed, so there is no progress to tell
    assert all(is_same(a, b) for a, b in zip(end.value.value, moments, strict=True))
    with pytest.raises(ValueError, match="2 ways are known of 3 models"):
        finish(one_picture.film(session.models, request, known[:2]))
    path = tmp_path / "film.png"
    told = list(session.stream(api.ExportFilmRequest(request, api.GridLayout(scale=1), str(path), known=known)))
    assert {event.what for event in told[:-1]} == {"Writing film.png"}
    assert last(session.stream(api.RestoreRequest(str(path)))).source == request
    saved = last(session.stream(api.ExportFilmRequest(request, api.GridLayout(scale=1), str(path))))
    assert saved.bytes > 0 and last(session.stream(api.RestoreRequest(str(path)))).source == request
