"""The sentences of the forward page, with its numbers."""

from __future__ import annotations

from genstudio.settings.schedules import PEN
from genstudio.ui.diffusion.forward_state import ForwardState
from genstudio.ui.diffusion.words import number
from genstudio.ui.numbers import signed

TITLES = ["picture x₀", "noise ε", "noisy picture xₜ"]
SCHEDULE_HELPS = {
    "linear": ("Linear", "β grows evenly, from 0.0001 to 0.02 for T = 1000 (Ho et al. 2020)"),
    "cosine": ("Cosine", "ᾱ falls along a squared cosine: less is lost early (Nichol and Dhariwal 2021)"),
    "sigmoid": ("Sigmoid", "ᾱ falls along a sigmoid, slowly at both ends (Jabri et al. 2022)"),
    "straight": ("Straight", "From picture to noise in a straight line, as in flow matching (Lipman et al. 2022)"),
}
DRAW = ("Drawn", "Draw with the mouse how ᾱ falls from 1 to 0")
STILL = 0.02  # of the amplitude: with so much left at T there is no pure noise
Numbers = tuple[float, float]


def name_of(schedule: str) -> str:
    """A schedule as a sentence calls it."""
    return "drawn" if schedule.startswith(PEN) else schedule


def formula(signal: float, sigma: float, is_straight: bool) -> str:
    """The closed form with its numbers at this t."""
    shares = "(1 − t/T)", "(t/T)"
    if not is_straight:
        shares = "√ᾱ<sub>t</sub>", "√(1 − ᾱ<sub>t</sub>)"
    return (
        f"x<sub>t</sub> = {shares[0]} x<sub>0</sub> + {shares[1]} ε"
        f" = <real>{number(signal)}</real> x<sub>0</sub> + <latent>{number(sigma)}</latent> ε"
    )


def ratio(signal: float, sigma: float) -> str:
    """Signal to noise, of the powers, with as many digits as say something."""
    if not sigma or not signal:
        return "0" if sigma else "∞"
    snr = (signal / sigma) ** 2
    if snr >= 1000:
        return f"{snr:,.0f}"
    return f"{snr:.3g}" if snr >= 0.001 else f"{snr:.1e}".replace("-", "−")


def caption(state: ForwardState, signal: float, sigma: float, pixels: Numbers) -> str:
    """How far the picture is on its way to noise; `pixels` are mean and standard deviation of x_t."""
    where = f"<b>t = {state.t}</b> of {state.timesteps}"
    if state.t == 0:
        return (
            f"{where}: the clean picture. Slide t, or press Space: at every t one draw of noise, ε, "
            "is enough to know x<sub>t</sub>, without the steps before."
        )
    keeps = f"the picture keeps <real>{_percent(signal)}</real> of its amplitude"
    snr = f"signal-to-noise is <accent>{ratio(signal, sigma)}</accent>"
    mean, std = pixels
    spread = f"the pixels of x<sub>t</sub> have mean {signed(mean, '.2f')} and deviation {std:.2f}"
    end = "noise has 0 and 1"
    if state.t == state.timesteps:
        if signal > STILL:
            end += ". There is <b>no pure noise</b> at T: a sampler that begins with it begins elsewhere"
        else:
            end += "; nothing of the picture can be told any more"
    return f"{where}: {keeps}, {snr}; {spread}, {end}."


def compared(state: ForwardState) -> str:
    """What the faint curves are, for the tooltip of the plots."""
    if not state.beside:
        return "Click or drag in a plot to go to that t."
    return f"Click or drag in a plot to go to that t. The faint dashed curves are the {name_of(state.beside)} schedule."


def _percent(share: float) -> str:
    percent = 100 * share
    if not share:
        return "nothing"
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %" if percent >= 0.1 else "less than 0.1 %"
