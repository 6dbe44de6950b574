"""The sentences of the diffusion tab, with its numbers."""

from __future__ import annotations

from collections.abc import Set

from genstudio.api import NO_CLASS, DenoiseRequest, Layer, Start, Step, hole_of
from genstudio.errors import counted
from genstudio.ui.numbers import signed

NO_MODEL = ("There is no diffusion model here yet. Train one, or drop a model's file on the window.", "Train a model")
STOPPED = "The process <error>stopped</error>; these are the steps up to there. Play tries again."
HASTY = 4  # steps of a process that are too few to correct what the first ones guess
JUMP = "It <b>jumped</b> here at once, as it was taught to; more steps correct what it said"
UNTAUGHT = "It jumped here, which this network was <b>never taught</b>: what it says of noise is a guess, not a picture"
JUMPS = "After each jump to the end some <latent>noise</latent> was put back, and the next one corrected what was said"
ONCE = frozenset((1,))
TWICE = {  # how guidance asks, by the network calls that an answer took until now
    frozenset((2,)): ", two for each answer: with the class and without it",
    frozenset((1, 2)): ", two for each answer with guidance: with the class and without it",
}
SAMPLER_LETTERS = 13  # of average width in the longest name of a sampler
NO_STATES: dict[Layer, str] = {  # what is shown where it is no picture, so that nobody takes it for one
    "eps_hat": " Shown is the <latent>noise</latent> that the network sees.",
    "change": " Shown is what the last step <b>changed</b>.",
}
UNASKED = " With guidance 0 no class is asked for."
STRONG = 5.0  # guidance from which pixels saturate
OTHERS = {
    "z": "<latent>z</latent>",
    "v": "v̂",
    "eps2": "ε̂′",
    "v2": "v̂′",
    "x0_before": "x<sub>0</sub> of the step before",
}
Terms = tuple[tuple[str, float], ...]
LAYER_NAMES: dict[Layer, str] = {
    "x_t": "x<sub>t</sub>",
    "x0_hat": "x<sub>0</sub>",
    "eps_hat": "ε̂",
    "change": "the change",
}


def link(layer: Layer, shown: Layer) -> str:
    """A layer's symbol as a word that can be clicked; bold while it is shown."""
    name = LAYER_NAMES[layer]
    return f"<b>{name}</b>" if layer == shown else f"<a href='{layer}'>{name}</a>"


def level(t: float) -> str:
    """A noise level; those between two have a decimal."""
    return f"{t:.0f}" if t == int(t) else f"{t:.1f}"


def number(value: float) -> str:
    """Three decimals, a real minus sign, never a negative zero."""
    return signed(value, ".3f")


def formula(terms: Terms, shown: Layer) -> str:
    """next x = a x_t + b x0_hat + c z and so on, with the signs drawn to the plus; nothing is said of zeros."""
    links: tuple[tuple[str, Layer], ...] = (("x", "x_t"), ("x0", "x0_hat"), ("eps", "eps_hat"))
    parts = {part: link(layer, shown) for part, layer in links} | OTHERS
    seen = [(value, parts[part]) for part, value in terms if abs(value) >= 0.0005]
    if not seen:
        return ""
    (first, part), *rest = seen
    return " ".join(
        [f"next&nbsp;x&nbsp;= {number(first)} {part}", *(f"{_signed(value)} {part}" for value, part in rest)]
    )


def caption(
    step: Step, count: int, kept: float, shown: Layer, way: DenoiseRequest, family: str = "ddpm", each: Set[int] = ONCE
) -> str:
    """Where the process is, what is left of the picture, and what the next step does.

    Args:
        way: With what the process is asked for at this step.
        family: Of the model.
        each: Network calls that an answer took, at any step until now.
    """
    start = way.start
    calls = f"{counted(step.calls, 'network call')}{TWICE.get(frozenset(each), '')}."
    where = f"Step {step.index} of {count}, <b>t = {level(step.t)}</b>"
    if step.t == 0:
        end = f"the schedule is at its end; {link('x0_hat', shown)} and {link('x_t', shown)} agree"
        if way.guidance >= STRONG and way.label != NO_CLASS:
            end += (
                f". So much <b>guidance</b> ({way.guidance:g}) burns: pixels saturate, pictures of a class become alike"
            )
        elif way.sampler == "consistency":
            end += f". {UNTAUGHT if family != 'consistency' else JUMP if count == 1 else JUMPS}"
        elif count <= HASTY:
            end += ". What the network guessed under so much noise stays as it is: <b>more steps</b> correct it"
        return f"{where}: {end}. {calls}"
    share = f"{100 * kept:.0f} %" if 0.1 <= kept < 0.99 else f"{min(100 * kept, 99.9):.1f} %"  # never all of it
    root = "" if family == "flow" else " (√ᾱ<sub>t</sub>)"  # along a straight path the share is 1 − t / T
    what = "code" if family.startswith("latent") else "picture"
    keeps = f"the {what} keeps <real>{share}</real> of its amplitude{root}"
    if step.index == 0 and start is None:
        keeps = f"pure noise holds <real>{share}</real> of the {what}'s amplitude{root}"
    predicts = f"the network predicts {link('x0_hat', shown)}"
    then = formula(step.terms, shown)
    if start is not None and 0 < marked(start) < 1:
        then = f"in the hole {then}, around it the picture is put in again with its noise"
    elif start is not None and is_idle(start):
        then = "<b>nothing is marked</b>, so the picture is put in again with its noise and comes out as it is"
    return f"{where}: {keeps}; {predicts}; {then}. {calls}"


def suited(name: str, sampler: str, steps: int, is_usual: bool) -> str:
    """Another kind of models is asked another way than the one before."""
    how = "models of its kind usually are" if is_usual else "you last played one of its kind"
    return f"{name} is played as {how}: {sampler}, {steps} step{'' if steps == 1 else 's'}."


def unsuited(name: str) -> str:
    """A model that jumps goes another way, which was chosen by hand."""
    return f"{name} was taught to jump, and draws badly with this sampler."


def marked(start: Start) -> float:
    """The share of its picture that is made anew, 0 to 1."""
    return float(hole_of(start.hole, 28, 28).mean()) if start.hole else 0.0


def is_idle(start: Start | None) -> bool:
    """Whether there is a hole of nothing, so that the process gives the picture back."""
    return start is not None and bool(start.hole) and not marked(start)


def codes(count: int) -> str:
    """What stands beside each picture of a latent diffusion."""
    return (
        f" Beside each picture is its <latent>code</latent> of {count} number{'' if count == 1 else 's'}: orange above "
        "0, blue below."
    )


def room(seen: int, count: int) -> str:
    """That not all pictures of the process can be seen."""
    return f" Of {count} pictures the first <b>{seen}</b> have room here." if 0 < seen < count else ""


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"
