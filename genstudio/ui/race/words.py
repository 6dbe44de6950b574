"""The sentences of a race: who is ahead and in what, as far as the numbers know."""

from __future__ import annotations

import math

from genstudio.ui.numbers import short, signed
from genstudio.ui.race.run import Pair, RaceRun

SURE = 2.0  # standard errors
FAR = 1e4  # a distance of points that fly away
FURTHER = 0.05  # of D(real) - D(fake): less is no difference


def empty(is_twin: bool) -> str:
    """Nothing races yet."""
    if is_twin:
        return (
            "The same rules, the same rates, two arenas: what happens to the pictures on the right can be seen whole "
            "among the points on the left."
        )
    return (
        "Two games begin with the same networks and the same examples in the same order; one setting differs, so "
        "whatever comes apart comes from it."
    )


def invitation(names: tuple[str, str], is_twin: bool) -> str:
    """On the empty stage."""
    return "The same game on points and on pictures." if is_twin else f"{names[0]} against {names[1]}."


def side_numbers(run: RaceRun, side: int, pair: Pair, scores: tuple[float, float] | None) -> str:
    """What a side is measured by at a moment, in two lines."""
    parts, numbers = [], pair.sides[side].numbers
    if "wasserstein" in numbers:
        value, error = numbers["wasserstein"]
        parts.append(f"distance {value:.2f} ± {error:.2f}" if value < FAR else f"distance {short(value)}")
    elif (found := run.sides[side].signs.measured_at(pair.iteration)) is not None:
        band = found.meters.frechet
        parts.append(f"Fréchet {band.value:.1f} ± {band.error:.1f}")
    if "modes" in numbers:
        found_modes, good, all_ = numbers["modes"]
        parts.append(f"{found_modes:.0f} of {all_:.0f} islands, {100 * good:.0f} % on one")
    line = " · ".join(parts)
    if scores is None or not all(map(math.isfinite, scores)):
        return line
    form = "+.2f" if run.is_critic(side) else ".2f"
    said = f"D(real) {signed(scores[0], form)} · D(fake) {signed(scores[1], form)}"
    return f"{line}\n{said}" if line else said


def caption(run: RaceRun, pair: Pair, is_twin: bool) -> str:
    """One moment of a race in words."""
    is_live = run.history.is_live
    scores = run.scores_at(None if is_live else pair.iteration)
    said = _arenas(run, pair, scores) if is_twin else _ahead(run, pair, scores)
    trouble = _stopped(run)
    if is_live:
        return f"Iteration {run.iteration:,}: {said}{trouble}"
    goes_on = "the race goes on" if run.state == "running" else "the race stands still"
    return (
        f"Back at iteration <b>{pair.iteration:,}</b> of {run.iteration:,}; {goes_on}. {said[0].upper()}{said[1:]} "
        "<a href='live'>Back to the live end</a>."
    )


def _stopped(run: RaceRun) -> str:
    """Which side has broken."""
    broken = [name for name, trouble in zip(run.names, run.troubles, strict=True) if trouble]
    if not broken:
        return ""
    if len(broken) == 2:
        return " Both have <error>stopped</error>: these are their last good moments."
    where = min(side.iteration for side in run.sides)
    other = next(name for name, trouble in zip(run.names, run.troubles, strict=True) if not trouble)
    return f" <b>{broken[0]}</b> has <error>stopped</error> after iteration {where:,}, <b>{other}</b> goes on."


def _ahead(run: RaceRun, pair: Pair, scores: tuple[tuple[float, float], tuple[float, float]] | None) -> str:
    """Who is nearer to the real examples; where that is not known, between whom D still wavers."""
    if any(run.troubles):
        return "only one side still plays." if not all(run.troubles) else "nobody plays any more."
    known = [_distance(run, side, pair) for side in (0, 1)]
    if known[0] is not None and known[1] is not None:
        return _nearer(run, pair, known[0], known[1])
    return _wavers(run, scores)


