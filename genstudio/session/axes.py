"""The directions in a space of codes that sliders move along, found from the codes of a dataset."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api.measures import MEASURES, measure
from genstudio.api.numbers import percent
from genstudio.core.calibration import TRIED, Calibrated, calibrate
from genstudio.core.datasets import Dataset
from genstudio.core.directions import Array, fit_directions
from genstudio.core.principal import principal
from genstudio.session.models import Loaded

MEASURED = 6000  # pictures that measures are regressed on
MOST_AXES = 16  # principal directions


def principal_axes(codes: Tensor) -> api.Axes:
    """The directions along which the codes vary most; a slider unit is one standard deviation."""
    count = min(MOST_AXES, codes.shape[1])
    found = principal(codes, count)
    return api.Axes(
        names=tuple(f"PC {k + 1}" for k in range(count)),
        units=found.components.numpy(),
        scale=found.deviations.numpy(),
        score=found.explained.numpy(),
        mean=np.zeros(count, np.float32),
        std=np.ones(count, np.float32),
        measures=("",) * count,
        weights=found.components.T.numpy(),
        helps=tuple(f"{percent(share)} of the variance of the codes" for share in found.explained.tolist()),
    )


def measured_axes(loaded: Loaded, codes: Tensor, log_vars: Tensor, dataset: Dataset) -> api.Axes:
    """The directions that change what can be measured on decoded pictures, each with the others held."""
    part = dataset.first(MEASURED)
    names = list(MEASURES)
    values = measure(part.images, names)
    varies = np.nanstd(values, axis=0) > 1e-6
    names = [name for name, keep in zip(names, varies, strict=True) if keep]
    try:
        spread = log_vars[: len(part)].double().exp().mean(0).numpy()  # 0 where codes are points
        found = fit_directions(codes[: len(part)].numpy(), values[:, varies], spread=spread)
    except ValueError:  # nothing can be measured on these pictures, or the measures say the same
        return _no_axes(codes.shape[1])

    def show(z: Array) -> Array:
        return measure(loaded.pictures(torch.from_numpy(z).float()).cpu().numpy(), names)

    known = codes.double().numpy()
    tried = np.random.default_rng(0).choice(len(known), min(TRIED, len(known)), replace=False)
    with torch.inference_mode():
        return _axes(names, calibrate(found, known, known[tried], show))


def _axes(names: list[str], calibrated: Calibrated) -> api.Axes:
    found = calibrated.directions
    wanted = ("units", "scale", "r2", "mean", "std", "weights", "low", "high")
    as_float = {what: getattr(found, what).astype(np.float32) for what in wanted}
    return api.Axes(
        names=tuple(names),
        units=as_float["units"],
        scale=as_float["scale"],
        score=as_float["r2"],
        mean=as_float["mean"],
        std=as_float["std"],
        measures=tuple(MEASURES[name].unit for name in names),
        weights=as_float["weights"],
        helps=tuple(MEASURES[name].help for name in names),
        low=as_float["low"],
        high=as_float["high"],
        answer=calibrated.answer.astype(np.float32),
        spill=calibrated.spill.astype(np.float32),
    )


def _no_axes(latent_dim: int) -> api.Axes:
    none, wide = np.zeros(0, np.float32), np.zeros((0, latent_dim), np.float32)
    return api.Axes((), wide, none, none, none, none, (), wide.T, ())
