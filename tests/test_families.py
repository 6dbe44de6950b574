"""One contract for every family: shapes, determinism, gradients, learning, resuming."""

import pytest
import torch
from tiny import TINY
from torch import nn

from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families import FAMILIES, parameter_shapes
from genstudio.core.families.consistency import Lessons
from genstudio.core.families.ddpm import DDPMTrainer, guided
from genstudio.core.families.gan import Discriminator, Generator, _init_weights
from genstudio.core.families.latent_ddpm import Codes
from genstudio.core.families.vae import VAETrainer
from genstudio.core.training import TrainingData
from genstudio.core.unet import UNet
from genstudio.settings import (
    AT_ONCE,
    DiffusionSettings,
    GANSettings,
    VAESettings,
)


def data(channels=1, size=28, count=24):
    rng = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (count, size, size, channels), generator=rng, dtype=torch.uint8)
    return TrainingData(images, torch.arange(count) % 10, 10, torch.device("cpu"))


def material(name, **changes):
    """What a family learns from: pictures, and the model on which it builds, if it does."""
    pictures = data(**changes)
    if name == "latent-ddpm":
        return Codes(pictures, VAETrainer(VAESettings(latent_dim=3, width=4), pictures, FLOAT32_CPU).net.eval())
    if name == "consistency":
        settings = DiffusionSettings(width=8, timesteps=50, objective="v")
        return Lessons(pictures, DDPMTrainer(settings, pictures, FLOAT32_CPU).model(), "v")
    return pictures


def trainer(name, compute=FLOAT32_CPU, **changes):
    family = name.partition(" ")[0]
    return FAMILIES[family].trainer(TINY[name], material(family, **changes), compute)


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize(("channels", "size"), [(1, 28), (3, 32), (3, 28), (1, 32)])
def test_trains_and_draws_at_every_size(name, channels, size):
    t = trainer(name, channels=channels, size=size)
    for _ in range(2):
        t.run_iteration()
    assert t.iteration == 2
    assert t.metrics().shape == (len(t.metric_names),) and torch.isfinite(t.metrics()).all()
    pictures = t.preview(6)
    assert pictures.shape == (6, size, size, channels) and pictures.dtype == torch.uint8
    assert torch.equal(pictures, t.preview(6))
    shapes = {name: tuple(p.shape) for name, p in t.model().state_dict().items()}
    assert shapes == parameter_shapes(name.partition(" ")[0], TINY[name], channels, size, 10)


@pytest.mark.parametrize("name", TINY)
def test_resumed_run_repeats_the_whole_one_bit_for_bit(name):
    whole = trainer(name)
    for _ in range(6):
        whole.run_iteration()
    first = trainer(name)
    for _ in range(3):
        first.run_iteration()
    second = trainer(name)
    second.load_state(first.state())
    second.iteration = first.iteration
    for _ in range(3):
        second.run_iteration()
    assert torch.equal(second.metrics(), whole.metrics())
    assert all(torch.equal(a, b) for a, b in zip(second.state().values(), whole.state().values(), strict=True))


@pytest.mark.parametrize("name", TINY)
def test_stages_are_named_and_the_seed_decides(name):
    a, b = trainer(name), trainer(name)
    assert all(isinstance(stage, str) for stage in a.stages())
    a.iteration += 1
    torch.manual_seed(1234)  # the global generator has no say
    b.run_iteration()
    assert torch.equal(a.metrics(), b.metrics())


@pytest.mark.parametrize("name", ["gan", "gan of 2 levels"])
def test_gradients_reach_every_parameter_and_not_the_other_network(name):
    t = trainer(name)
    stages = t.stages()
    while next(stages) != "update D":
        pass
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in t.d.parameters())
    assert all(p.grad is None for p in t.g.parameters())
    after_d = [p.grad.clone() for p in t.d.parameters()]
    list(stages)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in t.g.parameters())
    assert all(torch.equal(p.grad, before) for p, before in zip(t.d.parameters(), after_d, strict=True))


