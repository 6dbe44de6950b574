"""What the autoencoders' families promise beyond the contract of every family."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from torch import distributions

from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.datasets import load
from genstudio.core.families import FAMILIES
from genstudio.core.families.latent import LatentTrainer
from genstudio.core.families.vae import VAE, VAETrainer, binarised, kl_per_latent, with_free_bits
from genstudio.core.images import to_float
from genstudio.core.training import Trainer, TrainingData, spread_rows
from genstudio.settings import (
    LATENT,
    SETTINGS,
    AESettings,
    MLPAESettings,
    MLPVAESettings,
    PCASettings,
    VAESettings,
    settings_from,
)


@pytest.fixture(scope="module")
def strokes(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    dataset = load("strokes", tmp_path_factory.mktemp("none"), count=512)
    return TrainingData.of(dataset, torch.device("cpu"))


def trained(family: str, settings: object, data: TrainingData, iterations: int) -> Trainer:
    trainer = FAMILIES[family].trainer(settings, data, FLOAT32_CPU)
    for _ in range(iterations):
        trainer.run_iteration()
    return trainer


def linear_sizes(network: torch.nn.Module) -> list[int]:
    layers = [layer for layer in network.modules() if isinstance(layer, torch.nn.Linear)]
    return [layers[0].in_features, *(layer.out_features for layer in layers)]


def test_the_networks_of_the_lecture(strokes: TrainingData) -> None:
    ae = FAMILIES["mlp-ae"].build(MLPAESettings(), 1, 28, 0)
    assert linear_sizes(ae.encoder) == [784, 512, 256, 128] and linear_sizes(ae.decoder) == [128, 256, 512, 784]
    vae = FAMILIES["mlp-vae"].build(MLPVAESettings(), 1, 28, 0)
    assert linear_sizes(vae.encoder) == [784, 256, 64] and linear_sizes(vae.decoder) == [32, 256, 784]
    iwae = FAMILIES["mlp-vae"].build(MLPVAESettings(latent_dim=50, hidden=200, layers=2), 1, 28, 0)
    assert linear_sizes(iwae.encoder) == [784, 200, 200, 100]
    assert MLPAESettings().lr == 1e-3 and 784 / MLPAESettings().latent_dim == 6.125


@pytest.mark.parametrize("family", ["ae", "mlp-ae", "pca"])
def test_codes_of_the_training_pictures_are_standardised(family: str, strokes: TrainingData) -> None:
    settings = {"ae": AESettings(4, 8, decay=200), "mlp-ae": MLPAESettings(4, 64, decay=200), "pca": PCASettings(4)}[
        family
    ]
    net = trained(family, settings, strokes, 1 if family == "pca" else 200).model()
    with torch.no_grad():
        mu, log_var = net.encode(to_float(strokes.images))
    assert (mu.mean(0).abs() < 0.2).all() and ((mu.std(0) - 1).abs() < 0.25).all()
    assert torch.isneginf(log_var).all()


def test_pca_ends_by_itself_and_no_linear_code_is_better(strokes: TrainingData) -> None:
    trainer = trained("pca", PCASettings(8), strokes, 1)
    x = to_float(strokes.images)
    flat = x.flatten(1)
    centred = flat - flat.mean(0)
    _, _, v = torch.linalg.svd(centred, full_matrices=False)
    best = flat.mean(0) + centred @ v[:8].T @ v[:8]
    mse = ((best.clamp(-1, 1) - flat) / 2).square().mean()
    assert trainer.most_iterations == 1
    assert trainer.metrics()[0].item() == pytest.approx(mse.item(), rel=1e-3)


def test_an_autoencoder_beats_pca_and_its_loss_is_what_it_says(strokes: TrainingData) -> None:
    trainer = trained("mlp-ae", MLPAESettings(latent_dim=8), strokes, 300)
    x = to_float(strokes.images)
    with torch.no_grad():
        errors = trainer.model().through(x).errors
        y = trainer.model().decode(trainer.model().encode(x)[0])
    assert errors.shape == (512,)
    assert errors.mean().item() == pytest.approx(((y - x) / 2).square().mean().item(), rel=1e-4)
    pca = trained("pca", PCASettings(8), strokes, 1)
    assert errors.mean() < 0.8 * pca.metrics()[0]


def test_the_gaussian_likelihood_is_that_of_torch() -> None:
    net = VAE(torch.nn.Identity(), torch.nn.Identity(), 1, "gaussian")
    assert net.log_sigma is not None
    net.log_sigma.fill_(-1.3)
    logits, x = torch.randn(3, 1, 4, 4), torch.rand(3, 1, 4, 4) * 2 - 1
    sigma = math.exp(-1.3)
    expected = distributions.Normal(torch.sigmoid(logits), sigma).log_prob((x + 1) / 2).flatten(1).sum(1)
    assert torch.allclose(net.log_likelihood(logits, x), expected, atol=1e-3)
    best = net.best_log_sigma(logits, x)
    likeliest = net.log_likelihood(logits, x, best).sum()
    assert all(net.log_likelihood(logits, x, best + d).sum() < likeliest for d in (-0.1, 0.1))


def test_the_spread_of_the_pixels_is_learnt(strokes: TrainingData) -> None:
    settings = VAESettings(latent_dim=4, width=8, likelihood="gaussian")
    net = trained("vae", settings, strokes, 120).model()
    with torch.no_grad():
        x = to_float(strokes.images)
        spread = ((net.decode(net.encode(x)[0]) - x) / 2).square().mean().sqrt()
    assert net.log_sigma.exp().item() == pytest.approx(spread.item(), rel=0.25)


def test_free_bits_count_a_silent_latent_as_if_it_told_something() -> None:
    kl = torch.tensor([[0.0, 1.0], [0.2, 3.0]])
    assert with_free_bits(kl, 0.0).item() == pytest.approx(2.1)
    assert with_free_bits(kl, 0.5).item() == pytest.approx(2.5)
    leaf = kl.clone().requires_grad_()
    with_free_bits(leaf, 0.5).backward()
    assert leaf.grad is not None and leaf.grad.tolist() == [[0.0, 0.5], [0.0, 0.5]]


@pytest.mark.parametrize("family", LATENT)
def test_a_run_shows_what_comes_back_and_with_two_latents_the_map(family: str, strokes: TrainingData) -> None:
    settings = dataclasses.replace(SETTINGS[family](), latent_dim=2)
    run = trained(family, settings, strokes, 1)
    views = run.views()
    assert set(views) == {"inputs", "reconstructions", "map"} and views["map"].shape == (144, 28, 28, 1)
    assert torch.equal(views["inputs"], strokes.images[strokes.spread(10)].permute(0, 2, 3, 1))
    assert strokes.labels[strokes.spread(10)].tolist() == list(range(10)), "one of each class"
    assert views["reconstructions"].shape == (10, 28, 28, 1) and views["reconstructions"].dtype == torch.uint8
    wide = trained(family, dataclasses.replace(settings, latent_dim=3), strokes, 1)
    assert set(wide.views()) == {"inputs", "reconstructions"}
    assert set(run.numbers()) == ({"kl_per_latent"} if family.endswith("vae") else set())


def test_the_inputs_that_are_shown_are_of_all_classes_where_they_lie_sorted() -> None:
    labels = torch.tensor([0] * 30 + [2] * 1 + [5] * 30)
    assert spread_rows(labels, 5).tolist() == [0, 30, 31, 1, 32], "the first of each class, then the second"
    assert spread_rows(torch.arange(1000).repeat_interleave(3), 10).tolist() == [
        3 * label for label in (0, 111, 222, 333, 444, 555, 666, 777, 888, 999)
    ]
    assert spread_rows(torch.tensor([1, 0]), 10).tolist() == [1, 0], "all there are"
    images = torch.zeros((61, 8, 8, 1), dtype=torch.uint8)
    without = TrainingData(images, labels, 0, torch.device("cpu"))
    assert without.spread(4).tolist() == [0, 20, 40, 60], "the labels mean nothing; the files may be sorted by name"
    assert without.spread(100).tolist() == list(range(61))


@pytest.mark.parametrize(
    ("family", "settings"),
    [
        ("ae", AESettings(latent_dim=8, width=8, blocks=2, batch_size=32)),
        ("mlp-ae", MLPAESettings(latent_dim=8, hidden=64, batch_size=32)),
    ],
)
def test_an_autoencoder_leaves_the_black_picture(family: str, settings: object, strokes: TrainingData) -> None:
    """From half grey the sigmoids of the deep one saturated within ten iterations and it learned nothing more."""
    trainer = trained(family, settings, strokes, 60)
    x = strokes.images.float() / 255
    black, mean = x.square().mean().item(), (x - x.mean(0)).square().mean().item()
    assert trainer.metrics()[0].item() < 1.1 * mean < black


def test_beta_warms_up(strokes: TrainingData) -> None:
    trainer = VAETrainer(VAESettings(latent_dim=2, width=4, beta=4, warmup=10), strokes, FLOAT32_CPU)
    betas = []
    for trainer.iteration in (0, 4, 9, 100):
        betas.append(trainer.beta())
    assert betas == pytest.approx([0.4, 2.0, 4.0, 4.0])


def test_kl_per_latent_follows_the_run(strokes: TrainingData) -> None:
    trainer = trained("vae", VAESettings(latent_dim=5, width=4), strokes, 3)
    assert isinstance(trainer, VAETrainer) and trainer.kl_per_latent.shape == (5,)
    assert trainer.kl_per_latent.sum().item() == pytest.approx(trainer.metrics()[1].item(), rel=1e-5)
    mu, log_var = torch.randn(6, 4), torch.randn(6, 4)
    q = distributions.Normal(mu, (0.5 * log_var).exp())
    assert torch.allclose(kl_per_latent(mu, log_var), distributions.kl_divergence(q, distributions.Normal(0.0, 1.0)),
                          atol=1e-5)  # fmt: skip


def test_binarised_pixels_are_coins_with_the_grey_value_as_chance() -> None:
    x = torch.tensor([-1.0, -0.5, 0.0, 1.0]).view(1, 1, 2, 2).expand(4000, 1, 2, 2)
    coins = binarised(x, torch.Generator().manual_seed(0))
    assert set(coins.unique().tolist()) == {-1.0, 1.0}
    assert torch.allclose(((coins + 1) / 2).mean(0).flatten(), torch.tensor([0.0, 0.25, 0.5, 1.0]), atol=0.03)


def test_files_from_before_the_new_settings_are_read() -> None:
    old = {"latent_dim": 16, "width": 32, "beta": 1.0, "lr": 1e-3, "decay": 0, "batch_size": 128, "seed": 0}
    settings = settings_from(VAESettings, old)
    assert settings == dataclasses.replace(VAESettings(), blocks=0, likelihood="bernoulli", pixels="grey", warmup=0)


def test_the_registries_agree() -> None:
    assert set(LATENT) < set(FAMILIES) and set(FAMILIES) < set(SETTINGS)
    assert all(issubclass(FAMILIES[name].trainer, LatentTrainer) for name in LATENT if name != "pca")
