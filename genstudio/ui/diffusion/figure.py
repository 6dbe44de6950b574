"""The curve of a run that learns to take noise away, as a sheet."""

from __future__ import annotations

from genstudio.api import called
from genstudio.settings import ConsistencySettings, DenoisingSettings, PointDiffusionSettings
from genstudio.ui.diffusion.forward_words import name_of as schedule_name
from genstudio.ui.tabs.run_words import marks
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.figure import READING, Figure, Plot, buffer_lines

NAMES = {
    "ddpm": "DDPM",
    "flow": "Flow matching",
    "latent-ddpm": "Latent diffusion",
    "consistency": "Consistency model",
    "point-ddpm": "Diffusion",
}
SAID = "Distance of what is said from what was to be said"


def figure_of(run: TrainingRun) -> Figure:
    """The loss over the whole run."""
    assert run.request is not None
    settings = run.request.settings
    assert isinstance(settings, DenoisingSettings | PointDiffusionSettings)
    lines = buffer_lines(run.curves[0], (("loss", "accent", "solid"),))
    is_student = isinstance(settings, ConsistencySettings)
    what = SAID if is_student else f"Mean squared error of the {settings.objective}"
    levels = f"{schedule_name(settings.schedule)}, T = {settings.timesteps}"
    facts = f"{run.iteration:,} iterations · {levels} · seed {settings.seed}"
    title = f"{NAMES[run.request.family]} on {called(run.request.dataset)}"
    plot = Plot(what, lines, steep=0.04)
    return Figure(title, f"{facts} · {READING}", (plot,), marks(type(settings), run.changes))
