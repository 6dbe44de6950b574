"""Evaluations and facts of models, for tests of the comparison."""

from __future__ import annotations

import dataclasses
from typing import Any

from fakes import MODELS, model

from genstudio import api
from genstudio.settings import ConditionalGANSettings

HERE = "CPU (some processor, 2 threads), float32"
CGAN = model("mnist-cgan", "cgan", ConditionalGANSettings(), MODELS[3].classes)
VAE, GAN, DDPM = (
    dataclasses.replace(one, sha256=digit * 64) for one, digit in ((MODELS[1], "1"), (CGAN, "2"), (MODELS[3], "3"))
)
NAMES = (VAE.name, GAN.name, DDPM.name)
NO_CODE = "It makes a picture from noise in many steps; there is no code in which one could go a small step."
FLOOR = {
    "frechet": api.Band(1.3, 0.1), "precision": api.Band(0.92, 0.01), "recall": api.Band(0.92, 0.01),
    "coverage": api.Band(0.96, 0.01), "entropy": api.Band(2.3, 0.001),
}  # fmt: skip


def evaluation(frechet: float = 30.0, error: float = 0.4, **fields: Any) -> api.Evaluation:
    """Of 1,000 pictures of MNIST; fields are replaced, and numbers of `bands` too."""
    bands = {
        "frechet": api.Band(frechet, error), "precision": api.Band(0.6, 0.01), "recall": api.Band(0.5, 0.02),
        "coverage": api.Band(0.7, 0.02), "entropy": api.Band(2.2, 0.01), "path": api.Band(500, 10),
        "reconstruction": api.Band(0.01, 0.0002), "time": api.Band(0.3, 0), "memory": api.Band(0.5, 0),
    }  # fmt: skip
    one = api.Evaluation(
        "classifier", "mnist", 1000, 7, "", bands | fields.pop("bands", {}), dict(FLOOR), {}, {"0": 1.0}, HERE,
        {"reconstruction": 2000}, "2026-11-22T14:05+00:00",
    )  # fmt: skip
    return dataclasses.replace(one, **fields)


def diffusion_evaluation(frechet: float = 3.0, **fields: Any) -> api.Evaluation:
    """Of a model without a code, in its usual way."""
    one = evaluation(frechet, way="ddpm, 50 steps", **fields)
    bands = {name: band for name, band in one.bands.items() if name not in ("path", "reconstruction")}
    missing = {"path": NO_CODE, "reconstruction": "It has no encoder that a picture could go through."}
    bands["time"] = api.Band(90.0, 0)
    return dataclasses.replace(one, bands=bands, missing=missing)


def sitting(**ms: tuple[float, ...]) -> api.Sitting:
    """Of the three models, in their usual ways, with what a picture took round by round."""
    known = {"vae": (VAE, ""), "gan": (GAN, ""), "ddpm": (DDPM, "ddpm, 50 steps")}
    timed = tuple(api.Timed(known[k][0].sha256, known[k][1], taken) for k, taken in ms.items())
    return api.Sitting(timed, 16, HERE, "2026-11-22T18:00+00:00")


def facts(info: api.ModelInfo, *evaluations: api.Evaluation, **fields: Any) -> api.ModelFacts:
    """What is known of a model that has 400,000 parameters and was trained for an hour."""
    return dataclasses.replace(api.ModelFacts(info, 400_000, api.TrainingTime(3600.0, HERE), evaluations), **fields)


def three() -> dict[str, api.ModelFacts]:
    """A VAE, a GAN that is much nearer to real pictures, and a diffusion model nearly as near as that."""
    return {
        VAE.name: facts(VAE, evaluation(30.0)),
        GAN.name: facts(GAN, evaluation(2.9, 0.2, bands={"path": api.Band(900, 20)}), parameters=900_000),
        DDPM.name: facts(
            DDPM, diffusion_evaluation(3.0, error=0.2), parameters=500_000, time=api.TrainingTime(9000.0, HERE)
        ),
    }
