"""The sentences of the comparison of samplers, with its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from genstudio import api
from genstudio.api.guidance import classes_asked
from genstudio.errors import counted, whole
from genstudio.ui.diffusion.compare_state import SHOWN, STUDENT, CompareState, is_fresh, notation
from genstudio.ui.diffusion.words import link
from genstudio.ui.numbers import milliseconds
from genstudio.ui.numbers import short as number_short
from genstudio.ui.tabs.run_words import name_of

STOPPED = "The comparison <error>stopped</error>; these are the steps up to there. Play tries again."
LITTLE = 0.001
BETWEEN, JOINER = " · ", "\u2060"  # between what a heading says; and where no line may end
NARROW = 20  # letters that a column has room for
FIRST = "The others are compared with this column."
TOGETHER = "together"  # the word that times all columns anew
APART = f"The times are of different moments: <a href='{TOGETHER}'>time all together</a>."
LOSS = "loss"  # the word, and the preset, of a first column without noise of its own
OTHERS = "the two make different pictures: how far apart they are does not say how good they are."
REASONS = {  # for other pictures: in two words, and as a sentence begins
    "": ("", ""),
    "fresh": ("other noise", "This column draws fresh noise on its way"),
    "first fresh": ("other noise", "The first column draws fresh noise on its way"),
    "jumps": ("other way", "This column has learnt to jump"),
    "first jumps": ("other way", "The first column has learnt to jump"),
    "guidance": ("other guidance", "This column is guided more, or less, than the first"),
    "model": ("other model", "This column is of another model"),
}
SPACED = {"uniform": "uniform", "karras": "Karras"}
Titles = Mapping[str, str]  # of samplers, by name


def called(ways: Sequence[api.Way], column: int, titles: Titles) -> str:
    """A column in a sentence: DDIM with 50 steps, and where others go so many, too, what tells it from them."""
    way = ways[column]
    is_alone = sum((other.sampler, other.steps) == (way.sampler, way.steps) for other in ways) == 1
    words = ", ".join([counted(way.steps, "step"), *(() if is_alone else differing(ways, column))])
    return f"{_sampler(way, titles)} with {escape(words)}"


def _sampler(way: api.Way, titles: Titles) -> str:
    return escape(titles.get(way.sampler, way.sampler))


def alike(ways: Sequence[api.Way]) -> list[list[int]]:
    """The columns, those together that are one method in several notations."""
    groups: dict[api.Way, list[int]] = {}
    for column, way in enumerate(ways):
        groups.setdefault(notation(way), []).append(column)
    return list(groups.values())


def _twins(ways: Sequence[api.Way], titles: Titles) -> str:
    """That columns of other names are the same method; "" if none are."""
    told = []
    for group in alike(ways):
        names = list(dict.fromkeys(_eta(ways[k], titles) for k in group))
        if len(names) > 1:
            listed = f"{', '.join(names[:-1])} and {names[-1]}"
            told.append(f"{listed} are <b>one method</b>, written differently: they make the same pictures.")
    return " ".join(told)


def _eta(way: api.Way, titles: Titles) -> str:
    return _sampler(way, titles) + (f" with η {way.eta:g}" if way.sampler == "ddim" and way.eta else "")


def short(ways: Sequence[api.Way], column: int, titles: Titles) -> str:
    """A column in the inspector's list."""
    way = ways[column]
    return " · ".join([titles.get(way.sampler, way.sampler), str(way.steps), *differing(ways, column)])


def differing(ways: Sequence[api.Way], column: int) -> list[str]:
    """What tells a column from others beside sampler and steps."""
    way = ways[column]
    words = {
        "guidance": f"guidance {way.guidance:g}",
        "eta": f"η {way.eta:g}",
        "spacing": SPACED.get(way.spacing, way.spacing),
        "model": name_of(way.model),
    }
    return [text for name, text in words.items() if len({getattr(other, name) for other in ways}) > 1]


def heading(ways: Sequence[api.Way], column: int, titles: Titles, is_chosen: bool) -> str:
    """The rich text over a column."""
    way = ways[column]
    name = f"<b>{escape(titles.get(way.sampler, way.sampler))}</b>"
    lines = [f"<u>{name}</u>" if is_chosen else name]
    parts = [counted(way.steps, "step"), *differing(ways, column)]
    return "<br>".join([*lines, BETWEEN.join(unbroken(escape(part)) for part in parts)])


def unbroken(text: str) -> str:
    """The same, of which no line ends at a hyphen; but of a name that is longer than a narrow column."""
    return text.replace("-", f"{JOINER}-{JOINER}") if len(text) <= NARROW else text


def classes_of(info: api.ModelInfo | None, state: CompareState, guidance: float) -> list[str]:
    """What each picture of a model is to be; none where it knows no classes, or is asked for none."""
    if info is None:
        return []
    asked = classes_asked(info, state.label, guidance, state.count)
    return [info.classes[k] for k in asked if k != api.NO_CLASS]


def place_label(place: float, by: api.By) -> str:
    """Where the columns are, beside the scrubber."""
    share = f"{100 * place:.0f} %"
    return f"{share} of the way" if by == "share" else f"noise {100 * (1 - place):.0f} %"


