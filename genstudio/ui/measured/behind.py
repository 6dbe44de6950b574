"""What is behind a number of the table of measures, in rows and sentences. No Qt."""

from __future__ import annotations

from genstudio import api
from genstudio.api.comparison import Cell, Line, usual_words
from genstudio.api.comparison_text import number
from genstudio.api.evaluation import EYES
from genstudio.api.noted import NOBODY, day
from genstudio.settings import ADVERSARIAL, DENOISING, LATENT

COMPARED = ("frechet", "kernel", "sliced", "precision", "recall", "density", "coverage")  # with held-out pictures
MORE = {  # what tells a measure from its neighbours
    "precision": "It asks of every generated picture; which kinds are missing it does not see.",
    "coverage": (
        "It asks of every real picture whether a generated one is nearer than its fifth real neighbour; a few odd "
        "pictures cannot raise it."
    ),
    "recall": (
        "It asks of every real picture whether it is nearer to a generated one than that one's fifth generated "
        "neighbour: pictures that lie far apart reach far, so odd ones can raise it."
    ),
    "path": (
        "The step is a ten-thousandth of an arc between two random codes, and the number a mean over many arcs. Where "
        "a class is asked for, it stays the same on the whole arc, so there is less to change."
    ),
}
DENOISER = "the network that takes the noise away"
COUNTED = (
    dict.fromkeys(LATENT, "encoder and decoder; drawing needs the decoder alone")
    | dict.fromkeys(ADVERSARIAL, "the generator, without the discriminator, which only teaches")
    | dict.fromkeys(DENOISING, DENOISER)
    | {
        "pca": "nothing: its mean and its axes are reckoned at once, and are no parameters",
        "latent-ddpm": f"{DENOISER}, and the VAE that makes pictures of codes, with its encoder",
    }
)


def facts(line: Line, column: int, info: api.ModelInfo | None) -> list[tuple[str, str]]:
    """What is behind a number, in rows."""
    cell = line.cells[column]
    if cell.name == "parameters" and info is not None:
        return [("Counted", COUNTED[info.family])]
    rows = [] if cell.floor is None else [("Real pictures", f"{number(Cell('', cell.name, cell.floor))}{_times(cell)}")]
    if cell.name == "training" and cell.band is not None:
        iterations = f"{info.iteration:,} iterations" if info is not None else ""
        return [*rows, ("Learned", iterations), ("On", str(cell.basis.get("machine") or NOBODY))]
    if cell.trainings:
        rows.append(("Trainings", ", ".join(cell.trainings)))
    if cell.sitting is not None:
        return [*rows, *_sat(cell, info)]
    return [*rows, *(_measured(cell, cell.found, info) if cell.found is not None else [])]


def _times(cell: Cell) -> str:
    return f" ({times(cell)})" if times(cell) else ""


def times(cell: Cell) -> str:
    """A number as so many times what real pictures reach; "" where that says nothing."""
    if cell.band is None or cell.floor is None or cell.floor.value <= 0 or cell.name != "frechet":
        return ""
    ratio = cell.band.value / cell.floor.value
    return f"{ratio:.1f}×" if ratio < 9.95 else f"{ratio:,.0f}×"


def _measured(cell: Cell, found: api.Evaluation, info: api.ModelInfo | None) -> list[tuple[str, str]]:
    """On what a number was measured, where and when."""
    return [
        *_subject(cell, found, info),
        *([("Beside", f"held-out {api.called(found.dataset)}")] if cell.name in COMPARED else []),
        *([("Features", EYES[found.eye])] if "eye" in cell.basis else []),
        ("When", day(found.when)),
        ("On", found.machine or NOBODY),
    ]


def _subject(cell: Cell, found: api.Evaluation, info: api.ModelInfo | None) -> list[tuple[str, str]]:
    count = found.counts.get(cell.name, found.count)
    if cell.name == "path":
        codes = f" of codes of {info.latent_dim:,} numbers" if info is not None and info.latent_dim else ""
        kept = [("Class", "the same on the whole arc")] if info is not None and info.classes else []
        return [("Arcs", f"{count:,} between pairs{codes}, of seed {found.seed}"), *kept]
    if cell.name == "reconstruction":
        return [("Pictures", f"{count:,} held-out ones of {api.called(found.dataset)}")]
    if cell.name == "memory":
        return [("Pictures", f"{count:,} drawn at once")]
    way = f", {found.way}" if found.way else ""
    return [("Pictures", f"{count:,} of seed {found.seed}{way}")]


def _sat(cell: Cell, info: api.ModelInfo | None) -> list[tuple[str, str]]:
    """What is behind a time that was measured together with others; the card keeps its own."""
    sitting, own = cell.sitting, cell.found.bands.get(cell.name) if cell.found is not None else None
    assert sitting is not None
    rows = [("Asked", usual_words(info))] if info is not None and usual_words(info) else []
    rows += [("Pictures", f"{sitting.at_once} at once"), ("When", day(sitting.when)), ("On", sitting.machine)]
    if own is not None and cell.found is not None:
        rows.append(("Its card", f"{number(Cell('', cell.name, own))}, measured alone, {day(cell.found.when)}"))
    return rows
