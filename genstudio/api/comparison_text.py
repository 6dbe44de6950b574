"""The table of models and measures as text: Markdown to be read, CSV with all that is known of each number."""

from __future__ import annotations

import csv
import io

from genstudio.api.aspects import ASPECTS, MEASURES, written
from genstudio.api.comparison import Cell, Line, Table
from genstudio.api.evaluation import EYES, Evaluation
from genstudio.api.noted import ERRORS
from genstudio.api.receipts import called, last_part

TIMED_APART = "the times were measured at different times, and a machine is not always as busy"
ARROWS = {"less": " ↓", "more": " ↑", "": ""}
COLUMNS = (
    "aspect", "measure", "unit", "better_is", "model", "value", "error", "real_pictures", "real_pictures_error",
    "best", "why_missing", "why_not_ranked", "caveat", "features", "dataset", "pictures", "seed", "way", "when",
    "machine",
)  # fmt: skip


def number(cell: Cell) -> str:
    """A number with its error and its unit; a dash where there is none."""
    if cell.band is None:
        return "–"
    value, error, unit = written(cell.name, cell.band)
    return " ".join(part for part in (value, f"± {error}" if error else "", unit) if part)


def of_what(one: Evaluation) -> str:
    """What an evaluation was made of: "1,000 pictures (ddpm, 50 steps) beside MNIST, MNIST classifier"."""
    way = f" ({one.way})" if one.way else ""
    return f"{one.count:,} pictures{way} beside {called(one.dataset)}, {EYES[one.eye]}"


def differences(line: Line) -> tuple[str, ...]:
    """What the numbers of a line that are not to be compared are of, each in words; none if the hour alone differs."""
    return tuple(dict.fromkeys(words for cell in line.cells for words in _of(cell, line.apart)))


def _of(cell: Cell, fields: tuple[str, ...]) -> list[str]:
    """What a number is of, by some fields of its basis; the hour has no words."""
    parts = [part for part in fields if part != "sitting"] if cell.band is not None else []
    return [_basis_words(part, cell.basis.get(part, "")) for part in parts]


def left_out(line: Line, column: int) -> str:
    """Why a number is not compared with the others, which are, in a sentence; "" if it is."""
    if column not in line.left_out:
        return ""
    fields = line.differs_in(column)
    if fields == ("sitting",):
        return "Not compared with the others, for it was measured at another time, and a machine is not always as busy."
    mine, theirs = _of(line.cells[column], fields), _of(line.cells[line.compared()[0]], fields)
    return f"Not compared with the others: this is of {' and of '.join(mine)}, they are of {' and of '.join(theirs)}."


def _basis_words(part: str, value: str | int) -> str:
    if part == "count":
        return f"{value:,} pictures"
    if part == "real":
        return f"real pictures of seed {value}" if value != "" else "all real pictures"
    if part == "eye":
        return EYES[value]  # type: ignore[index]
    if part == "dataset":
        return called(str(value))
    return str(value) or "a machine that nobody noted"


def as_markdown(table: Table) -> str:
    """A table for a page of text: the best in bold, and below it what the numbers are of and why some are missing."""
    names = [last_part(model).removesuffix(".safetensors") for model in table.models]
    rows = [["", "measured", *names, "real pictures"]]
    before = ""
    for line in table.lines:
        title = ASPECTS[line.aspect].title
        cells = [
            f"**{number(cell)}**" if k in line.best else number(cell) + _mark(cell) + "‡" * (k in line.left_out)
            for k, cell in enumerate(line.cells)
        ]
        floor = line.floor()
        real = "" if floor is None else number(Cell("", line.name, floor))
        head = MEASURES[line.name].title + ARROWS[MEASURES[line.name].better] + ("*" if line.apart else "")
        rows.append([title if title != before else "", head, *cells, real])
        before = title
    marks = ["---", "---", *["---:"] * (len(names) + 1)]
    text = "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], marks, *rows[1:]))
    return "\n".join([text, "", *_notes(table, names)]) + "\n"


