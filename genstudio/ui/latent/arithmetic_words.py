"""What the arithmetic of codes says. No Qt."""

from __future__ import annotations

from html import escape

import numpy as np

from genstudio.ui.latent.arithmetic_state import ArithmeticState
from genstudio.ui.numbers import signed
from genstudio.ui.tabs.vae_words import percent, share_farther


def sum_words(state: ArithmeticState) -> str:
    """7 minus 1 plus 4; with another strength than 1 so many times the difference."""
    a, b, c = (name or "?" for name in state.names)
    if abs(state.strength - 1) < 1e-9:
        return f"{a} minus {b} plus {c}"
    return f"{signed(state.strength, '.2f')} times ({a} minus {b}) plus {c}"


def sentence_of(state: ArithmeticState, target: str) -> str:
    """What the slots show, as rich text."""
    if not state.is_full():
        return (
            f"<b>A − B + C</b>: what A has and B has not is added to C. Click a picture of the shelf to put it into "
            f"<b>{target}</b>, drag one into any slot, or drop and paste pictures of your own."
        )
    a, b, c = (escape(name) for name in state.names)
    z = np.array(state.result())
    distance, farther = float(np.linalg.norm(z)), share_farther(float(np.linalg.norm(z)), len(z))
    text = f"<b>{escape(sum_words(state))}</b>: what <b>{a}</b> has and <b>{b}</b> has not is added to <b>{c}</b>. "
    if farther < 1e-3:
        return text + (
            f"The sum lies <b>{distance:.1f} σ</b> out, farther than random codes do: it may be a picture of nothing."
        )
    return (
        text + f"The sum lies <b>{distance:.1f} σ</b> from the centre; {percent(farther)} of random codes lie farther."
    )
