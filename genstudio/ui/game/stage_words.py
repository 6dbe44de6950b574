"""What the stages of an iteration are called, and what stands under each. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from genstudio.api import StageEvent
from genstudio.api.stages import Line
from genstudio.ui.numbers import short

TITLES = {
    "draw": "Draw examples and noise",
    "generate": "G makes as many",
    "score": "D judges both",
    "penalty": "D's slope has its price",
    "update D": "D learns",
    "generate again": "G makes new ones",
    "score again": "D judges G's again",
    "update G": "G learns",
}
HELPS = {
    "draw": "A batch of real examples x, and for each a code z of noise.",
    "generate": "G turns every code into an example. How much they differ: their standard deviation, and that of the "
    "real ones. Far less: modes are lost.",
    "score": "D looks at both. Its loss is small if it tells them apart; numbers are means over the batch.",
    "penalty": "What is added to D's loss, so that its answers change gently; x′ lies between x and G(z).",
    "update D": "The optimiser moves D's weights down its loss; G stays. Moved: how far, as a share of D's length.",
    "generate again": "New codes; in its first update G takes those that D has just learned from.",
    "score again": "D has just learned, so it says something else. G's loss is small if D takes its examples for real.",
    "update G": "The gradient goes back through D, and moves G alone. Moved: how far, as a share of G's length.",
}
NAMES = {  # of the numbers, in their order
    "batch": "batch {}", "latents": "{} numbers in z", "fake": "they differ by {}", "real": "real ones by {}",
    "d_real": "D(x) {}", "d_fake": "D(G(z)) {}", "gradient": "gradient {}", "ratio": "moved {} %", "rate": "η {}",
}  # fmt: skip
FIXED = "\u00a0"  # does not break
PLAYERS = {"d": "D", "g": "G"}
ALONE = {
    "d": ("D alone", "One iteration in which D learns and G waits: D gets surer of what G makes now"),
    "g": ("G alone", "One iteration in which G learns and D waits: G runs to where this D says real"),
    "both": ("Both", "One whole iteration: D learns, then G; one that is half done is finished"),
}
SLOW_HELP = "One step, the . key and play then carry out one stage of an iteration, not all of it"
ITERATION_HELP, STAGE_HELP = "One iteration: D learns, then G (.)", "One stage of an iteration (.)"


def title(line: Line, is_critic: bool) -> str:
    """In plain words; a critic gives scores."""
    return TITLES[line.name].replace("judges", "scores") if is_critic else TITLES[line.name]


def help_of(line: Line, is_critic: bool) -> str:
    """What a stage does, and what D's numbers are."""
    said = " D is a critic: it gives scores." if is_critic else " D(·) is the probability of real."
    return HELPS[line.name] + (said if line.name.startswith("score") else "")


def formula(line: Line, numbers: Mapping[str, float]) -> str:
    """As rich text, with the number that it comes to."""
    text = escape(line.formula, quote=False)
    for whole in ("1 − D", "log D", "max(0, 1"):  # a line does not break within these
        text = text.replace(whole, whole.replace(" ", FIXED))
    for player in PLAYERS.values():
        text = text.replace(f"_{player}", f"<sub>{player}</sub>")
    return f"{text} = <b>{value(numbers[line.result])}</b>" if line.result in numbers else text


def values(line: Line, numbers: Mapping[str, float]) -> str:
    """The other numbers of a stage."""
    said = [
        text.format(value(100 * numbers[name] if name == "ratio" else numbers[name]))
        for name, text in NAMES.items()
        if name in numbers and name != line.result
    ]
    return " · ".join(said)


def value(number: float) -> str:
    """In few digits."""
    return f"{number:.0f}" if float(number).is_integer() and abs(number) < 10_000 else short(number) or "not finite"


def where(told: StageEvent | None, iteration: int, is_over: bool, alone: str) -> str:
    """Where the iteration is, one line."""
    if told is None:
        return f"Next: iteration {iteration + 1:,}, stage 1."
    if alone:
        return f"Iteration {told.iteration:,}: {PLAYERS[alone]} learned alone."
    if is_over:
        return f"Iteration {told.iteration:,} is done."
    many = f", update {told.update} of {told.updates} of {PLAYERS[told.line.player]}" if told.updates > 1 else ""
    return f"Iteration {told.iteration:,}, stage {told.number} of {told.of}{many}."


def why_not(state: str, is_walking: bool, is_live: bool, shown: int) -> str:
    """Why one cannot go on by stages just now; "" if one can."""
    if is_walking:
        return "This network walks. Train one to see its stages."
    if not is_live:
        return f"This is iteration {shown:,} of the past. Go to the newest to go on by stages."
    return {"failed": "The run has stopped.", "ended": "The run has ended."}.get(state, "")
