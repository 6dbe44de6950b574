"""The two palettes and the arithmetic of contrast (WCAG 2.1)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass


def luminance(color: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mix(a: str, b: str, share: float) -> str:
    """`share` of colour b in colour a, as #rrggbb."""
    pairs = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def readable(color: str, background: str, towards: str, ratio: float = 4.5) -> str:
    """`color` moved towards another one just until it can be read on `background`."""
    return next(
        (c for c in (mix(color, towards, i / 50) for i in range(51)) if contrast(c, background) >= ratio), towards
    )


@dataclass(frozen=True)
class Colors:
    """One theme. The `*_text` variants of a meaning have 4.5:1 on every ground that text stands on."""

    dark: bool
    window: str
    panel: str
    raised: str
    stage: str
    line: str
    text: str
    text2: str
    accent: str
    real: str = "#009E73"
    generated: str = "#D55E00"
    discriminator: str = "#0072B2"
    generator: str = "#E69F00"
    latent: str = "#CC79A7"
    neutral: str = "#8A929D"
    error: str = "#D9483B"
    accent_text: str = ""
    real_text: str = ""
    generated_text: str = ""
    discriminator_text: str = ""
    generator_text: str = ""
    latent_text: str = ""
    neutral_text: str = ""
    error_text: str = ""
    on_accent: str = ""  # text upon the accent
    hover: str = ""  # raised, under the pointer
    rule: str = ""  # between pictures on the stage: 3:1 against black and against the stage, or white
    edge: str = ""  # of a control: 3:1 against the panel where the control needs it to be found


def _complete(colors: Colors) -> Colors:
    grounds = (colors.window, colors.panel, colors.raised, colors.stage)
    ground = min(grounds, key=lambda g: contrast(g, colors.text))
    names = ("accent", "real", "generated", "discriminator", "generator", "latent", "neutral", "error")
    texts = {f"{name}_text": readable(getattr(colors, name), ground, colors.text) for name in names}
    if colors.dark:  # sky blue and the discriminator's blue are of one hue: so the words of one are much lighter
        texts["accent_text"] = mix(texts["accent_text"], colors.text, 0.6)
    on_accent = max(("#0B0D10", "#FFFFFF"), key=lambda c: contrast(c, colors.accent))
    hover = mix(colors.raised, colors.text, 0.07)
    edge = mix(colors.line, colors.text2, 0.35)
    rule = readable(colors.line, "#000000" if colors.dark else colors.stage, colors.text, 3.0)
    return dataclasses.replace(colors, **texts, on_accent=on_accent, hover=hover, edge=edge, rule=rule)  # type: ignore[arg-type]


DARK = _complete(
    Colors(
        dark=True, window="#16181D", panel="#1E2127", raised="#262A31", stage="#101114", line="#343942",
        text="#E6E8EB", text2="#9AA3AE", accent="#56B4E9",
    )
)  # fmt: skip
LIGHT = _complete(
    Colors(
        dark=False, window="#F6F7F9", panel="#FFFFFF", raised="#F0F2F5", stage="#E9ECF1", line="#D8DDE3",
        text="#1B1F24", text2="#5B6672", accent="#4257C9",
    )
)  # fmt: skip
