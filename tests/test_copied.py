"""Is it copied? A model that has learnt its pictures by heart lights up, one that draws new ones does not."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from session_desk import last

from genstudio import api, export
from genstudio.api.copied import NEAREST, UNUSUAL, chance, level_of, middle_rank, within_rank
from genstudio.api.copied_verdict import verdict
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.export.letters import Words
from genstudio.session import Session, copied
from genstudio.settings import MLPVAESettings
from genstudio.steps import finish
from genstudio.ui.copied import words

LEARNT, HELD_OUT = 8, 200  # pictures of the model that learns by heart
SEED = 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of digits to learn from, and of others."""
    root = tmp_path_factory.mktemp("copied")
    for part, train, count in (("train", True, LEARNT), ("test", False, HELD_OUT)):
        digits = datasets.load("strokes", root, train).first(count)
        (root / "digits" / part).mkdir(parents=True)
        for number, picture in enumerate(digits.images):
            Image.fromarray(picture[..., 0]).save(root / "digits" / part / f"{number:03}.png")
    return root


@pytest.fixture(scope="module")
def data(folder: Path) -> str:
    """How requests call them."""
    return f"{folder / 'digits'}#size=28,colour=grey"


@pytest.fixture(scope="module")
def memory(folder: Path, data: str) -> Path:
    """A VAE that was trained on eight pictures until it repeats them: nearly every code becomes one of them."""
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    settings = MLPVAESettings(latent_dim=2, hidden=256, layers=2, beta=4.0, batch_size=64, lr=3e-3, seed=1)
    list(session.stream(api.TrainRequest("mlp-vae", data, settings, 600, preview=0)))
    session.handle(api.SaveRequest(str(folder / "by-heart.safetensors")))
    return folder / "by-heart.safetensors"


@pytest.fixture(scope="module")
def session(folder: Path, memory: Path) -> Session:
    """It knows the one that was trained, and those that travel with the program."""
    from genstudio import store

    return Session("io", data_dir=folder, model_dirs=[store.pretrained_dir(), folder], compute=FLOAT32_CPU)


def by_heart(data: str, **fields: object) -> api.CopiedRequest:
    return api.CopiedRequest("by-heart", **({"seed": SEED, "count": 24, "dataset": data} | fields))  # type: ignore[arg-type]


def bundled(**fields: object) -> api.CopiedRequest:
    asked = {"seed": SEED, "count": 24, "sampler": "ddim", "steps": 10}
    return api.CopiedRequest("strokes-ddpm", **(asked | fields))  # type: ignore[arg-type]


def found(session: Session, request: api.CopiedRequest) -> api.CopiedEvent:
    event = last(session.stream(request))
    assert isinstance(event, api.CopiedEvent)
    return event


# ---- the light ------------------------------------------------------------------------------------


def test_a_model_that_has_learnt_its_pictures_by_heart_lights_up(session: Session, data: str) -> None:
    event = found(session, by_heart(data, count=48))
    assert event.level == "bad" and event.near.mean() > 0.5, event.near.mean()
    assert verdict(event).endswith("this model has learnt its pictures by heart.")
    assert np.median(event.distances[:, 0]) < 0.6 * np.median(event.unseen), "they are those pictures"
    assert (event.training, len(event.unseen), event.dataset) == (LEARNT, HELD_OUT, data)


def test_a_bundled_model_draws_new_pictures(session: Session) -> None:
    event = found(session, bundled())
    assert event.level == "good" and verdict(event).endswith("as new as real ones.")
    assert 0.7 < np.median(event.distances[:, 0]) / np.median(event.unseen) < 1.4
    assert len(event.unseen) == copied.MOST_UNSEEN
    assert {one.name for one in event.yardsticks} == {"", *"0123456789"}, "each digit has a line of its own"
    of = [event.yardsticks[k].name for k in event.measured_by]
    assert of == [names[0] for names in event.labels], "that of the class of its nearest training picture"


