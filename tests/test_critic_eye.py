"""D's eye on single pictures: its verdict, its slope by every pixel, and that the run does not notice."""

import dataclasses

import numpy as np
import pytest
import torch
from session_desk import RUNS, new_session
from torch import nn

from genstudio import api
from genstudio.core import datasets
from genstudio.core.adversarial.eye import Eye
from genstudio.core.adversarial.normalisation import normalise_weights
from genstudio.core.examples import examples
from genstudio.core.training import TrainingData
from genstudio.session import watching
from genstudio.settings import ConditionalGANSettings

CPU = torch.device("cpu")
GAN = dataclasses.replace(RUNS["tiny-gan"], iterations=8)
KINDS = {
    "batch norm": GAN,
    "spectral": dataclasses.replace(GAN, settings=dataclasses.replace(GAN.settings, d_norm="spectral")),
    "critic": dataclasses.replace(
        GAN, settings=dataclasses.replace(GAN.settings, loss="wasserstein", d_norm="layer", gradient_penalty=10.0)
    ),
    "class": dataclasses.replace(
        GAN, family="cgan", settings=ConditionalGANSettings(latent_dim=6, width=8, levels=2, batch_size=8), preview=12
    ),
    "batch view": dataclasses.replace(GAN, settings=dataclasses.replace(GAN.settings, diversity="discrimination")),
}


class Linear(nn.Module):
    """D(x) = w x + 3."""

    def __init__(self, w: torch.Tensor) -> None:
        super().__init__()
        self.w = nn.Parameter(w)

    def forward(self, x: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        return (x * self.w).flatten(1).sum(1) + 3


@pytest.fixture
def session(tmp_path):
    return new_session(tmp_path)


def pictures(count: int, channels: int = 1, size: int = 4) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, size, size, channels), generator=rng).to(torch.uint8)


def watched(session, request):
    """All events of a run that is watched from the beginning."""
    session.handle(api.WatchRequest(0, True))
    return [event for event in session.stream(request) if event]


def state_of(session):
    return session.runs[0].trainer.state()


@pytest.mark.parametrize("channels", [1, 3])
def test_the_slope_of_a_linear_d_is_its_weights_summed_over_the_channels(channels):
    w = torch.randn(channels, 4, 4, generator=torch.Generator().manual_seed(1))
    images = pictures(5, channels)
    seen = Eye(Linear(w), CPU).look(images)
    x = images.permute(0, 3, 1, 2).float() / 127.5 - 1
    assert torch.allclose(seen.outputs, (x * w).flatten(1).sum(1) + 3, atol=1e-5)
    assert torch.allclose(seen.slopes, w.sum(0).expand(5, 4, 4), atol=1e-6)


def test_a_verdict_does_not_depend_on_the_other_pictures():
    d = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 1), nn.Flatten(0))
    d(torch.randn(8, 1, 4, 4, generator=torch.Generator().manual_seed(2)))
    eye = Eye(_Classless(d), CPU)
    images = pictures(6)
    together, alone = eye.look(images), eye.look(images[2:3])
    assert torch.allclose(together.outputs[2:3], alone.outputs, atol=1e-6)
    assert torch.allclose(together.slopes[2:3], alone.slopes, atol=1e-6)


def test_a_look_leaves_d_as_it_was():
    d = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 1), nn.Flatten(0))
    normalise_weights(d)
    d(pictures(6).permute(0, 3, 1, 2).float()).sum().backward()
    before = {name: tensor.clone() for name, tensor in d.state_dict().items()}
    gradients = [parameter.grad.clone() for parameter in d.parameters()]
    Eye(_Classless(d), CPU).look(pictures(6))
    assert all(torch.equal(before[name], tensor) for name, tensor in d.state_dict().items())
    assert all(torch.equal(a, b.grad) for a, b in zip(gradients, d.parameters(), strict=True))
    assert all(module.training for module in d.modules()) and all(p.requires_grad for p in d.parameters())