def where(place: float, by: api.By) -> str:
    """The same in a sentence."""
    if place >= 1:
        return "The end of the way"
    if by == "share":
        return f"<b>{100 * place:.0f} %</b> of the way"
    return f"The noise is down to <b>{100 * (1 - place):.0f} %</b>"


def layers(shown: api.Layer) -> str:
    """The three layers, of which the other two can be clicked."""
    return ", ".join(link(layer, shown) for layer in SHOWN)


def caption(
    ways: Sequence[api.Way],
    titles: Titles,
    place: float,
    by: api.By,
    shown: api.Layer,
    calls: Sequence[int],
    ms: Sequence[float],
    errors: Sequence[float],
    count: int,
) -> str:
    """Where all are, and what the column that asks the network least saves and loses.

    Args:
        ms: What all `count` pictures of a column took together; 0 where that was at another time than with others.
    """
    if place <= 0:
        return f"All columns begin with the same {_shared(ways)} and the same classes; shown: {layers(shown)}."
    start = f"{where(place, by)}, from the same {_shared(ways)}; shown: {layers(shown)}."
    others = range(1, len(ways))
    thrifty = min(others, key=lambda k: (calls[k], errors[k]))
    rivals = alike(ways)[1:]  # nobody of one method is nearer than the others of it, nor near to the first as its own
    closest, farthest = (pick(rivals, key=lambda group: errors[group[0]], default=[]) for pick in (min, max))
    if calls[thrifty] < calls[0]:
        each, each_first = milliseconds(ms[thrifty] / count), milliseconds(ms[0] / count)
        has_times = ms[thrifty] > 0 and ms[0] > 0
        took, took_first = (f" ({each} a picture)", f" ({each_first})") if has_times else ("", "")
        far = distance(errors[thrifty])
        text = (
            f"{called(ways, thrifty, titles)} has asked the network <accent>{_times(calls[thrifty])}</accent>{took}, "
            f"{called(ways, 0, titles)} <accent>{_times(calls[0])}</accent>{took_first}; "
            f"the mean squared difference is <generated>{far}</generated>, a distance and no grade."
        )
        rest = [(closest, "Closest")] if thrifty not in closest else []
    else:
        text = f"{called(ways, 0, titles)} has asked the network <accent>{_times(calls[0])}</accent>."
        rest = [(closest, "Closest to it")] + ([(farthest, "farthest")] if farthest != closest else [])
    ends = [
        f"{word} {'is' if len(group) == 1 else 'are'} {' and '.join(called(ways, k, titles) for k in group)}: "
        f"<generated>{distance(errors[group[0]])}</generated>"
        for group, word in rest
        if group
    ]
    more = f" {'; '.join(ends)}." if ends else ""
    return " ".join(filter(None, [f"{start} {text}{more}", _twins(ways, titles), _warning(ways)]))


def distance(error: float) -> str:
    """A mean squared difference in four decimals, or where these say little in two digits that mean something."""
    return f"{error:.4f}" if error >= LITTLE else number_short(error)


def _times(calls: int) -> str:
    return "once" if calls == 1 else f"{calls:,} times"


def _shared(ways: Sequence[api.Way]) -> str:
    """What all begin with: in the codes of a VAE a seed is not the noise that it is in pixels."""
    return "noise" if len({way.model for way in ways}) == 1 else "seed"


def stuck(column: int, why: str) -> str:
    """Why a column has no pictures."""
    others = "; the others have nothing to be compared with" if column == 0 else ""
    return f"<error>Column {column + 1} cannot go</error>{others}: {escape(whole(why))}"


def _warning(ways: Sequence[api.Way]) -> str:
    """That a difference is no loss where there is a reason for other pictures."""
    reasons = {reason(ways[0], way) for way in ways[1:]}
    if "first fresh" in reasons:
        return (
            "The first column draws fresh noise on the way and makes other pictures, so not all that differs is lost: "
            f"<a href='{LOSS}'>compare with DDIM</a>."
        )
    if reasons & {"jumps", "first jumps"}:
        return "One that jumps has learnt to make other pictures: how far they differ says not how good they are."
    if "fresh" in reasons:
        return "A column that draws fresh noise makes other pictures, not worse ones."
    if "model" in reasons:
        return "Another model makes other pictures, which is no loss."
    if "guidance" in reasons:
        return "Other guidance makes other pictures: that they differ is what it does, and no loss."
    return ""


def reason(first: api.Way, way: api.Way) -> str:
    """Why a way leads to other pictures than the first one, though nothing is lost: of REASONS, "" if none is known."""
    if notation(way) == notation(first):
        return ""
    jumps, first_jumps = (one.sampler == STUDENT for one in (way, first))
    if is_fresh(first):
        return "first fresh"
    if jumps != first_jumps:
        return "jumps" if jumps else "first jumps"
    if is_fresh(way):
        return "fresh"
    if way.model != first.model:
        return "model"
    return "guidance" if way.guidance != first.guidance else ""


def not_lost(ways: Sequence[api.Way], column: int) -> tuple[str, str]:
    """Why the difference of a column to the first one is no loss, in two words and in a sentence; none if it is one."""
    short, why = REASONS[reason(ways[0], ways[column])]
    return short, f"{why}, so {OTHERS}" if why else ""
