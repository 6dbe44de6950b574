"""The words of the card."""

from __future__ import annotations

import dataclasses

from genstudio.api import EYES, METERS, CardEvent, Evaluation, ModelInfo, in_words
from genstudio.api import called as data_called
from genstudio.api.caveats import caveats
from genstudio.api.file_says import file_says
from genstudio.api.model_card import FOLDER, TITLES, came_from, limits, other_trainings, stands_for, trained
from genstudio.settings import PLAYED
from genstudio.settings.base import setting_of
from genstudio.settings.schedules import PEN

NO_MODEL = "There is no model on this page whose card could be shown; save the one that you train."
NOTHING_YET = (
    "Nothing has been measured on this machine yet. Measure draws new pictures and compares them with real ones "
    "that the model has not seen: by distances, by what looks real and what is missing, by copies, by time."
)
FEW = 1000  # pictures
FEW_WORDS = "So few pictures say little: where two numbers are nearer than their errors they are the same."
STOPPED = "Stopped; nothing new was measured."
IS_READ = "The card is still being read"
NO_CARD = "There is no card of this model"
ELSEWHERE = "Elsewhere; its file says neither for how long nor on what machine."
LONG = ("layout",)  # settings that fill a page
MEASURE_HELP = "Draw pictures and compare them with held-out real ones; it goes on while you look at something else"
EXPLAIN_HELP = "Beneath each number a sentence: what it says, and whether high or low is good"
COPY_HELP = "Copy the numbers, with what was compared, as a table in Markdown"
COPIED = "The table is in the clipboard, as Markdown."
ARROWS = {"less": "↓", "more": "↑", "": ""}
HEADS = ("", "measured", "real pictures")
EYE_HELP = "In which features pictures are compared: numbers of different features are not comparable"
BEST = "The classifier for digits, Inception v3 where its weights are on this machine, else pixels"
EYE_HELPS = {
    "classifier": "The bundled network that reads digits: grey pictures of 28 x 28",
    "inception": "The network of the literature's FID; only where its weights are on this machine",
    "pixels": "The grey values themselves: the last resort, blind for what a picture is of",
}


def about(info: ModelInfo) -> str:
    """Beside the name."""
    return f"{TITLES.get(info.family, info.family)} · {data_called(info.dataset)}"


def facts(event: CardEvent) -> list[tuple[str, str]]:
    """What is known, in rows."""
    info = event.info
    is_foreign = info.family in PLAYED and not info.iteration
    return [
        ("Data", f"{data_called(info.dataset)}, {info.size} × {info.size} px. {event.licence}"),
        ("Trained", ELSEWHERE if is_foreign else trained(info, event.time)),
        *([("Came from", f"{came_from(event.origin)}.")] if event.origin else []),
        ("Recipe", recipe(info)),
        *([("Make it again", event.reproduce)] if event.reproduce else []),
        *([(FOLDER, place)] if (place := stands_for(event.reproduce, info.dataset)) else []),
        *([("Its file says", told)] if (told := file_says(info.quality)) else []),
        *([("Trained again", again)] if (again := other_trainings(event.siblings)) else []),
        ("Limits", limits(info)),
    ]


def recipe(info: ModelInfo) -> str:
    """The settings as forms call them."""
    cls, said = type(info.settings), []
    for field in dataclasses.fields(info.settings):
        note, value = setting_of(cls, field.name), getattr(info.settings, field.name)
        if field.name not in LONG:
            label = note.label if note is not None and note.label else field.name
            is_count = type(value) is int and field.name != "seed"
            said.append(f"{label}: {f'{value:,}' if is_count else _written(value)}")
    return ", ".join(said)


def _written(value: object) -> str:
    if isinstance(value, str) and value.startswith(PEN):
        return "drawn"  # seventeen numbers say no more
    return f"{value:g}" if isinstance(value, float) else str(value)


def called(one: Evaluation, dataset: str) -> str:
    """An evaluation in a picker.

    Args:
        dataset: What the model learned from, which goes without saying.
    """
    other = f", {data_called(one.dataset)}" if one.dataset != dataset else ""
    return f"{one.count:,}, {EYES[one.eye]}{other}" + (f", {one.way}" if one.way else "")


def compared(one: Evaluation) -> str:
    """What was compared with what."""
    few = f" {FEW_WORDS}" if one.count < FEW else ""
    where = f" Times are those of {one.machine}." if one.machine else ""
    return f"{one.heading()}. Beside each number stands what as many real training pictures reach.{where}{few}"


def is_measured(name: str) -> str:
    """Why no other model can be measured."""
    return f"{name} is being measured; stop that, or wait for its end"


def titled(one: Evaluation, meter: str) -> str:
    """A meter as a row of the table calls it."""
    few = f", of {one.counts[meter]:,}" if one.counts.get(meter, one.count) != one.count else ""
    return f"{one.title(meter)}{few} {ARROWS[METERS[meter].better]}".rstrip()


def as_markdown(name: str, one: Evaluation, info: ModelInfo | None) -> str:
    """What was measured of a model as a table, below what is to be known of it; meters without a number say why."""
    rows = [HEADS, ("---",) * len(HEADS)]
    for meter, band in ((meter, one.bands[meter]) for meter in METERS if meter in one.bands):
        floor = in_words(meter, one.floor[meter]) if meter in one.floor else ""
        rows.append((titled(one, meter), in_words(meter, band), floor))
    rows += [(METERS[meter].title, why, "") for meter, why in one.missing.items()]
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    told = " ".join((f"{name}. {compared(one)}", *caveats(one, info)))
    return f"{told}\n\n{table}\n"
