"""The sentences of the page of measurements. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from genstudio.api.aspects import ASPECTS, MEASURES
from genstudio.api.caveats import SURE, beside_real
from genstudio.api.comparison import Cell, Line, Table
from genstudio.api.comparison_text import ARROWS, TIMED_APART, differences, left_out, number
from genstudio.api.evaluation import EYES
from genstudio.api.explained import BETTER
from genstudio.api.timing import TOGETHER
from genstudio.errors import counted
from genstudio.ui.measured.behind import MORE, times
from genstudio.ui.measured.queue import Queue
from genstudio.ui.tabs.run_words import name_of

NO_MODELS = "There are no models that could be measured yet.", "Train a VAE"
ONE_MODEL = "There is only one model here, and nothing to compare it with.", "Train a GAN"
STARTING = "Starting …"
READING = "What was measured of these models is being read …"
STOPPED = "Stopped; what was measured before stays on the cards."
HELP = "Arrow keys go from number to number, Return leads to what was measured"
ALIKE = "None surely differs from the others."
CLOCK = (
    "It is read from a clock while the machine did whatever else it had to do, of which its error knows nothing: only "
    "times that were measured together are compared."
)
TIME_TOGETHER = "Time them together"
TIMED = "The times were measured together: in turns, so that the machine was as busy for one as for the others."
APART = {
    "count": "counts differ",
    "eye": "features differ",
    "dataset": "data differ",
    "machine": "machines differ",
    "real": "real pictures differ",
    "sitting": "timed apart",
}
UNDER = {"entropy": "nats"}  # units that stand there, for the numbers have no room for them
NO_CELL = "Choose a number in the table to see what was measured, on what, and when."
SPREAD = (
    "Of these trainings: {}. Its error is that of a standard deviation of normal numbers, and no "
    "less than what measuring is off by."
)


def head(line: Line) -> str:
    """What a line is called, with the direction that is better."""
    meter = MEASURES[line.name]
    return meter.title + ARROWS[meter.better]


def under(line: Line) -> str:
    """Below that: in which features, or why the numbers are not compared."""
    if line.apart:
        return f"not compared: {APART[line.apart[0]]}"
    if line.left_out:
        return f"{len(line.left_out)} not compared{_why(line)}"
    eyes = {cell.basis["eye"] for cell in line.cells if cell.band is not None and "eye" in cell.basis}
    return ", ".join([*(EYES[eye] for eye in eyes), *([UNDER[line.name]] if eyes and line.name in UNDER else [])])  # type: ignore[index]


def _why(line: Line) -> str:
    """Why some numbers of a line are left out, in a word if it is the same of all; there is no room for more."""
    whys = {_apart(line, k) for k in line.left_out}
    return f": {whys.pop()}" if len(whys) == 1 else f", for {len(whys)} reasons"


def _apart(line: Line, column: int) -> str:
    """In what first the number of a column differs from those that are compared."""
    return APART[line.differs_in(column)[0]]


def line_help(line: Line) -> str:
    """What a line means."""
    meter, aspect = MEASURES[line.name], ASPECTS[line.aspect]
    told = [f"{meter.title}: {meter.help}", MORE.get(line.name, ""), BETTER[meter.better], not_compared(line)]
    return " ".join(filter(None, [*told, f"{aspect.title}: {aspect.help} The lecture: {aspect.stars}"]))


def not_compared(line: Line) -> str:
    """That the numbers of a line are of different things; "" if they are not."""
    if line.apart == ("sitting",):
        return f"These times are not compared: {TIMED_APART}. “{TIME_TOGETHER}” measures them in turns."
    if line.apart:
        return f"These numbers are not compared: they are of {' and of '.join(differences(line))}."
    names: dict[str, list[str]] = {}
    for k in sorted(line.left_out):
        names.setdefault(left_out(line, k), []).append(name_of(line.cells[k].model))
    return " ".join(f"{_listed(found)}: {why}" for why, found in names.items())


def standing(line: Line, column: int) -> str:
    """What a number is beside the others of its line, and beside real pictures; "" where nothing can be said."""
    return " ".join(filter(None, [_beside_others(line, column), line.cells[column].caveat]))


def _beside_others(line: Line, column: int) -> str:
    if line.cells[column].band is None or not line.cells[column].is_ranked:
        return ""
    if line.apart or column in line.left_out:
        return left_out(line, column) or not_compared(line)
    if not line.compared():
        return "No other model has such a number that could be ranked."
    if not line.best:
        return ALIKE
    if column in line.best:
        others = len(line.best) - 1
        return (
            "The best of these models." if not others else f"Among the best: {counted(others, 'other')} may be as good."
        )
    return f"Another is better by more than {SURE:g} standard errors." if line.cells[column].band.error else ""  # type: ignore[union-attr]


def cell_help(line: Line, column: int) -> str:
    """A number in words, or why there is none: the tooltip."""
    cell = line.cells[column]
    start = f"{MEASURES[line.name].title} of {name_of(cell.model)}: "
    if cell.band is None:
        return start + cell.why
    parts = [f"{start}{number(cell)}{_real(cell, ', ')}.", standing(line, column)]
    return " ".join(filter(None, parts))


def _real(cell: Cell, before: str) -> str:
    if cell.floor is None:
        return ""
    many = f", {times(cell)[:-1]} times as far" if times(cell) else ""
    return f"{before}real pictures {number(Cell('', cell.name, cell.floor))}{many}"


def caption(table: Table, queue: Queue, lacking: Sequence[str]) -> str:
    """Who is best in what, or what is still to be done."""
    if queue.timed:
        return (
            f"<b>{counted(len(queue.timed), 'model')}</b> draw in turns, round after round, and the clock runs for one "
            "at a time: whatever else the machine does, it does to all of them."
        )
    if queue.is_busy:
        left = f"; {counted(len(queue.waiting), 'model')} after it" if queue.waiting else ""
        return (
            f"<b>{escape(name_of(queue.current))}</b> is being measured with <b>{queue.count:,}</b> pictures{left}. "
            "It goes on while you look at something else, and what is found stays on the cards."
        )
    measured = {cell.model for line in table.lines for cell in line.cells if cell.found is not None}
    if not measured:
        return (
            f"Nothing has been measured yet. <b>Measure all</b> draws {table.count:,} pictures of each model, compares "
            "them with as many real ones that it has not seen, and writes what it finds on the model's card."
        )
    parts = [_winners(table)]
    parts += [_left_out(table), _too_few(table)]
    if table.line("time").apart or "sitting" in table.line("time").differs:
        parts.append(f"<b>{TIME_TOGETHER}</b> ranks the times.")
    if lacking:
        names = ", ".join(escape(name_of(model)) for model in lacking)
        parts.append(f"Not measured with {table.count:,} pictures yet: <b>{names}</b>.")
    return " ".join(filter(None, parts))


def _winners(table: Table) -> str:
    """In what each model is marked as best, by name: alone, or together with others, or in nothing."""
    won: dict[tuple[int, ...], list[str]] = {}
    for line in table.lines:
        if line.best:
            won.setdefault(tuple(sorted(line.best)), []).append(_inside(MEASURES[line.name].title))
    if not won:
        return "In nothing that could be compared does one model surely stand before another."
    names = [f"<b>{escape(name_of(model))}</b>" for model in table.models]
    told = []
    for title, is_alone in (("Alone in front", True), ("Together in front", False)):
        groups = [
            f"{_listed([names[k] for k in first])} in {_listed(titles)}"
            for first, titles in won.items()
            if (len(first) == 1) == is_alone
        ]
        told += [f"{title}: {'; '.join(groups)}."] if groups else []
    losers = [
        name
        for k, name in enumerate(names)
        if any(line.best and k in line.compared() for line in table.lines) and not any(k in first for first in won)
    ]
    told += [f"In nothing: {_listed(losers)}."] if losers else []
    return " ".join(told)


def _left_out(table: Table) -> str:
    """Which models are not compared with the others in some measures, because theirs are of something else."""
    lines: dict[int, list[Line]] = {}
    for line in table.lines:
        for k in (k for k in line.left_out if line.differs_in(k) != ("sitting",)):
            lines.setdefault(k, []).append(line)
    told = []
    for k, found in sorted(lines.items()):
        titles = [_inside(MEASURES[line.name].title) for line in found]
        where = _listed(titles) if len(titles) <= 2 else f"{len(titles)} measures"
        why = _listed(list(dict.fromkeys(_apart(line, k) for line in found)))
        told.append(f"<b>{escape(name_of(table.models[k]))}</b> is left out in {where} ({why}).")
    return " ".join(told)


def _too_few(table: Table) -> str:
    """Which models so few pictures do not tell from real ones, by the first of the measures."""
    line = table.line("frechet")
    names = [
        f"<b>{escape(name_of(cell.model))}</b>"
        for cell in line.cells
        if cell.band is not None and beside_real(line.name, cell.band, cell.floor) < 1
    ]
    counts = {cell.basis.get("count") for cell in line.cells if cell.band is not None}
    if not names or len(counts) > 1:
        return ""
    many, title = f"{next(iter(counts)):,}", MEASURES[line.name].title
    return f"By {title} {many} pictures do not tell {_listed(names)} from real ones."


def _inside(title: str) -> str:
    """A title within a sentence, where "for a picture" goes without saying; a proper name keeps its capital."""
    title = title.removesuffix(" for a picture")
    return title if title.startswith("Fréchet") else title[0].lower() + title[1:]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counts(models: int, done: int, otherwise: int, unread: int) -> str:
    """How many models have the numbers that are asked for, and how many only others."""
    if unread == models:
        return "reading what was measured …"
    others = f", {otherwise} otherwise" if otherwise else ""
    return f"{done} of {counted(models, 'model')} measured{' as chosen' if others else ''}{others}"


def counts_at_length(told: str, count: int, otherwise: int) -> str:
    """The same as a sentence, with what is asked for."""
    chosen = f" Chosen are {count:,} pictures, drawn as each model is usually asked." if otherwise else ""
    return f"{told[0].upper()}{told[1:]}".removesuffix(" …") + "." + chosen


def done(models: Sequence[str], troubles: Mapping[str, str], not_noted: str = "") -> str:
    """After the last measurement."""
    good = [model for model in models if model not in troubles]
    said = f"Measured: {', '.join(name_of(model) for model in good)}." if good else ""
    bad = " ".join(f"{name_of(model)} could not be measured. {why}" for model, why in troubles.items())
    return " ".join(filter(None, [said, bad, not_noted]))


def estimate(milliseconds: float) -> str:
    """How long drawing may take, by what a picture took before; "" where that is not known, or no time at all."""
    minutes = milliseconds / 60_000
    if minutes < 1:
        return ""
    return (
        f"Drawing alone takes about {minutes:.0f} minutes."
        if minutes < 90
        else f"Drawing alone takes about {minutes / 60:.1f} hours."
    )


def real_help(line: Line) -> str:
    """What the last column says of a line."""
    floor = line.floor()
    if floor is not None:
        reach = number(Cell("", line.name, floor))
        return f"Real training pictures, as many as are drawn, reach {reach} against the same held-out ones."
    if any(cell.floor is not None for cell in line.cells):
        return "What real pictures reach is told with each number: the models were not measured against the same ones."
    return "There is nothing that real pictures could reach here."


def meaning(cell: Cell) -> str:
    """What a measure means, with what is to be known of how it was read."""
    meter = MEASURES[cell.name]
    extra = [TOGETHER if cell.sitting is not None else CLOCK] if cell.name == "time" and cell.band is not None else []
    extra += [SPREAD.format(", ".join(name_of(name) for name in cell.trainings))] if cell.trainings else []
    return " ".join(filter(None, [meter.help, MORE.get(cell.name, ""), BETTER[meter.better], *extra]))
