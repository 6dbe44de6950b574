"""Noise levels as a scheduler's configuration of diffusers tells them, and as our settings do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import torch

from genstudio.core.samplers import SAMPLERS
from genstudio.core.schedules import MOST_BETA, SCHEDULES, schedule_named
from genstudio.settings import UNet2DSettings
from genstudio.settings.betas import BETAS, Betas, betas_of, name_of_betas

Objective = Literal["noise", "x0", "v"]
PREDICTS: dict[str, Objective] = {"epsilon": "noise", "sample": "x0", "v_prediction": "v"}
UNSAID: dict[str, Any] = {  # what a configuration means that does not say it, of DDPMScheduler and DDIMScheduler
    "num_train_timesteps": 1000,
    "beta_start": 1e-4,
    "beta_end": 0.02,
    "beta_schedule": "linear",
    "trained_betas": None,
    "prediction_type": "epsilon",
    "clip_sample": True,
    "clip_sample_range": 1.0,
    "thresholding": False,
    "variance_type": "fixed_small",
    "rescale_betas_zero_snr": False,
}
SMALL, LARGE = ("fixed_small", "fixed_small_log"), ("fixed_large", "fixed_large_log")  # variances
LISTED = ("linear", "cosine", "sigmoid")  # our schedules that are known by their betas alone
SLACK = 1e-6  # of a beta, which may have been float32


class Unplayable(Exception):
    """The end of a sentence: what of a folder is not read."""


@contextlib.contextmanager
def judging() -> Iterator[None]:
    """What is refused inside with the end of a sentence is `Unplayable`."""
    try:
        yield
    except ValueError as error:
        raise Unplayable(str(error)) from None


class Levels(NamedTuple):
    """What our settings say of a scheduler."""

    timesteps: int
    schedule: str
    objective: Objective
    clip: float  # 0: pictures are not clipped


def levels_of(config: Mapping[str, Any]) -> Levels:
    """What a configuration means here.

    Raises:
        Unplayable: for what is not read.
    """
    told = {**UNSAID, **config}
    timesteps, predicts, variance = told["num_train_timesteps"], told["prediction_type"], told["variance_type"]
    if type(timesteps) is not int or not 10 <= timesteps <= 1000:
        raise Unplayable(f"it has {timesteps!r:.20} noise levels; 10 to 1,000 are read")
    if not isinstance(predicts, str) or predicts not in PREDICTS:
        raise Unplayable(f"its network predicts {predicts!r:.40}; read are {', '.join(PREDICTS)}")
    if variance in ("learned", "learned_range"):
        raise Unplayable("its network tells the variance, too, which is not read")
    if variance not in (*SMALL, *LARGE):
        raise Unplayable(f"its variance is {variance!r:.40}; read are {', '.join((*SMALL, *LARGE))}")
    if told["thresholding"]:
        raise Unplayable("it clips each picture at a threshold of its own, which is not read")
    clip = told["clip_sample_range"] if told["clip_sample"] else 0
    if type(clip) not in (int, float) or not 0 <= clip <= 1000:
        raise Unplayable(f"it clips pictures at {clip!r:.20}")
    with judging():
        return Levels(timesteps, _name_of(told, timesteps), PREDICTS[predicts], float(clip))


def drawn_otherwise(config: Mapping[str, Any]) -> str:
    """What a scheduler does when it draws that our usual way does not, for whoever compares pictures; "" if nothing.

    Nothing is said of "leading" steps, which are what diffusers takes of every folder that does not say otherwise, nor
    of "linspace", which are our uniform ones.
    """
    notes = (
        (config.get("variance_type") in LARGE, f'Its folder draws with the sampler "{SAMPLERS["ddpm-wide"].title}".'),
        (
            config.get("set_alpha_to_one", True) is not True,
            "Its folder leaves a trace of noise in its pictures; here the last step takes it away.",
        ),
        (config.get("timestep_spacing") == "trailing", 'Its folder draws with the spacing "Trailing".'),
    )
    return " ".join(note for is_so, note in notes if is_so)


def _name_of(told: Mapping[str, Any], timesteps: int) -> str:
    """What such levels are called here."""
    zero = told["rescale_betas_zero_snr"] is True
    if told["trained_betas"] is not None:
        return _listed(told["trained_betas"], timesteps, zero)
    kind, start, end = (told[name] for name in ("beta_schedule", "beta_start", "beta_end"))
    if not isinstance(kind, str) or not all(type(value) in (int, float) for value in (start, end)):
        raise ValueError(f"its betas go along {kind!r:.40} from {start!r:.20} to {end!r:.20}, which is not read")
    if not zero and kind == "squaredcos_cap_v2":
        return "cosine"
    if not zero and kind == "linear" and (start, end) == _ends(timesteps) and end < MOST_BETA:
        return "linear"
    return name_of_betas(Betas(kind, float(start), float(end), zero))


def _listed(values: Any, timesteps: int, zero: bool) -> str:
    """The name of levels whose betas are listed one by one."""
    for name in () if zero else LISTED:
        if is_alike(SCHEDULES[name](timesteps).betas.tolist(), values):
            return name
    raise ValueError("its noise levels are a list of its own, which is not read")


def is_alike(ours: Any, theirs: Any) -> bool:
    """Whether a value of a configuration is that which we would write."""
    if not isinstance(ours, list):
        return bool(ours == theirs)
    if not isinstance(theirs, list) or len(theirs) != len(ours) or any(type(v) not in (int, float) for v in theirs):
        return False
    a, b = (torch.tensor(values, dtype=torch.float64) for values in (ours, theirs))
    return torch.allclose(a, b, rtol=0, atol=SLACK)


def _ends(timesteps: int) -> tuple[float, float]:
    """The betas between which our linear schedule goes."""
    scale = 1000 / timesteps
    return 1e-4 * scale, 0.02 * scale


def config_of(settings: Any) -> dict[str, Any]:
    """The levels of a model as a scheduler's configuration tells them."""
    name, timesteps = settings.schedule, settings.timesteps
    clip = settings.clip if isinstance(settings, UNet2DSettings) else 1.0
    told = {
        **UNSAID,
        "num_train_timesteps": timesteps,
        "prediction_type": next(theirs for theirs, ours in PREDICTS.items() if ours == settings.objective),
        "clip_sample": clip > 0,
        "clip_sample_range": clip or 1.0,
    }
    if name.startswith(BETAS):
        betas = betas_of(name)
        ends = {"beta_start": betas.start, "beta_end": betas.end, "rescale_betas_zero_snr": betas.zero}
        return {**told, "beta_schedule": betas.kind, **ends}
    if name == "cosine":
        return {**told, "beta_schedule": "squaredcos_cap_v2"}
    start, end = _ends(timesteps)
    if name == "linear" and end < MOST_BETA:
        return {**told, "beta_start": start, "beta_end": end}
    return {**told, "trained_betas": schedule_named(name, timesteps).betas.tolist()}