def _mark(cell: Cell) -> str:
    return "" if cell.is_ranked and not cell.gap else f" ({cell.gap})" if cell.gap else "†"


def _notes(table: Table, names: list[str]) -> list[str]:
    beaten = "not surely beaten (two standard errors of the difference), and what reads the same"
    notes = [f"Bold: {beaten}. {ERRORS}"]
    for k, name in enumerate(names):
        found = next((line.cells[k].found for line in table.lines if line.cells[k].found is not None), None)
        if found is not None:
            notes.append(f"- {name}: {of_what(found)}{f', {found.when[:10]}' if found.when else ''}.")
    for line in table.lines:
        if line.apart:
            hint = "; `genstudio compare` with `--times` measures them in turns" if line.apart == ("sitting",) else ""
            notes.append(f"- * {MEASURES[line.name].title}: not compared, for {_reason(line)}{hint}.")
    for k, name in enumerate(names):
        why_not: dict[str, list[str]] = {}
        for line in (line for line in table.lines if k in line.left_out):
            why_not.setdefault(left_out(line, k), []).append(MEASURES[line.name].title)
        notes += [f"- ‡ {', '.join(titles)} of {name}: {why}" for why, titles in why_not.items()]
    for k, name in enumerate(names):
        told: dict[str, list[str]] = {}
        for line in (line for line in table.lines if line.cells[k].caveat):
            mark = "" if line.cells[k].is_ranked else "†"
            told.setdefault(line.cells[k].caveat, []).append(f"{MEASURES[line.name].title}{mark}")
        notes += [f"- {', '.join(titles)} of {name}: {why}" for why, titles in told.items()]
    sitting = next((cell.sitting for line in table.lines for cell in line.cells if cell.sitting is not None), None)
    if sitting is not None:
        notes.append(
            f"- {MEASURES['time'].title}: measured in one sitting, {sitting.when[:10]}, in turns on one thread each, "
            f"{sitting.at_once} pictures at once, on {sitting.machine}; ± is the spread of the rounds."
        )
    return notes


def _reason(line: Line) -> str:
    if found := differences(line):
        return f"the numbers are of {' and '.join(found)}"
    return TIMED_APART


def not_ranked(line: Line, cell: Cell) -> str:
    """Why a number is compared with no other, in a sentence; "" if it is, or there is none."""
    if cell.band is not None and not cell.is_ranked:
        return cell.caveat
    if cell.band is None or not line.apart:
        return left_out(line, line.cells.index(cell))
    reason = _reason(line)
    return f"{reason[0].upper()}{reason[1:]}."


def as_csv(table: Table) -> str:
    """A row for each number, with all that is known of it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in table.lines:
        for k, cell in enumerate(line.cells):
            writer.writerow(_row(line, cell, k in line.best))
    return text.getvalue()


def unit_of(name: str) -> str:
    """In what a measure stands in files for programs: shares are from 0 to 1; "" where it has no unit."""
    unit = MEASURES[name].unit
    return "s" if name == "training" else "share" if unit == "%" else unit


def _row(line: Line, cell: Cell, is_best: bool) -> list[str | float]:
    meter, found, band, floor = MEASURES[line.name], cell.found, cell.band, cell.floor
    numbers: list[str | float] = []
    for one in (band, floor):
        numbers += ["", ""] if one is None else [one.value, one.error or ""]
    told: list[str | float] = [""] * 7
    if cell.sitting is not None:
        told[-2:] = [cell.sitting.when, cell.sitting.machine]
    elif found is not None:
        told = [EYES[found.eye], found.dataset, found.count, found.seed, found.way, found.when, found.machine]
    elif "machine" in cell.basis:
        told[-1] = cell.basis["machine"]
    model = last_part(cell.model).removesuffix(".safetensors")
    start: list[str | float] = [line.aspect, line.name, unit_of(line.name), meter.better, model]
    best, why = "yes" if is_best else "", cell.why if band is None else ""
    return [*start, *numbers, best, why, not_ranked(line, cell), cell.caveat, *told]
