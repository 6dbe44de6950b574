"""What is seen of a run beside its samples: the real pictures it learns from, and what D makes of both."""

from __future__ import annotations

import numpy as np
import torch

from genstudio import api
from genstudio.core.adversarial.eye import Eye
from genstudio.core.adversarial.game import GameTrainer, classes_in_turn
from genstudio.core.examples import examples
from genstudio.core.families.point_ddpm import PointDDPMTrainer
from genstudio.core.training import TrainingData
from genstudio.session.run import Run

Seen = tuple[dict[str, api.Floats], dict[str, api.Pictures]]  # numbers and views, see api.WatchRequest
STEPS = 127  # of a slope, each way


def real_pictures(run: Run) -> api.Pictures | None:
    """As many real pictures of a game's data as it shows samples; None for another run. Always the same of a run."""
    trainer = run.trainer
    if not isinstance(trainer, GameTrainer) or not isinstance(trainer.data, TrainingData):
        return None
    knows = bool(getattr(trainer.g, "classes", 0))
    pictures: api.Pictures = examples(trainer.data, run.request.preview, trainer.settings.seed, by_class=knows).numpy()
    return pictures


def sight(run: Run, samples: api.Pictures) -> Seen:
    """What D makes of samples of the run, and of its real pictures; nothing where there is none, or no numbers."""
    trainer, real = run.trainer, real_pictures(run)
    if real is None or not len(samples):
        return {}, {}
    assert isinstance(trainer, GameTrainer)
    device, classes = trainer.compute.device, trainer.data.classes
    eye = Eye(trainer.d, device)
    seen = eye.look(torch.from_numpy(samples), classes_in_turn(len(samples), classes, device))
    outputs = eye.look(torch.from_numpy(real), classes_in_turn(len(real), classes, device)).outputs.numpy()
    if not all(np.isfinite(part).all() for part in (seen.outputs.numpy(), seen.slopes.numpy(), outputs)):
        return {}, {}
    steepest, levels = as_levels(seen.slopes.numpy())
    numbers = {"sample_outputs": seen.outputs.numpy(), "example_outputs": outputs, "sample_slopes": steepest}
    return numbers, {"sample_slopes": levels}


def as_levels(slopes: api.Floats) -> tuple[api.Floats, api.Pictures]:
    """The steepest of each picture's slopes (N, H, W), and all of them in shares of it, (N, H, W, 1), 128 for 0."""
    steepest = np.abs(slopes).max((1, 2))
    shares = slopes / np.where(steepest > 0, steepest, 1)[:, None, None]
    return steepest, np.rint(128 + STEPS * shares).astype(np.uint8)[..., None]


def tune(run: Run, request: api.TuneRequest) -> api.TunedEvent:
    """Change the settings of a run, and show what that changes at once.

    Raises:
        ValueError: as `Run.tune`.
    """
    changes, trainer = run.tune(request.settings), run.trainer
    if not changes or not isinstance(trainer, PointDDPMTrainer) or not run.request.preview:
        return api.TunedEvent(changes)
    samples = ((trainer.iteration, trainer.preview(run.request.preview).numpy()),)
    numbers = {name: tensor.float().cpu().numpy() for name, tensor in trainer.numbers().items()}
    return api.TunedEvent(changes, samples, numbers)


def watch(run: Run | None, request: api.WatchRequest) -> api.WatchedEvent:
    """Begin or end to look at a run, and how it is now."""
    if run is None:
        return api.WatchedEvent(request)
    run.is_watched = request.eye
    trainer = run.trainer
    if not request.eye or not run.request.preview:
        return api.WatchedEvent(request)
    if real_pictures(run) is None:
        return api.WatchedEvent(request, reason="There is no discriminator here that looks at pictures.")
    samples: api.Pictures = trainer.preview(run.request.preview).numpy()
    numbers, views = sight(run, samples)
    if not numbers:
        reason = "The discriminator no longer gives finite numbers."
        return api.WatchedEvent(request, trainer.iteration, reason=reason)
    told = {name: tensor.float().cpu().numpy() for name, tensor in trainer.numbers().items()}
    return api.WatchedEvent(request, trainer.iteration, samples, {**told, **numbers}, views)
