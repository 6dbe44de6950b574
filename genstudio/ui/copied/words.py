"""The sentences of the search for copies, with their numbers. No Qt."""

from __future__ import annotations

from html import escape

import numpy as np

from genstudio import api
from genstudio.api.copied import Space, Yardstick
from genstudio.api.copied_verdict import FEW
from genstudio.api.numbers import three_digits
from genstudio.errors import counted
from genstudio.ui.tabs.run_words import name_of

STARTING, DRAWING, LOOKING = "Starting …", "New pictures are drawn …", "Copies are looked for …"
STOPPED = ("It was stopped before it was done.", "Draw again")
NO_MODEL = ("There is no model here yet. Train one, or drop a model's file on the window.", "Train a GAN")
TITLES = ["New", "Nearest training picture", "Difference"]
NEW, ALL_NEW, ALL_NEAREST = "The new picture", "New pictures", "The nearest training picture of each"
NEAREST = (
    "The nearest training picture",
    *(f"The {count}-nearest training picture" for count in ("second", "third", "fourth", "fifth")),
)
LEGEND = "Orange: brighter than the training picture. Blue: darker."
THIS, TOO_NEAR = "this picture", "too near"
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
    "pictures lie as the unseen ones do; copies lie left of the line that is “too near”, and what is not like the data "
    "lies far to the right. The line is that of the class of the chosen picture, for a 1 is nearer to some other than "
    "an 8. Click to see the new picture at a distance."
)
NO_BETTER = " To be farther than these is no better: it is less like the data."
MARKS = {
    "good": "real",
    "watch": "generator",
    "bad": "error",
    "far": "generator",
    "within": "generator",
    "faded": "generator",
    "few": "line",
}  # the colours of the light


def caption(found: api.CopiedEvent, name: str) -> str:
    """What stands where, and how far pictures are from those that were learnt from."""
    nearest, unseen = found.distances[:, 0], found.unseen
    is_open = found.level in ("watch", "bad", "within", "few")
    return (
        f"Above stands what <b>{escape(name_of(name))}</b> drew, below the nearest of {found.training:,} training "
        f"pictures of {escape(api.called(found.dataset))}, and how far that is ({UNITS[found.request.space]}). Half of "
        f"the new pictures are more than <generated>{three_digits(float(np.median(nearest)))}</generated> away, "
        f"{_half(len(unseen), float(np.median(unseen)), _class(found))}."
        f"{'' if is_open else NO_BETTER}{_rough(len(unseen))}"
    )


def _half(count: int, middle: float, of: str) -> str:
    """How far half of so many unseen pictures are."""
    told = f"<real>{three_digits(middle)}</real>"
    if count == 1:
        return f"the one unseen picture{of} is {told} away"
    return f"half of {counted(count, 'unseen picture')}{of} more than {told}"


def large_caption(number: int, found: api.CopiedEvent) -> str:
    """How far one picture is, and how far unseen ones of its class are."""
    one, far = found.yardstick(number), float(found.distances[number, 0])
    return (
        f"Picture {number + 1} is <generated>{three_digits(far)}</generated> away from the nearest of "
        f"{found.training:,} training pictures of {escape(api.called(found.dataset))} ({UNITS[found.request.space]}). "
        f"{_measure(one, _class(found))} {_so(number, found)}{_rough(one.count)}"
    )


def _measure(one: Yardstick, of_class: str) -> str:
    """How far unseen pictures are."""
    middle, near = f"<real>{three_digits(one.middle)}</real>", f"<b>{three_digits(one.near)}</b>"
    if one.count == 1:
        return f"The one unseen picture{of_class} is {middle} away."
    of = f" whose nearest is of class {escape(one.name)}, too" if one.name else of_class
    least = f"the nearest is {near} away" if one.count < FEW else f"only a hundredth is nearer than {near}"
    return f"Of {counted(one.count, 'unseen picture')}{of}, half are more than {middle} away, and {least}."


def _so(number: int, found: api.CopiedEvent) -> str:
    """What follows for a new picture."""
    count = found.yardstick(number).count
    if found.faded[number]:
        return "This one has less than half the contrast of its nearest: what is grey is near to every picture."
    if found.near[number]:
        than = "" if count == 1 else " than any of them" if count < FEW else " than these"
        return f"This one is nearer{than}: it may be a copy."
    if found.far[number]:
        than = "" if count == 1 else " than any of them" if count < FEW else " than 99 % of them"
        return f"This one is farther{than}: it is no copy, and not like the data."
    return "This one is as near as they are."


def _rough(count: int) -> str:
    if count >= FEW:
        return ""
    return f" There {'is' if count == 1 else 'are'} only {counted(count, 'unseen picture')}, so this is rough."


def too_near(found: api.CopiedEvent, number: int) -> str:
    """What the line of the plot is called."""
    name = found.yardstick(number).name
    return f"{TOO_NEAR} for {name}" if name else TOO_NEAR


def _class(found: api.CopiedEvent) -> str:
    return " of that class" if found.request.label >= 0 else ""


def place(number: int, found: api.CopiedEvent) -> str:
    """Which new picture is chosen, and how far it is."""
    return f"picture {number + 1} · {three_digits(float(found.distances[number, 0]))}"


def alone(number: int, found: api.CopiedEvent) -> str:
    """The heading of a picture that is shown large."""
    label = found.labels[number][0]
    of = f", of class {label}," if label else ""
    how = ": that is too near." if found.marked[number] else ": that is far." if found.far[number] else "."
    far = three_digits(float(found.distances[number, 0]))
    return f"Picture {number + 1}: its nearest training picture{of} is {far} away{how}"


def nearest(number: int, found: api.CopiedEvent) -> str:
    """What stands below it."""
    words = "Its nearest training pictures: how far"
    return f"{words} · their class" if any(found.labels[number]) else words


def missing(title: str, model: str) -> tuple[str, str]:
    """A dataset that can be downloaded is not here."""
    text = f"{title}, from which {name_of(model)} has learnt, is not on this computer; without it nothing is compared."
    return text, f"Get {title}"


def lost(data: str, model: str) -> tuple[str, str]:
    """A folder or zip is not where it was, or nobody knows where it is."""
    called = api.called(data) if data else "pictures that its file does not name"
    return f"{name_of(model)} has learnt from {called}; say where they are.", "Open them…"


def coming(title: str) -> str:
    """It is being fetched."""
    return f"{title} is being downloaded …"
