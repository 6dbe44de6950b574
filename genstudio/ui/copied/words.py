"""The sentences of the search for copies, with their numbers. No Qt."""

from __future__ import annotations

from html import escape

import numpy as np

from genstudio import api
from genstudio.api.copied import Space
from genstudio.errors import counted
from genstudio.ui.tabs.run_words import name_of

STARTING, DRAWING, LOOKING = "Starting …", "New pictures are drawn …", "Copies are looked for …"
STOPPED = ("It was stopped before it was done.", "Draw again")
NO_MODEL = ("There is no model here yet. Train one, or drop a model's file on the window.", "Train a GAN")
TITLES = ["New", "Nearest training picture", "Difference"]
LEGEND = "Orange: brighter than the training picture. Blue: darker."
LINE = "99 % line"
DISTANCES: dict[Space, tuple[str, str]] = {
    "pixels": ("Pixels", "How far grey levels (0 to 255) differ: the root of the mean of the squared differences"),
    "classifier": (
        "Digit classifier",
        "How far the features of the bundled digit classifier differ: a shifted or thicker copy stays near. The first "
        "time it looks at all training pictures, which takes a while",
    ),
}
UNITS: dict[Space, str] = {"pixels": "grey levels of 255", "classifier": "features of the digit classifier"}
PLOT_HELP = (
    "How far pictures are from their nearest training picture: unseen real ones, and those that the model drew. New "
    "pictures lie as the unseen ones do; copies lie left of the line: 99 % of unseen ones are right of it. Click to "
    "see the new picture at a distance."
)
VERDICTS = {
    "good": "as new as real ones.",
    "watch": "more than chance makes. Are the framed ones copies, or so simple that they are near to many?",
    "bad": "this model has learnt its pictures by heart.",
}
MARKS = {"good": "real", "watch": "generator", "bad": "error"}  # the colours of the light


def verdict(found: api.CopiedEvent) -> str:
    """What the light says, a whole sentence."""
    near, count = int(found.near.sum()), len(found.near)
    who = f"{near} of {count} {'is' if near == 1 else 'are'}" if near else f"None of {count} is"
    return f"{who} nearer to a training picture than 99 % of unseen pictures are: {VERDICTS[found.level]}"


def distance(value: float) -> str:
    """A distance in three digits."""
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def caption(found: api.CopiedEvent, name: str) -> str:
    """What stands where, and how far pictures are from those that were learnt from."""
    nearest, unseen = found.distances[:, 0], found.unseen
    few = "" if len(unseen) >= 100 else f" There are only {counted(len(unseen), 'unseen picture')}, so this is rough."
    of_class = _class(found)
    return (
        f"Above stands what <b>{escape(name_of(name))}</b> drew, below the nearest of {found.training:,} training "
        f"pictures of {escape(api.called(found.dataset))}, and how far that is ({UNITS[found.request.space]}). Half of "
        f"the new pictures are more than <generated>{distance(float(np.median(nearest)))}</generated> away, half of "
        f"{counted(len(unseen), 'unseen picture')}{of_class} more than "
        f"<real>{distance(float(np.median(unseen)))}</real>; nearer than <b>{distance(found.line)}</b> is too "
        f"near.{few}"
    )


def _class(found: api.CopiedEvent) -> str:
    return " of that class" if found.request.label >= 0 else ""


def place(number: int, found: api.CopiedEvent) -> str:
    """Which new picture is chosen, and how far it is."""
    return f"picture {number + 1} · {distance(float(found.distances[number, 0]))}"


def alone(number: int, found: api.CopiedEvent) -> str:
    """The heading of a picture that is shown large."""
    label = found.labels[number][0]
    of = f", of class {label}," if label else ""
    how = ": that is too near." if found.near[number] else "."
    far = distance(float(found.distances[number, 0]))
    return f"Picture {number + 1}: its nearest training picture{of} is {far} away{how}"


def nearest(number: int, found: api.CopiedEvent) -> str:
    """What stands below it."""
    words = "The nearest training pictures, and how far they are"
    return f"{words} · their class" if any(found.labels[number]) else words


def missing(title: str, model: str) -> tuple[str, str]:
    """A dataset that can be downloaded is not here."""
    text = f"{title}, from which {name_of(model)} has learnt, is not on this computer; without it nothing is compared."
    return text, f"Get {title}"


def lost(data: str, model: str) -> tuple[str, str]:
    """A folder or zip is not where it was, or nobody knows where it is."""
    called = api.called(data) if data else "pictures that its file does not name"
    return f"{name_of(model)} has learnt from {called}; say where they are.", "Open their folder…"


def coming(title: str) -> str:
    """It is being fetched."""
    return f"{title} is being downloaded …"
