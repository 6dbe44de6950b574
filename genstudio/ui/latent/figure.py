"""The curves of a run of a model with a code as a sheet."""

from __future__ import annotations

from genstudio.api import called
from genstudio.ui.latent.train_words import is_variational
from genstudio.ui.tabs.run_words import marks
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.figure import READING, Figure, Plot, buffer_lines

STEEP = 0.04  # of a run: in it the losses fall from hundreds of nats
NATS = (("reconstruction", "real", "solid"), ("KL", "latent", "dash"), ("−ELBO", "accent", "dot"))
SQUARES = (("mse", "real", "solid"),)


def figure_of(run: TrainingRun) -> Figure:
    """All curves of a run, over the whole of it."""
    assert run.request is not None
    family, is_in_nats = run.request.family, is_variational(run.request.family)
    lines = buffer_lines(run.curves[0], NATS if is_in_nats else SQUARES)
    plot = Plot("Nats per picture" if is_in_nats else "Mean squared error of a pixel in 0 … 1", lines, steep=STEEP)
    facts = f"{run.iteration:,} iterations · seed {run.request.settings.seed} · {READING}"
    title = f"{family.upper().replace('MLP-', 'MLP ')} on {called(run.request.dataset)}"
    return Figure(title, facts, (plot,), marks(type(run.request.settings), run.changes))
