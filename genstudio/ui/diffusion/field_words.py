"""The sentences of the diffusion of points."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from genstudio.api import Floats
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.tabs.run_words import can_rewind

STRAIGHT = "A straight path ends in nothing but noise, which tells no point: so {changed}."


def empty() -> str:
    """Nothing runs yet."""
    return (
        "A network sees <real>points</real> with <latent>noise</latent> on them and learns where they came from: that "
        "is a <latent>field</latent>, and along it <generated>particles</generated> flow from noise to data."
    )


def invitation(title: str) -> str:
    """On the empty plane."""
    return f"A network learns to turn noise into points like these: {title}."


def mended(is_straight: bool) -> str:
    """Schedule and objective did not go together; which of them has been changed."""
    return STRAIGHT.format(changed="the network predicts the flow" if is_straight else "the schedule is linear")


def where(numbers: Mapping[str, Floats], place: float) -> tuple[str, ...]:
    """Beside the slider, what matters most first."""
    if "t" not in numbers:
        return ()
    scene = Scene(numbers)
    signal, noise = float(scene.at("signal", place)), float(scene.at("noise", place))
    when = f"t = {scene.t(place):.0f} of {float(numbers['t'][0]):.0f}"
    return when, f"signal {signal:.2f}", f"noise {noise:.2f}"


def learning(iteration: int, loss: float, numbers: Mapping[str, Floats]) -> str:
    """While it learns: how much is left to learn, and what comes of it."""
    said = f"Iteration {iteration:,}: " + (_costs(loss, numbers) if math.isfinite(loss) else "")
    return f"{said} {how_far(numbers)}"


def _costs(loss: float, numbers: Mapping[str, Floats]) -> str:
    if "floor" not in numbers:
        return f"loss <b>{loss:.3f}</b>."
    least, error = float(numbers["floor"].mean()), float(numbers["error"].mean())
    share = max(100 * error, 0.1)  # percent: the squares of the true field come to about 1
    return (
        f"loss <b>{loss:.3f}</b>; no network can come below about {least:.3f} for long. "
        f"In squares the <latent>field</latent> is <b>{share:.{0 if share >= 10 else 1}f} %</b> off the true one."
    )


def how_far(numbers: Mapping[str, Floats]) -> str:
    """Where the particles end."""
    if "wasserstein" not in numbers or not np.isfinite(numbers["wasserstein"][0]):
        return ""
    said = f"<generated>Particles</generated> end <b>{numbers['wasserstein'][0]:.2f}</b> from <real>real</real> points"
    if "modes" in numbers:
        found, good, all_ = numbers["modes"]
        said += f"; <b>{found:.0f} of {all_:.0f}</b> islands found, {100 * good:.0f} % of the particles on an island"
    return f"{said}."


def looking_back(iteration: int, newest: int, is_running: bool, then: str, rewind_at: int) -> str:
    """In the history, away from the live end."""
    goes_on = "training goes on" if is_running else "training is paused"
    links = can_rewind(rewind_at, iteration) if rewind_at >= 0 else "<a href='live'>Back to the live end</a>."
    return f"Back at iteration <b>{iteration:,}</b> of {newest:,}; {goes_on}. {then} {links}"
