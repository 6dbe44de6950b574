"""What models side by side teach, said of the pictures that are seen. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import numpy.typing as npt

from genstudio.api import Floats, ModelInfo, Pictures, called
from genstudio.ui.latent.compare_state import LOOSE, TIDY

TRAIN = "Train an <a href='ae'>autoencoder</a> or <a href='pca'>PCA</a>"
KINDS = "Look at <a href='kinds'>one of each kind</a>"
REAL = (0.6, 1.6)  # times as different as real pictures: what is taken for about as different
LESS = 0.85  # times as different as a VAE's: what is clearly less
DEAD = 0.2  # times as different as real pictures: given back less different than that, they are all the same
FAR, NEAR = 1.25, 1.15  # times as far as from one code to the next: what is clearly off, and what is not
CROWD = 500  # pictures whose codes tell where codes lie


def without(data: str) -> str:
    """Why no pictures are given back."""
    return f"{data} is not on this computer, so there is nothing to give back; random codes need no pictures."


def mean_error(inputs: Pictures, reconstructions: Pictures) -> float:
    """Mean squared difference of grey levels in [0, 1], which is the same for every family."""
    gap = inputs.astype(np.float32) - reconstructions.astype(np.float32)
    return float(np.square(gap / 255).mean())


def spread(pictures: Pictures) -> float:
    """Mean squared difference between two of the pictures, over all pairs, of grey levels in [0, 1]."""
    if len(pictures) < 2:
        return 0.0
    levels = pictures.reshape(len(pictures), -1).astype(np.float64) / 255
    return 2 * float(levels.var(0, ddof=1).mean())


def reach(mu: Floats, sigma: Floats) -> float | None:
    """How far random codes lie from the nearest code of a picture, in times of that from one such code to the next.

    Codes are drawn as training draws them, mu + sigma * eps; None where they are all the same.
    """
    rng = np.random.default_rng(0)
    codes = mu.astype(np.float64) + sigma * rng.standard_normal(mu.shape)
    random = rng.standard_normal(mu.shape)
    apart = _squares(codes, codes)
    np.fill_diagonal(apart, np.inf)
    step = float(np.sqrt(apart.min(1)).mean())
    return float(np.sqrt(_squares(random, codes).min(1)).mean()) / step if step > 1e-3 else None


def _squares(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Squared distances of all pairs, (len(a), len(b))."""
    return np.maximum(np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T, 0)


def words(
    infos: Sequence[ModelInfo],
    errors: Mapping[int, float],
    given: Mapping[int, float],
    random: Mapping[int, float],
    reaches: Mapping[int, float],
    *,
    has_more: bool = False,
) -> str:
    """What the columns show, as rich text; "" of none.

    Args:
        errors: Of each column, of what is given back.
        given, random: Of each column, how much the pictures given back and the random ones differ from each other,
            in times of real ones.
        reaches: Of each column, how far off its random codes are, as `reach` says.
        has_more: Other kinds are here, and only not shown.
    """
    if not infos:
        return ""
    if len(infos) == 1 and has_more:
        return f"One model alone. {KINDS}, to see what a VAE is for."
    if len(infos) == 1:
        return f"One model is here. {TRAIN} of the same data, or drop one, to see what a VAE is for."
    if len(data := list(dict.fromkeys(called(info.dataset) for info in infos))) > 1:
        return (
            f"These models have <b>learnt different data</b> ({', '.join(data)}), and the real pictures are those of "
            f"{escape(infos[0].name)}: which of them is better cannot be told from this."
        )
    parts = []
    if dead := [escape(infos[k].name) for k, share in given.items() if share < DEAD]:
        verb = "gives" if len(dead) == 1 else "give"
        parts.append(f"<error>{' and '.join(dead)}</error> {verb} back one picture, whatever the picture given.")
    if len(latents := sorted({info.latent_dim for info in infos})) > 1:
        numbers = f"{', '.join(map(str, latents[:-1]))} and {latents[-1]}"
        parts.append(
            f"These models have <b>different numbers of latents</b> ({numbers}); with more of them any kind gives "
            "pictures back better."
        )
    elif len(errors) == len(infos):
        parts.append(f"<b>{escape(infos[min(errors, key=errors.__getitem__)].name)}</b> gives pictures back best.")
    if len(random) == len(infos):
        why = _why(infos, random, reaches) if len(latents) == 1 and not dead else ""
        parts.append(why or _random_words(infos, random))
    if all(info.family in TIDY for info in infos):
        parts.append(f"{KINDS if has_more else TRAIN + ' of the same data'}, and see what the KL term is for.")
    return " ".join(parts)


def _random_words(infos: Sequence[ModelInfo], random: Mapping[int, float]) -> str:
    """Random pictures differ from each other 0.4 times as much as real ones (a), 0.9 times (b)."""
    each = [f"{random[k]:.2f} times (<b>{escape(info.name)}</b>)" for k, info in enumerate(infos)]
    each[0] = each[0].replace("times ", "times as much as real ones ", 1)
    return f"Random pictures differ from each other {', '.join(each)}."


def _why(infos: Sequence[ModelInfo], random: Mapping[int, float], reaches: Mapping[int, float]) -> str:
    """Why random codes become poor pictures, if that is so and has been measured."""
    loose = {info.name: reaches[k] for k, info in enumerate(infos) if info.family in LOOSE and k in reaches}
    tidy = {info.name: reaches[k] for k, info in enumerate(infos) if info.family in TIDY and k in reaches}
    is_measured = len(loose) + len(tidy) == len(infos) and _shows_holes(infos, random)
    if not is_measured or min(loose.values()) < FAR or max(tidy.values()) > NEAR:
        return ""
    far = " and ".join(f"<b>{times:.1f}×</b> ({escape(name)})" for name, times in loose.items())
    near = " and ".join(f"<b>{times:.1f}×</b> ({escape(name)})" for name, times in tidy.items())
    return (
        f"Random codes lie {far} as far from the codes of pictures as those from each other: they fall into "
        f"<generated>holes</generated>, where nothing was learnt. The <real>KL term</real> spreads a VAE's codes to "
        f"where random ones fall: {near}."
    )


def _shows_holes(infos: Sequence[ModelInfo], random: Mapping[int, float]) -> bool:
    """Whether VAEs make random pictures about as different as real ones, and all others clearly less different."""
    loose = [random[k] for k, info in enumerate(infos) if info.family in LOOSE]
    tidy = [random[k] for k, info in enumerate(infos) if info.family in TIDY]
    if not loose or not tidy:
        return False
    return REAL[0] <= min(tidy) and max(tidy) <= REAL[1] and max(loose) < LESS * min(tidy)