class _Classless(nn.Module):
    def __init__(self, d: nn.Module) -> None:
        super().__init__()
        self.d = d

    def forward(self, x: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        return self.d(x)


@pytest.mark.parametrize("kind", KINDS)
def test_a_watched_run_is_bit_for_bit_the_unwatched_one(session, tmp_path, monkeypatch, kind):
    monkeypatch.setattr("genstudio.session.training.Clock.rows_due", lambda clock: True)
    monkeypatch.setattr("genstudio.session.training.Clock.preview_due", lambda clock: True)
    before = torch.get_rng_state()
    events = watched(session, KINDS[kind])
    assert torch.equal(torch.get_rng_state(), before)
    count = KINDS[kind].preview
    assert len(events) == 9
    for event in events:
        assert event.numbers["sample_outputs"].shape == event.numbers["example_outputs"].shape == (count,)
        assert event.views["sample_slopes"].shape == (count, 28, 28, 1)
    plain = new_session(tmp_path)
    bare = [event for event in plain.stream(KINDS[kind]) if event]
    assert not any("sample_outputs" in event.numbers or event.views for event in bare)
    assert all(torch.equal(a, b) for a, b in zip(state_of(session).values(), state_of(plain).values(), strict=True))
    assert np.array_equal(np.concatenate([e.rows for e in events]), np.concatenate([e.rows for e in bare]))


def test_the_levels_are_shares_of_the_steepest_slope():
    slopes = np.zeros((3, 2, 2), np.float32)
    slopes[0] = [[2e-9, -2e-9], [1e-9, 0]]
    slopes[1] = [[-5, 0], [0, 2.5]]
    steepest, levels = watching.as_levels(slopes)
    assert np.array_equal(steepest, np.float32([2e-9, 5, 0]))
    assert levels[..., 0].tolist() == [[[255, 1], [192, 128]], [[1, 128], [128, 192]], [[128, 128], [128, 128]]]


def test_real_pictures_come_once_and_are_those_of_the_data(session, tmp_path):
    first, *others = (event for event in session.stream(GAN) if event)
    known = {image.tobytes() for image in datasets.load("strokes", tmp_path).images}
    assert first.real.shape == (4, 28, 28, 1) and all(picture.tobytes() in known for picture in first.real)
    assert all(event.real is None for event in others)
    joined = first
    for event in others:
        joined = joined.merge(event)
    assert np.array_equal(joined.real, first.real)


def test_a_run_that_goes_back_has_the_same_real_pictures_and_is_watched_on(session):
    first, *_ = watched(session, GAN)
    back = next(session.stream(api.RewindRequest(0, left=0, place=1)))
    assert np.array_equal(back.real, first.real)
    assert np.array_equal(back.numbers["sample_outputs"], first.numbers["sample_outputs"])


def test_real_pictures_are_of_the_samples_classes_where_the_network_knows_them(session):
    event = next(session.stream(KINDS["class"]))
    whole = datasets.load("strokes", None)
    label_of = {image.tobytes(): label for image, label in zip(whole.images, whole.labels, strict=True)}
    assert [label_of[picture.tobytes()] for picture in event.real] == [k % 10 for k in range(12)]


def test_few_pictures_are_shown_once_or_again_in_their_class():
    images = torch.arange(3, dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 8, 8, 1)
    data = TrainingData(images, torch.tensor([0, 1, 0]), 2, CPU)
    assert sorted(examples(data, 9, 0, by_class=False)[:, 0, 0, 0].tolist()) == [0, 1, 2]
    shown = examples(data, 6, 0, by_class=True)[:, 0, 0, 0].tolist()
    assert shown[1::2] == [1, 1, 1] and {shown[0], shown[2]} == {0, 2} and shown[4] == shown[0]


def test_a_paused_run_is_seen_as_it_is_now(session):
    stream = session.stream(dataclasses.replace(GAN, iterations=0))
    for _ in range(4):
        next(stream)
    answer = session.handle(api.WatchRequest(0, True))
    assert answer.iteration == 3 and answer.samples.shape == (4, 28, 28, 1)
    assert answer.numbers["sample_outputs"].shape == (4,) and "gradient_norms" in answer.numbers
    real = torch.from_numpy(watching.real_pictures(session.runs[0]))
    seen = Eye(session.runs[0].trainer.d, CPU).look(real)
    assert np.array_equal(answer.numbers["example_outputs"], seen.outputs.numpy())
    assert not session.handle(api.WatchRequest(0, False)).numbers and not session.runs[0].is_watched


def test_what_cannot_be_seen_is_a_sentence(session):
    assert session.handle(api.WatchRequest(3, True)).reason == ""
    list(session.stream(RUNS["tiny-vae"]))
    assert "no discriminator" in session.handle(api.WatchRequest(0, True)).reason
    list(session.stream(GAN))
    with torch.no_grad():
        for parameter in session.runs[0].trainer.d.parameters():
            parameter.fill_(torch.nan)
    assert "no longer gives finite numbers" in session.handle(api.WatchRequest(0, True)).reason
