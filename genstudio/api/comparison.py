"""The table of models and measures: a number or the reason why there is none, what it is of, and who is best."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from genstudio.api.aspects import ASPECTS, BASIS, AspectName, best_of
from genstudio.api.catalog import ModelInfo
from genstudio.api.caveats import caveat, is_in_turn
from genstudio.api.evaluation import EvaluateRequest, Evaluation, way_in_words
from genstudio.api.model_facts import ModelFacts
from genstudio.api.quality import Band
from genstudio.api.sampling import SampleRequest
from genstudio.api.timing import Sitting, TimesRequest, sitting_of
from genstudio.api.usual import usual_way

SEED = 7  # of the pictures that are measured
EYES_BY_WORTH = ("pixels", "inception", "classifier")
ONE_TRAINING = (
    "One file is one training. Train its recipe again with another seed and measure that model, too: how alike they "
    "turn out then stands here."
)
NO_TIME = "Its file does not say how long it was trained; that of a model that is trained here does."
OLD = "This was not among the meters when it was measured; measure it again."
NO_CLASSES = "These features tell no classes apart."
GONE = "not here"
MISSING = {"path": "no code", "reconstruction": "no encoder"}  # where an evaluation says so


@dataclass(frozen=True)
class Cell:
    """One measure of one model.

    Args:
        why: Why there is no `band`, in a sentence.
        gap: The same in a word or two.
        floor: What as many real pictures reach; None where that has no meaning.
        found: The evaluation that it is from; None of what the file says.
        basis: The fields of BASIS, by name: cells that differ in one of them are not to be compared.
        trainings: That a spread is of, this one among them.
        sitting: In which a time was measured; None of one that was measured alone.
        caveat: What is to be known of the number, in a sentence; "" if it speaks for itself.
        is_ranked: Whether the number says anything of what the model has learnt.
    """

    model: str
    name: str
    band: Band | None = None
    why: str = ""
    gap: str = ""
    floor: Band | None = None
    found: Evaluation | None = None
    basis: Mapping[str, str | int] = field(default_factory=dict)
    trainings: tuple[str, ...] = ()
    sitting: Sitting | None = None
    caveat: str = ""
    is_ranked: bool = True

    def ranked(self) -> Band | None:
        """The number, as far as it is one to be compared."""
        return self.band if self.is_ranked else None


@dataclass(frozen=True)
class Line:
    """One measure of all models.

    Args:
        best: Columns that no other surely beats, and those that read the same; none where that cannot be said.
        apart: Fields of the basis in which the numbers differ, so that none of them are to be compared.
        left_out: Columns whose numbers are of something else than those that are compared.
        differs: Fields of the basis in which they differ from those.
    """

    aspect: AspectName
    name: str
    cells: tuple[Cell, ...]
    best: frozenset[int]
    apart: tuple[str, ...]
    left_out: frozenset[int] = frozenset()
    differs: tuple[str, ...] = ()

    def compared(self) -> tuple[int, ...]:
        """Columns whose numbers are compared with each other."""
        if self.apart:
            return ()
        known = (k for k, cell in enumerate(self.cells) if cell.ranked() is not None and k not in self.left_out)
        found = tuple(known)
        return found if len(found) > 1 else ()

    def differs_in(self, column: int) -> tuple[str, ...]:
        """Fields of the basis in which a number that is left out differs from those that are compared."""
        if column not in self.left_out:
            return ()
        mine, theirs = self.cells[column].basis, self.cells[self.compared()[0]].basis
        return tuple(part for part in self.differs if mine.get(part) != theirs.get(part))

    def floor(self) -> Band | None:
        """What real pictures reach, where all numbers are of the same thing; of several such draws their mean."""
        cells = (cell for k, cell in enumerate(self.cells) if k not in self.left_out)
        floors = {cell.floor for cell in cells if cell.band is not None}
        known = [floor for floor in floors if floor is not None]
        if self.apart or not known or len(known) < len(floors):
            return None
        return Band(statistics.fmean(one.value for one in known), max(one.error for one in known))


@dataclass(frozen=True)
class Table:
    """All measures of some models, a column each; `count` is how many pictures the numbers should be of."""

    models: tuple[str, ...]
    lines: tuple[Line, ...]
    count: int

    def line(self, name: str) -> Line:
        """The line of a measure."""
        return next(line for line in self.lines if line.name == name)


def table_of(
    models: Sequence[str],
    facts: Mapping[str, ModelFacts],
    gone: Mapping[str, str],
    count: int,
    held_out: Mapping[str, int] = MappingProxyType({}),
    sittings: Sequence[Sitting] = (),
) -> Table:
    """What is known of these models.

    Args:
        facts: By model, of those that are here.
        gone: Why others are not.
        count: Pictures that the numbers should be of; others are shown where there are none, and not compared.
        held_out: Of datasets that hold out fewer pictures than that, how many: no more can be compared.
        sittings: In which models were timed together, the newest first.
    """
    lines, sitting = [], together(models, facts, sittings)
    for aspect, about in ASPECTS.items():
        for name in about.measures:
            cells = tuple(
                cell_of(model, facts[model], name, wanted_count(facts[model], count, held_out), sitting)
                if model in facts
                else Cell(model, name, why=gone.get(model, "It is being read."), gap=GONE if model in gone else "")
                for model in models
            )
            lines.append(_line(aspect, name, cells))
    return Table(tuple(models), tuple(lines), count)


def wanted_count(facts: ModelFacts, count: int, held_out: Mapping[str, int]) -> int:
    """Of how many pictures the numbers of a model should be: no more than its data hold out."""
    return min(count, held_out.get(facts.info.dataset, count))


def _line(aspect: AspectName, name: str, cells: tuple[Cell, ...]) -> Line:
    """The numbers that most have in common are compared with each other, whatever the others are of."""
    known = {k: cell for k, cell in enumerate(cells) if cell.band is not None}
    differs = _apart(list(known.values()))
    groups: dict[tuple[tuple[str, str | int], ...], list[int]] = {}
    for k, cell in known.items():
        groups.setdefault(tuple(sorted(cell.basis.items())), []).append(k)
    most = max(groups.values(), key=lambda group: sum(cells[k].is_ranked for k in group), default=[])
    if differs and sum(cells[k].is_ranked for k in most) < 2:
        return Line(aspect, name, cells, frozenset(), differs)
    best = best_of(name, [cell.ranked() if k in most else None for k, cell in enumerate(cells)])
    return Line(aspect, name, cells, best, (), frozenset(known) - frozenset(most), differs)


def _apart(cells: Sequence[Cell]) -> tuple[str, ...]:
    fields = dict.fromkeys(name for cell in cells for name in cell.basis)
    return tuple(name for name in fields if len({cell.basis.get(name) for cell in cells}) > 1)


def cell_of(model: str, facts: ModelFacts, name: str, count: int, sitting: Sitting | None = None) -> Cell:
    """One measure of a model, from its file or from the evaluation that comes nearest to what is wanted.

    Args:
        sitting: Whose times are shown, if the model was there.
    """
    if name == "parameters":
        return Cell(model, name, Band(facts.parameters, 0.0))
    if name == "training":
        return _training(model, facts)
    if name == "spread" and not facts.siblings:
        return Cell(model, name, why=ONE_TRAINING, gap="one training")
    found = chosen(facts, count)
    if name == "time" and sitting is not None and (timed := sitting.of(*_file(facts.info))) is not None:
        where: dict[str, str | int] = {"machine": sitting.machine, "sitting": sitting.when}
        return Cell(model, name, timed.band(), found=found, basis=where, sitting=sitting)
    if found is None:
        return Cell(model, name, why=f"Not measured yet; it takes {count:,} pictures of it.", gap="not measured")
    if name == "spread":
        return _spread(model, facts, found)
    basis = _basis(model, name, found)
    if name not in found.bands:
        other, gap = (NO_CLASSES, "sees no classes") if name == "entropy" else (OLD, "measure again")
        if name in found.missing:
            other, gap = found.missing[name], MISSING.get(name, "no number")
        return Cell(model, name, why=other, gap=gap, found=found, basis=basis)
    told, ranked = caveat(name, found, facts.info), not is_in_turn(name, facts.info)
    return Cell(
        model, name, found.bands[name], floor=found.floor.get(name), found=found, basis=basis, caveat=told,
        is_ranked=ranked,
    )  # fmt: skip


def _basis(model: str, name: str, found: Evaluation) -> dict[str, str | int]:
    parts = {part: getattr(found, part) for part in BASIS.get(name, ())}
    if name == "time":
        parts["sitting"] = f"{model} alone"  # at whatever hour: nobody knows how busy the machine was
    return parts | ({"count": found.counts.get(name, found.count)} if "count" in parts else {})


def _training(model: str, facts: ModelFacts) -> Cell:
    time = facts.time
    if not time.seconds:
        return Cell(model, "training", why=NO_TIME, gap="not noted")
    how = f"{time.machine}, reckoned from the pace of a part" if time.timed else time.machine
    return Cell(model, "training", Band(time.seconds, 0.0), basis={"machine": how})


def _spread(model: str, facts: ModelFacts, found: Evaluation) -> Cell:
    """Standard deviation over mean of the Fréchet distances of trainings that were measured in the same way: as the one
    that is shown, or else as another of the model's.

    Its error is that of a standard deviation of normal numbers, which is no less than that of their measurement: two
    that come out alike by chance are no proof that all do.
    """
    alike = _alike(facts, found)
    others = (one for one in facts.evaluations if not alike and _alike(facts, one))
    if (other := next(others, None)) is not None:
        found, alike = other, _alike(facts, other)
    if not alike or "frechet" not in found.bands:
        names = ", ".join(sibling.name for sibling in facts.siblings)
        why = f"Of the other trainings of its recipe ({names}) none was measured as it was; measure them, too."
        return Cell(model, "spread", why=why, gap="measure others")
    bands = [found.bands["frechet"], *(band for _, band in alike)]
    mean = max(statistics.fmean(band.value for band in bands), 1e-12)
    share = statistics.stdev(band.value for band in bands) / mean
    measured = statistics.fmean((band.error / mean) ** 2 for band in bands)
    band = Band(share, (max(share**2, measured) / (2 * (len(bands) - 1))) ** 0.5)
    trainings = (facts.info.name, *(name for name, _ in alike))
    return Cell(model, "spread", band, found=found, basis=_basis(model, "spread", found), trainings=trainings)


def _alike(facts: ModelFacts, found: Evaluation) -> list[tuple[str, Band]]:
    """The other trainings that were measured as that, and their distances."""
    return [
        (sibling.name, one.bands["frechet"])
        for sibling in facts.siblings
        for one in sibling.evaluations
        if one.asked() == found.asked() and "frechet" in one.bands
    ]


# ---- times that were measured together ------------------------------------------------------------------


def together(models: Sequence[str], facts: Mapping[str, ModelFacts], sittings: Sequence[Sitting]) -> Sitting | None:
    """The sitting that has most of these models, as they are usually asked; None of fewer than two."""
    return sitting_of({model: _file(facts[model].info) for model in models if model in facts}, sittings)


def _file(info: ModelInfo) -> tuple[str, str]:
    return info.sha256, usual_words(info)


def times_of(models: Mapping[str, ModelInfo]) -> TimesRequest:
    """What is asked to time models together, each in its usual way."""
    return TimesRequest(tuple(evaluation_of(model, info, 1).sample for model, info in models.items()))


# ---- which evaluation, and which is still to be made ----------------------------------------------------


def usual_words(info: ModelInfo) -> str:
    """How a model is asked for pictures where nobody says otherwise; "" of one that draws at once."""
    way = usual_way(info.family, info.settings)._asdict()
    return way_in_words(info.family, SampleRequest("", **way))


def chosen(facts: ModelFacts, count: int) -> Evaluation | None:
    """The evaluation to show: of the model's own data, in its usual way, of `count` pictures, in the best features, as
    far as there is one; among equals the newest."""
    info = facts.info
    way = usual_words(info)

    def worth(one: Evaluation) -> tuple[int, ...]:
        return one.dataset == info.dataset, one.way == way, one.is_of(count), EYES_BY_WORTH.index(one.eye)

    return max(facts.evaluations, key=worth, default=None)


def to_measure(
    models: Sequence[str],
    facts: Mapping[str, ModelFacts],
    count: int,
    held_out: Mapping[str, int] = MappingProxyType({}),
) -> tuple[str, ...]:
    """The models of which there is no evaluation as it should be, or only in worse features than others of its data."""
    wanted = {model: wanted_count(facts[model], count, held_out) for model in models if model in facts}
    found = {model: chosen(facts[model], wanted[model]) for model in wanted}
    eyes = {
        data: max(EYES_BY_WORTH.index(one.eye) for one in found.values() if one is not None and one.dataset == data)
        for data in {one.dataset for one in found.values() if one is not None}
    }

    def is_there(model: str, one: Evaluation | None) -> bool:
        info = facts[model].info
        return one is not None and (
            (one.dataset, one.way) == (info.dataset, usual_words(info))
            and one.is_of(wanted[model])
            and EYES_BY_WORTH.index(one.eye) == eyes[one.dataset]
        )

    return tuple(model for model, one in found.items() if not is_there(model, one))


def evaluation_of(model: str, info: ModelInfo, count: int) -> EvaluateRequest:
    """What is asked to measure a model, and to note it on its card."""
    sample = SampleRequest(model, SEED, count, **usual_way(info.family, info.settings)._asdict())
    return EvaluateRequest(sample, notes=True)