def _distance(run: RaceRun, side: int, pair: Pair) -> tuple[float, float] | None:
    """Value and standard error of a side's distance from the real examples."""
    if (known := pair.sides[side].numbers.get("wasserstein")) is not None:
        return float(known[0]), float(known[1])
    found = run.sides[side].signs.measured_at(pair.iteration)
    return (found.meters.frechet.value, found.meters.frechet.error) if found is not None else None


def _nearer(run: RaceRun, pair: Pair, left: tuple[float, float], right: tuple[float, float]) -> str:
    of_points = run.is_of_points(0)
    what, form = ("points", ".2f") if of_points else ("pictures", ".1f")
    apart, unsure = left[0] - right[0], SURE * math.hypot(left[1], right[1])
    unit = "" if of_points else " (Fréchet distance)"
    if abs(apart) <= unsure or f"{left[0]:{form}}" == f"{right[0]:{form}}":
        middle = (left[0] + right[0]) / 2
        return (
            f"neither is ahead: the <generated>{what}</generated> of both lie about <b>{middle:{form}}</b> from the "
            f"<real>real</real> ones{unit}.{_islands(pair, 0)}"
        )
    first, second = (0, 1) if apart < 0 else (1, 0)
    values = left[0], right[0]
    return (
        f"<b>{run.names[first]}</b> is ahead: its <generated>{what}</generated> lie <b>{values[first]:{form}}</b> from "
        f"the <real>real</real> ones{unit}, those of {run.names[second]} <b>{values[second]:{form}}</b>."
        f"{_islands(pair, first)}"
    )


def _islands(pair: Pair, first: int) -> str:
    ours, others = (pair.sides[side].numbers.get("modes") for side in (first, 1 - first))
    if ours is None or others is None:
        return ""
    here, there, all_ = ours[0], others[0], ours[2]
    if here == there:
        return f" Both have found {here:.0f} of {all_:.0f} islands."
    return f" It has found {here:.0f} of {all_:.0f} islands, the other {there:.0f}."


def _wavers(run: RaceRun, scores: tuple[tuple[float, float], tuple[float, float]] | None) -> str:
    """Without a distance only what each D says of its own game is known; critics' scores have no common unit."""
    if scores is None or not all(math.isfinite(value) for pair in scores for value in pair):
        return "both have just begun."
    gaps = [real - fake for real, fake in scores]
    told = [f"by <b>{signed(gap, '.2f')}</b> with {name}" for name, gap in zip(run.names, gaps, strict=True)]
    is_critic = run.is_critic(0) or run.is_critic(1)
    does = ("scores", "higher than") if is_critic else ("is surer of", "than of")
    said = (
        f"<discriminator>D</discriminator> {does[0]} <real>real</real> pictures {does[1]} "
        f"<generated>generated</generated> ones, {told[0]} and {told[1]}."
    )
    if is_critic or abs(gaps[0] - gaps[1]) < FURTHER:
        return said
    closer = run.names[0 if gaps[0] < gaps[1] else 1]
    return f"{said} The players of <b>{closer}</b> are closer together."


def _arenas(run: RaceRun, pair: Pair, scores: tuple[tuple[float, float], tuple[float, float]] | None) -> str:
    if scores is None or not all(math.isfinite(value) for pair_ in scores for value in pair_):
        return "the same game has begun in both arenas."
    (real_l, fake_l), (real_r, fake_r) = scores
    form, does = ("+.2f", "scores") if run.is_critic(0) else (".2f", "gives")
    modes = pair.left.numbers.get("modes")
    found = f", and {modes[0]:.0f} of {modes[2]:.0f} islands are found" if modes is not None else ""
    return (
        f"on points <discriminator>D</discriminator> {does} real ones <real>{signed(real_l, form)}</real> and "
        f"generated ones <generated>{signed(fake_l, form)}</generated>{found}; on pictures "
        f"<real>{signed(real_r, form)}</real> "
        f"and <generated>{signed(fake_r, form)}</generated>."
    )