def test_a_model_that_learnt_nothing_is_not_said_to_have_copied(
    session: Session, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grey pictures lie in the middle of all, nearer to many than real ones are."""
    learnt = datasets.load(data, Path()).images
    least = learnt[learnt.std((1, 2, 3)).argmin()]
    grey = np.broadcast_to(least * 0.45, (24, 28, 28, 1)).astype(np.uint8)

    def drawn(*_: object) -> Generator[api.ProgressEvent, None, api.Pictures]:
        yield api.ProgressEvent("Drawing", 0, 24)
        return grey

    monkeypatch.setattr(session.copier, "_sampled", drawn)
    event = found(session, by_heart(data))
    assert np.median(event.distances[:, 0]) < event.yardsticks[0].near, "by distance alone it would be accused"
    assert event.faded.all() and not event.near.any() and event.level == "faded"
    assert verdict(event).startswith("24 of 24 are too grey to tell: they have less than half the contrast")
    assert "less than half the contrast of its nearest" in words.large_caption(3, event)


def test_a_model_that_draws_noise_is_not_praised(session: Session, data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dim noise around the mean of all pictures is nearer to some of them than real ones are, and a copy of none."""
    learnt = datasets.load(data, Path()).images
    rng = np.random.default_rng(0)
    noise = np.clip(learnt.mean(0) + rng.normal(0, 50, (24, 28, 28, 1)), 0, 255).astype(np.uint8)

    def drawn(*_: object) -> Generator[api.ProgressEvent, None, api.Pictures]:
        yield api.ProgressEvent("Drawing", 0, 24)
        return noise

    monkeypatch.setattr(session.copier, "_sampled", drawn)
    event = found(session, by_heart(data))
    assert not event.near.any() and not event.faded.any(), "no single one is a copy, and none is grey"
    assert event.within.all() and event.level == "within"
    assert verdict(event) == (
        "24 of 24 are nearer to a training picture than half of the unseen pictures are, and none than 99 % of them: "
        "not copied, but smoother or less varied than real ones."
    )


def test_the_light_says_what_chance_would_make() -> None:
    many = 3000
    assert [level_of(48, many, near) for near in (0, 1, 4, 5, 23, 24, 48)] == [
        *["good"] * 3, *["watch"] * 2, *["bad"] * 2,
    ]  # fmt: skip
    assert level_of(1, many, 1) == "few", "one picture says nothing: one of a hundred is near by chance"
    assert level_of(2, many, 2) == "bad"
    assert [level_of(48, many, 0, far=far) for far in (0, 2, 3, 4, 48)] == ["good", "good", "good", "far", "far"]
    assert [level_of(48, many, 0, beyond=beyond) for beyond in (0, 33, 34, 48)] == ["good", "good", "far", "far"]
    assert [level_of(48, many, 0, within=within) for within in (0, 33, 34, 48)] == ["good", "good", "within", "within"]
    assert level_of(48, many, 24, far=24, beyond=24) == "bad", "half copies, half noise: the copies are what counts"
    assert level_of(48, many, 48, within=48) == "bad", "copies are nearer than half, too"
    of_chance = chance(4, 48, many) + sum(chance(34, 48, many, rank(many)) for rank in (middle_rank, within_rank))
    assert of_chance < UNUSUAL, "of all signs together"


def test_few_unseen_pictures_say_little() -> None:
    """One unseen picture may be far itself: that all are nearer is as likely as that all are farther."""
    assert [level_of(48, 1, near) for near in (0, 24, 48)] == ["few"] * 3
    assert [level_of(48, 9, near) for near in (0, 2, 5, 28, 30, 48)] == [*["good"] * 2, *["few"] * 2, *["bad"] * 2]
    assert chance(5, 48, 9) > 100 * chance(5, 48, 3000), "the line is rough itself"


@pytest.mark.parametrize(("count", "unseen"), [(3, 1), (2, 2), (3, 4), (4, 3)])
def test_chances_are_those_of_all_orders(count: int, unseen: int) -> None:
    """Counted out: which of the places in the order of distances are new pictures."""
    orders = list(itertools.combinations(range(count + unseen), count))
    others = [sorted(set(range(count + unseen)) - set(new)) for new in orders]
    for rank in range(1, unseen + 1):
        nearer = [sum(place < old[rank - 1] for place in new) for new, old in zip(orders, others, strict=True)]
        farther = [sum(place > old[-rank] for place in new) for new, old in zip(orders, others, strict=True)]
        for found in range(count + 1):
            for counted in (nearer, farther):
                share = sum(k >= found for k in counted) / len(orders)
                assert chance(found, count, unseen, rank) == pytest.approx(share)
    middle = float(torch.arange(unseen).float().median())
    assert middle == unseen - middle_rank(unseen) == within_rank(unseen) - 1, "so far as the yardstick has it"


# ---- what is near ---------------------------------------------------------------------------------


def test_the_nearest_are_those_of_the_slow_way(session: Session, folder: Path, data: str) -> None:
    event = found(session, by_heart(data))
    learnt = datasets.load(data, folder, True).images.astype(float)
    apart = np.sqrt(np.square(event.images[:, None].astype(float) - learnt[None]).mean((2, 3, 4)))  # (N, K)
    rows = apart.argsort(1)[:, :NEAREST]
    assert np.allclose(event.distances, np.take_along_axis(apart, rows, 1), rtol=1e-5)
    assert np.array_equal(event.nearest, learnt[rows].astype(np.uint8))
    unseen = datasets.load(data, folder, False).images.astype(float)
    slow = np.sqrt(np.square(unseen[:, None] - learnt[None]).mean((2, 3, 4))).min(1)
    assert np.allclose(event.unseen, slow, rtol=1e-5)
    (all_,) = event.yardsticks
    assert (all_.name, all_.count) == ("", HELD_OUT), "these have no classes"
    told = (all_.near, all_.middle, all_.far)
    ways = ("lower", "lower", "higher")
    slowly = [np.quantile(slow, q, method=way) for q, way in zip((0.01, 0.5, 0.99), ways, strict=True)]
    assert np.allclose(told, slowly, rtol=1e-5)
    assert np.array_equal(event.near, event.distances[:, 0] <= all_.near)
    assert np.array_equal(event.far, event.distances[:, 0] > all_.far)
    assert [event.distances[k, 0] for k in event.order("distance")] == sorted(event.distances[:, 0])
    assert event.order("seed") == tuple(range(24))


def test_the_new_pictures_come_before_the_answer_and_are_those_of_the_seed(session: Session, data: str) -> None:
    events = list(session.stream(by_heart(data)))
    (drawn,) = (event for event in events if isinstance(event, api.PicturesEvent))
    assert np.array_equal(drawn.images, session.handle(api.SampleRequest("by-heart", SEED, 24)).images)
    assert np.array_equal(drawn.images, events[-1].images)
    assert any(isinstance(event, api.ProgressEvent) for event in events[: events.index(drawn)])


def test_features_of_the_classifier_say_the_same_of_a_memory(session: Session, data: str) -> None:
    pixels, features = (found(session, by_heart(data, space=space)) for space in ("pixels", "classifier"))
    assert features.level == "bad" and features.yardsticks != pixels.yardsticks
    assert np.array_equal(features.images, pixels.images)


def test_with_a_class_unseen_pictures_are_of_that_class(session: Session) -> None:
    digits = datasets.load("strokes", Path(), False)
    rows = copied.unseen_rows(digits, "1")
    assert set(digits.labels[rows]) == {1} and len(rows) == min(copied.UNSEEN, int((digits.labels == 1).sum()))
    assert len(copied.unseen_rows(digits, "cat")) == len(copied.unseen_rows(digits)) == copied.MOST_UNSEEN
    ones, all_ = (found(session, bundled(label=label, steps=3)) for label in (1, api.ALL_CLASSES))
    assert np.median(ones.unseen) < np.median(all_.unseen), "a stroke is nearer to some other stroke"


def test_what_is_known_of_unseen_pictures_is_kept(session: Session, data: str) -> None:
    session.copier = copied.Copier(session.models, session.studies, session.copier._sampled)
    told = [
        {event.what for event in session.stream(by_heart(data, seed=seed)) if isinstance(event, api.ProgressEvent)}
        for seed in (1, 2)
    ]
    assert "Looking at unseen pictures" in told[0] - told[1] and "Looking for copies" in told[1]


@pytest.mark.parametrize("space", ["pixels", "classifier"])
def test_pictures_that_came_are_looked_at(session: Session, data: str, tmp_path: Path, space: str) -> None:
    """They stand before the others, whose places are not what they were."""
    copy = shutil.copytree(data.partition("#")[0], tmp_path / "digits")
    request = by_heart(f"{copy}#size=28,colour=grey", space=space)
    found(session, request)
    for number in range(5):
        shutil.move(copy / "test" / f"{number:03}.png", copy / "train" / f"00{number}-came.png")
    event, fresh = found(session, request), copied.Copier(session.models, session.studies, session.copier._sampled)
    wanted = last(fresh.find(request))
    assert event.training == LEARNT + 5 and len(event.unseen) == HELD_OUT - 5
    assert np.array_equal(event.nearest, wanted.nearest) and np.array_equal(event.distances, wanted.distances)
    assert np.array_equal(event.unseen, wanted.unseen)


def test_closing_the_stream_ends_it(session: Session, data: str) -> None:
    stream = session.stream(by_heart(data))
    next(stream)
    stream.close()
    assert list(stream) == []


# ---- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"count": 0}, "count is 0; 1 to 200 pictures are looked for"),
        ({"count": 201}, "count is 201"),
        ({"space": "nose"}, "space is 'nose'; allowed: pixels, classifier"),
        ({"order": "size"}, "order is 'size'; allowed: seed, distance"),
        ({"dataset": ""}, "by-heart learned from digits.*, which is not here"),
        ({"dataset": "shapes"}, "shapes are 32 px"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(session: Session, data: str, fields: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(session.stream(by_heart(data, **fields)))


def test_pictures_that_were_learnt_from_are_not_unseen(session: Session, data: str, tmp_path: Path) -> None:
    """A folder that holds some twice is judged by the others; of one that holds none out both parts are the same."""
    seen: list[object] = []
    with pytest.raises(ValueError, match="holds no pictures out, so there are no new ones to compare with"):
        seen.extend(session.stream(by_heart(data.replace("#", "#test=0,"))))
    assert {type(event) for event in seen} == {api.ProgressEvent}, "nothing is drawn before"
    copy = shutil.copytree(data.partition("#")[0], tmp_path / "digits")
    for number in range(5):
        shutil.copy(copy / "train" / f"{number:03}.png", copy / "test" / f"9{number}.png")
    event = found(session, by_heart(f"{copy}#size=28,colour=grey"))
    assert len(event.unseen) == HELD_OUT and event.yardsticks == found(session, by_heart(data)).yardsticks
    for number in range(HELD_OUT):
        (copy / "test" / f"{number:03}.png").unlink()
    with pytest.raises(ValueError, match="holds no other pictures out; nothing says what is too near"):
        list(session.stream(by_heart(f"{copy}#size=28,colour=grey")))


# ---- the sheet ------------------------------------------------------------------------------------


def test_a_sheet_has_the_pairs_in_their_order_and_comes_back(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied, "UNSEEN", 100)
    monkeypatch.setattr(session, "copier", copied.Copier(session.models, session.studies, session.copier._sampled))
    source = bundled(count=14, steps=2, order="distance")
    path = tmp_path / "sheet.png"
    last(session.stream(api.ExportGridRequest(source, api.GridLayout(gap=0, scale=1), str(path))))
    event = found(session, source)
    sheet = export.read_picture(path)
    assert sheet.shape[:2] == (7 * 28, 13 * 28)
    assert api.picture_count(source) == 91 and api.natural_columns(source) == 13
    order = event.order("distance")
    for place, k in ((0, order[0]), (11, order[11]), (12, order[12])):
        top, left = 28 + 84 * (place // 12), 28 * (1 + place % 12)
        assert np.array_equal(sheet[top : top + 28, left : left + 28, :1], event.images[k])
        assert np.array_equal(sheet[top + 28 : top + 56, left : left + 28, :1], event.nearest[k, 0])
        assert (sheet[top + 56 : top + 84, left : left + 28].mean() > 128) == event.near[k], "white where it is near"
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.identical is True and restored.source == source


@pytest.mark.parametrize("count", [1, 3, 14])
def test_above_a_sheet_stands_what_the_light_says(session: Session, data: str, count: int) -> None:
    """However few columns there are, in lines that have room."""
    request = by_heart(data, count=count)
    tiles = finish(session.copier.sheet(request))
    assert len(tiles) == request.rows() * request.columns()
    heads = [tile for tile in tiles[: request.head() * request.columns()] if isinstance(tile, Words) and tile.lines]
    assert len(heads) == request.head() and all(len(head.lines) <= 4 for head in heads)
    said = " ".join(line for head in heads for line in head.lines)
    event = found(session, request)
    assert said.startswith("by-heart Seed ") and said.endswith(verdict(event))
    white = [tile for tile in tiles if isinstance(tile, Words) and tile.ground == 255]
    assert len(white) == event.marked.sum() and (event.level != "few" or not white), "none where few tell nothing"


def test_a_sheet_is_written_by_what_is_known_of_the_pictures(session: Session, data: str, tmp_path: Path) -> None:
    """The features of tens of thousands of them, which the page has waited for already."""
    request = by_heart(data, space="classifier")
    found(session, request)
    path = str(tmp_path / "sheet.png")
    *events, _ = session.stream(api.ExportGridRequest(request, api.GridLayout(scale=1), path))
    told = {event.what for event in events if isinstance(event, api.ProgressEvent)}
    assert "Looking at new pictures" in told
    assert not told & {"Looking at training pictures", "Looking at unseen pictures"}


def test_a_receipt_tells_nobody_where_the_pictures_are(data: str) -> None:
    entry = api.request_entry(by_heart(data))
    assert entry["dataset"] == "digits#size=28,colour=grey" and entry["kind"] == "CopiedRequest"
    assert api.request_from_dict(entry) == dataclasses.replace(by_heart(data), dataset="digits#size=28,colour=grey")