def test_vae_learns_eight_pictures_by_heart():
    smooth = torch.nn.functional.interpolate(data(count=8).images[:, :, :4, :4].float(), size=28)
    few = TrainingData(smooth.byte().permute(0, 2, 3, 1), torch.arange(8), 10, torch.device("cpu"))
    t = FAMILIES["vae"].trainer(VAESettings(latent_dim=8, width=8, batch_size=8, beta=0.01, lr=3e-3), few, FLOAT32_CPU)
    t.run_iteration()
    start = t.metrics()[0].item()
    for _ in range(300):
        t.run_iteration()
    x = few.batch(0, 8, 0)[0]
    error = (t.net.decode(t.net.encode(x)[0]) - x).square().mean()
    assert t.metrics()[0].item() < 0.93 * start and error < 0.15 * x.var()


def test_ddpm_loss_falls():
    t = trainer("ddpm")
    t.run_iteration()
    assert t.metrics().item() == pytest.approx(1.0, abs=0.1)  # a zero head predicts zero noise
    for _ in range(150):
        t.run_iteration()
    assert t.metrics().item() < 0.6


def test_guidance_one_is_conditional_zero_unconditional_and_the_rest_extrapolates():
    net = UNet(1, 8, 10).requires_grad_(False)
    torch.nn.init.normal_(net.head.weight, generator=torch.Generator().manual_seed(0))
    x, y = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(1)), torch.arange(4)
    eps = {w: guided(net, y, 10, w, FLOAT32_CPU)(x, 7) for w in (0.0, 1.0, 3.0)}
    t = torch.full((4,), 7)
    assert torch.equal(eps[1.0], net(x, t, y))
    assert torch.equal(eps[0.0], net(x, t, torch.full((4,), 10)))
    assert torch.allclose(eps[3.0], eps[0.0] + 3 * (eps[1.0] - eps[0.0]), atol=1e-5)


@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_what_is_answered_at_a_level_does_not_depend_on_those_before(guidance):
    def net(x, t, y):
        return x * (t * (1 + y))[:, None, None, None]

    x, y = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(1)), torch.arange(4)
    model = guided(net, y, 10, guidance, FLOAT32_CPU)
    first, other, again = (model(x, t) for t in (7, 500.5, 7))
    assert torch.equal(first, again)
    for answer, t in ((first, 7), (other, 500.5)):
        without, with_y = t * 11 * x, (t * (1 + y))[:, None, None, None] * x
        assert torch.allclose(answer, without + guidance * (with_y - without), rtol=1e-4, atol=1e-2)


def test_the_networks_of_two_levels_begin_as_those_of_the_lecture():
    def built(make):
        torch.manual_seed(3)
        return make().state_dict().values()

    w, d = 8, 4
    lecture = {
        Generator: lambda: nn.Sequential(
            nn.Linear(5, 2 * w * 49, bias=False), nn.BatchNorm2d(2 * w),
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ConvTranspose2d(w, 1, 4, 2, 1),
        ).apply(_init_weights),
        Discriminator: lambda: nn.Sequential(
            nn.Conv2d(1, d, 4, 2, 1), nn.Conv2d(d, 2 * d, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * d),
            nn.Linear(2 * d * 49, 1),
        ).apply(_init_weights),
    }  # fmt: skip
    settings = GANSettings(latent_dim=5, width=w, d_width=d, levels=2)
    for network, plain in lecture.items():
        pairs = zip(built(lambda n=network: n(settings, 1, 28)), built(plain), strict=True)
        assert all(torch.equal(ours, theirs) for ours, theirs in pairs), network.__name__


def test_every_epoch_shows_every_picture_once():
    d = data(count=24)
    d.labels = torch.arange(24)
    first = torch.cat([d.batch(k, 8, seed=0)[1] for k in range(3)])
    second = torch.cat([d.batch(k, 8, seed=0)[1] for k in range(3, 6)])
    assert sorted(first.tolist()) == list(range(24)) == sorted(second.tolist())
    assert first.tolist() != second.tolist()


def test_decay_ends_at_zero():
    t = FAMILIES["vae"].trainer(VAESettings(latent_dim=2, width=4, decay=100), data(), FLOAT32_CPU)
    t.iteration = 50
    assert t.learning_rate(1.0) == pytest.approx(0.5)
    t.iteration = 100
    assert t.learning_rate(1.0) == pytest.approx(0.0)


def test_the_window_knows_which_families_are_found_at_once():
    found = {name for name, family in FAMILIES.items() if family.trainer.most_iterations}
    assert found == set(AT_ONCE)
