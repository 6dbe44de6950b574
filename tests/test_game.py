"""The game itself: who learns when, from what, and that a saved game goes on bit for bit."""

import dataclasses

import pytest
import torch

from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families import FAMILIES
from genstudio.core.training import TrainingData
from genstudio.settings import ConditionalGANSettings, GANSettings, MLPGANSettings, check_settings

SMALL = {"latent_dim": 6, "batch_size": 8}
NETWORKS = {
    "gan": GANSettings(width=8, d_width=4, levels=2, **SMALL),
    "cgan": ConditionalGANSettings(width=8, d_width=4, levels=2, **SMALL),
    "mlp-gan": MLPGANSettings(hidden=16, **SMALL),
}
RULES = {
    "minimax": {"loss": "minimax"},
    "least-squares": {"loss": "least-squares"},
    "hinge, spectral": {"loss": "hinge", "d_norm": "spectral"},
    "clipped": {"loss": "wasserstein", "clip": 0.01, "optimizer": "rmsprop", "d_updates": 3},
    "penalty": {"loss": "wasserstein", "gradient_penalty": 10.0, "d_norm": "none", "beta1": 0.0, "d_updates": 2},
    "r1": {"r1": 5.0, "g_updates": 2},
    "noise, sgd": {"instance_noise": 0.3, "optimizer": "sgd"},
    "discrimination": {"diversity": "discrimination"},
    "std": {"diversity": "std"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    strokes = datasets.load("strokes", tmp_path_factory.mktemp("none"), count=40)
    return TrainingData.of(strokes, FLOAT32_CPU.device)


def game(data, family="gan", **rules):
    settings = dataclasses.replace(NETWORKS[family], **rules)
    check_settings(settings)
    return FAMILIES[family].trainer(settings, data, FLOAT32_CPU)


def weights(network):
    return [p.detach().clone() for p in network.parameters()]


def moved(before, network):
    return [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("family", NETWORKS)
def test_every_rule_moves_every_weight_of_both_and_resumes_bit_for_bit(data, family, rules):
    first = game(data, family, **rules)
    before = weights(first.g), weights(first.d)
    for _ in range(2):
        first.run_iteration()
    assert all(moved(before[0], first.g))
    still = [p for p, was in zip(first.d.parameters(), before[1], strict=True) if torch.equal(p, was)]
    compares = rules.get("loss") in ("wasserstein", "hinge")  # what is added to all scores does not count there
    assert not still or (compares and all(p.ndim == 1 for p in still))
    again = game(data, family, **rules)
    again.load_state({name: tensor.clone() for name, tensor in first.state().items()})
    again.iteration = first.iteration
    for trainer in (first, again):
        trainer.run_iteration()
    assert torch.isfinite(first.metrics()).all() and torch.equal(first.metrics(), again.metrics())
    ends = first.state(), again.state()
    assert ends[0].keys() == ends[1].keys()
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_each_player_learns_alone_if_asked(data):
    for learner, idle, rules in (("d", "g", {"g_updates": 0}), ("g", "d", {"d_updates": 0})):
        trainer = game(data, **rules)
        before = {name: weights(getattr(trainer, name)) for name in "gd"}
        trainer.run_iteration()
        assert all(moved(before[learner], getattr(trainer, learner)))
        assert not any(moved(before[idle], getattr(trainer, idle)))
        assert torch.isfinite(trainer.metrics()).all()


def test_gradients_of_one_player_never_reach_the_other(data):
    trainer = game(data)
    for stage in trainer.stages():
        if stage == "update D":
            of_d = [p.grad.clone() for p in trainer.d.parameters()]
            assert all(p.grad is None for p in trainer.g.parameters())
    assert all(torch.equal(p.grad, was) for p, was in zip(trainer.d.parameters(), of_d, strict=True))
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in trainer.g.parameters())


def test_stages_come_in_the_order_of_the_lecture(data):
    d, g = ["draw", "generate", "score", "update D"], ["score again", "update G"]
    assert list(game(data).stages()) == [*d, *g]
    assert list(game(data, d_updates=2, g_updates=2).stages()) == [*d, *d, *g, "generate again", *g]
    assert list(game(data, r1=5.0).stages()) == [*d[:3], "penalty", d[3], *g]


def test_nobody_learning_is_a_sentence(data):
    with pytest.raises(ValueError, match="both 0, so nobody learns"):
        game(data, d_updates=0, g_updates=0)


def test_a_penalty_on_a_d_that_looks_at_the_whole_batch_is_a_sentence(data):
    with pytest.raises(ValueError, match="Penalty does not go with batch as Norm in D; make it layer"):
        game(data, gradient_penalty=10.0)


def test_a_player_that_has_taken_no_step_has_no_gradient(data):
    trainer = game(data)
    unknown = {}
    for stage in trainer.stages():
        if stage not in ("draw", "generate"):
            unknown[stage] = trainer.numbers()["gradient_norms"].isnan().tolist()
    neither, only_g, none = [True, True], [False, True], [False, False]
    assert unknown == {"score": neither, "update D": only_g, "score again": only_g, "update G": none}


def test_momentum_that_is_switched_off_no_longer_moves(data):
    trainer = game(data, optimizer="sgd")
    trainer.run_iteration()
    trainer.settings = dataclasses.replace(trainer.settings, beta1=0.0)
    trainer.run_iteration()
    length = torch.cat([p.detach().flatten() for p in trainer.g.parameters()]).norm()
    moved_by = trainer.settings.lr_g * torch.cat([p.grad.flatten() for p in trainer.g.parameters()]).norm()
    assert trainer.numbers()["update_ratios"][1].item() == pytest.approx((moved_by / length).item(), rel=1e-4)


def test_spreads_are_those_of_the_batch(data):
    trainer = game(data)
    trainer.run_iteration()
    real, _ = data.batch(0, 8, 0)
    assert trainer.numbers()["spreads"][0].item() == pytest.approx(real.std(0, correction=0).mean().item(), rel=1e-5)


def test_clipping_holds_after_every_update(data):
    trainer = game(data, loss="wasserstein", clip=0.02)
    for stage in trainer.stages():
        if stage == "update D":
            assert max(p.abs().max().item() for p in trainer.d.parameters()) <= 0.02


def test_the_class_decides_the_picture_and_what_d_says_of_it(data):
    trainer = game(data, "cgan")
    for _ in range(3):
        trainer.run_iteration()
    z = torch.randn(1, 6).expand(2, 6)
    with torch.inference_mode():
        three, eight = trainer.model()(z, torch.tensor([3, 8]))
        x = data.batch(0, 2, 0)[0][:1].expand(2, -1, -1, -1)
        said = trainer.d.eval()(x, torch.tensor([3, 8]))
    assert not torch.equal(three, eight) and said[0] != said[1]
    with pytest.raises(ValueError, match="say which"):
        trainer.model()(z)


def test_pictures_without_classes_are_refused_by_the_conditional_one(data):
    nameless = TrainingData(data.images.permute(0, 2, 3, 1).cpu(), data.labels, 0, FLOAT32_CPU.device)
    with pytest.raises(ValueError, match="needs pictures with classes"):
        game(nameless, "cgan")


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_the_update_ratio_is_what_the_weights_moved(data, optimizer):
    trainer = game(data, optimizer=optimizer)
    trainer.run_iteration()
    before = weights(trainer.g)
    trainer.run_iteration()
    step = torch.cat([(b - a).flatten() for a, b in zip(before, trainer.g.parameters(), strict=True)]).norm()
    length = torch.cat([p.detach().flatten() for p in trainer.g.parameters()]).norm()
    numbers = trainer.numbers()
    assert numbers["update_ratios"][1].item() == pytest.approx((step / length).item(), rel=1e-2)
    by_hand = torch.cat([p.grad.flatten() for p in trainer.d.parameters()]).norm()
    assert numbers["gradient_norms"][0].item() == pytest.approx(by_hand.item(), rel=1e-5)
    assert numbers["real_outputs"].shape == numbers["fake_outputs"].shape == (8,)
