"""The sentences of the diffusion tab, with its numbers."""

from __future__ import annotations

from genstudio.api import Layer, Step
from genstudio.ui.numbers import signed

STOPPED = "The process <error>stopped</error>; these are the steps up to there. Play tries again."
HASTY = 4  # steps of a process that are too few to correct what the first ones guess
LAYER_NAMES: dict[Layer, str] = {"x_t": "x<sub>t</sub>", "x0_hat": "x<sub>0</sub>", "eps_hat": "ε̂"}


def link(layer: Layer, shown: Layer) -> str:
    """A layer's symbol as a word that can be clicked; bold while it is shown."""
    name = LAYER_NAMES[layer]
    return f"<b>{name}</b>" if layer == shown else f"<a href='{layer}'>{name}</a>"


def number(value: float) -> str:
    """Three decimals, a real minus sign, never a negative zero."""
    return signed(value, ".3f")


def formula(coefficients: tuple[float, float, float], shown: Layer) -> str:
    """next x = a x_t + b eps_hat + c z, with the signs drawn to the plus."""
    a, b, c = coefficients
    text = f"next&nbsp;x&nbsp;= {number(a)} {link('x_t', shown)} {_signed(b)} {link('eps_hat', shown)}"
    return f"{text} {_signed(c)} <latent>z</latent>" if abs(c) >= 0.0005 else text


def caption(step: Step, count: int, kept: float, shown: Layer) -> str:
    """Where the process is, what is left of the picture, and what the next step does."""
    calls = f"{step.calls} network call{'' if step.calls == 1 else 's'}."
    where = f"Step {step.index} of {count}, <b>t = {step.t}</b>"
    if step.t == 0:
        end = f"the schedule is at its end; {link('x0_hat', shown)} and {link('x_t', shown)} agree"
        if count <= HASTY:
            end += ". What the network guessed under so much noise stays as it is: <b>more steps</b> correct it"
        return f"{where}: {end}. {calls}"
    lead = "pure noise holds" if step.index == 0 else "the picture keeps"
    share = f"{100 * kept:.0f} %" if kept >= 0.1 else f"{100 * kept:.1f} %"
    keeps = f"{lead} <real>{share}</real> of its amplitude (√ᾱ<sub>t</sub>)"
    predicts = f"the network predicts {link('x0_hat', shown)}"
    return f"{where}: {keeps}; {predicts}; {formula(step.coefficients, shown)}. {calls}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"
