"""The lines of the stages: they are the stages that are carried out, and their formulas give what is minimised."""

import dataclasses
import re

import pytest
import torch
from test_game import RULES, SMALL, data, game

from genstudio.api.stages import lines, sequence
from genstudio.core.adversarial.losses import LOSSES
from genstudio.settings import MLPGANSettings

__all__ = ["data"]
TURNS = ({}, {"d_updates": 0}, {"g_updates": 0}, {"d_updates": 3}, {"d_updates": 2, "g_updates": 2})


@pytest.mark.parametrize("turns", TURNS, ids=str)
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_lines_are_the_stages(data, rules, turns):
    trainer = game(data, "mlp-gan", **{**rules, **turns})
    assert [line.name for line, _, _ in sequence(trainer.settings)] == list(trainer.stages())


def value_of(formula, real, fake):
    """What a formula of the window gives for D's outputs, read as a formula."""
    text = formula.split(" = ")[1]
    for sign, word in (("−", "-"), ("½", "0.5*"), ("²", "**2"), ("E[", "mean("), ("]", ")"), ("D(G(z))", "fake")):
        text = text.replace(sign, word)
    text = re.sub(r"(\d) log", r"\1*log", text.replace("D(x)", "real"))
    text = re.sub(r"log (real|fake)", r"log(\1)", text)
    known = {"mean": torch.mean, "log": torch.log, "real": real, "fake": fake}
    return eval(text, {**known, "max": lambda low, x: x.clamp_min(low)}).item()


@pytest.mark.parametrize("label", [1.0, 0.9])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_formula_gives_the_loss(loss, label):
    rng = torch.Generator().manual_seed(1)
    real, fake = (torch.randn(50, generator=rng, dtype=torch.float64) for _ in "xz")
    by_name = {line.name: line.formula for line in lines(MLPGANSettings(loss=loss, real_label=label))}
    seen = [LOSSES[loss].confidence(outputs) for outputs in (real, fake)]
    assert value_of(by_name["score"], *seen) == pytest.approx(LOSSES[loss].d(real, fake, label).item())
    assert value_of(by_name["score again"], *seen) == pytest.approx(LOSSES[loss].g(fake).item())


def test_penalties_steps_and_bounds_stand_in_the_lines():
    rules = {"gradient_penalty": 10.0, "r1": 0.05, "clip": 0.01, "optimizer": "sgd"}
    by_name = {line.name: line.formula for line in lines(MLPGANSettings(**rules))}
    assert by_name["penalty"] == "P = 10·E[(‖∇D(x′)‖ − 1)²] + 0.05·½E[‖∇D(x)‖²]"
    assert by_name["update D"] == "θ_D ← θ_D − η·∇(L_D + P),  |θ_D| ≤ 0.01"
    assert by_name["update G"] == "θ_G ← θ_G − η·∇L_G"


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_what_the_stages_tell_is_what_the_iteration_says(data, rules):
    trainer = game(data, "mlp-gan", **rules)
    trainer.run_iteration()
    told = {str(stage): stage.tell() for stage in trainer.stages()}
    metrics = dict(zip(trainer.metric_names, trainer.metrics().tolist(), strict=True))
    assert {name: told["score"][name] for name in ("d_loss", "d_real", "d_fake")} == pytest.approx(
        {name: metrics[name] for name in ("d_loss", "d_real", "d_fake")}
    )
    assert told["score again"]["g_loss"] == pytest.approx(metrics["g_loss"])
    assert told["draw"] == {"batch": 8, "latents": 6}
    numbers = trainer.numbers()
    assert told["generate"]["real"] == pytest.approx(numbers["spreads"][0].item())
    assert told["update G"]["gradient"] == pytest.approx(numbers["gradient_norms"][1].item())
    assert told["update G"]["ratio"] == pytest.approx(numbers["update_ratios"][1].item())
    assert told["update D"]["rate"] == trainer.settings.lr_d
    assert ("penalty" in told) == bool(rules.get("r1") or rules.get("gradient_penalty"))


def test_asking_changes_no_bit(data):
    quiet, asked = (game(data, "mlp-gan", r1=5.0, **SMALL) for _ in range(2))
    for _ in range(3):
        quiet.run_iteration()
        for stage in asked.stages():
            stage.tell()
        asked.iteration += 1
    ends = quiet.state(), asked.state()
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])
    assert dataclasses.asdict(quiet.settings) == dataclasses.asdict(asked.settings)
