"""What the two plots of the game can show, and how it is called. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

WIDEST_LABEL, WIDEST_TICK = "D(real) −12345", "−0,000"  # of all of them, so that they share their x axis
MOMENT = "It belongs to the moment that is looked at."
SEES = "Measured in the features of the bundled classifier, so not the FID of the literature."


@dataclass(frozen=True)
class Kind:
    """A title, which says what the y axis shows, and a sentence or two on how to read it."""

    title: str
    help: str
    critic: str = ""  # the title where D gives scores
    has_iterations: bool = True  # along its x axis


KINDS = {
    "losses": Kind(
        "Loss, nats",
        "What each player minimises. One's gain is the other's loss, so neither has to fall for the game to go well.",
        "Loss, in the critic's scores",
    ),
    "scores": Kind(
        "How sure D is that what it sees is real",
        "The mean over the batch. Where D(real) and D(fake) meet it can no longer tell them apart.",
        "The critic's scores, without bounds",
    ),
    "histogram": Kind(
        "What D says of the last batch",
        f"The share of the batch to which D has given which number: filled the real, hatched the generated. "
        f"The numbers are the means of this one batch; the curves and the caption go by many. {MOMENT}",
        "What the critic says of the last batch",
        has_iterations=False,
    ),
    "gradients": Kind(
        "Length of the gradient",
        "How steep the loss is for each player. Where G's falls far below D's it is hardly told what to change.",
    ),
    "ratios": Kind(
        "Size of an update over the weights",
        "How far a step moves the weights. The line at 0.001 is a rule of thumb: steps far above it tear up what was "
        "learned, far below it little is learned. A healthy game may stay off it.",
    ),
}
QUALITY = {
    "frechet": Kind(
        "Fréchet distance to real pictures",
        f"Low: near the real pictures, as a whole. The line is what other real pictures reach. {SEES}",
    ),
    "shares": Kind(
        "Precision, recall, coverage",
        f"Precision: generated pictures that look real. Recall: real ones that G could make. Coverage: real ones with "
        f"a generated one near them. {SEES}",
    ),
    "classes": Kind(
        "Classes of the samples",
        f"For what the bundled classifier takes the generated pictures; the marks are the real ones' shares. {MOMENT}",
        has_iterations=False,
    ),
}
ALL = {**KINDS, **QUALITY}
FIRST = ("losses", "scores")  # shown before one chooses
