"""What the traversal says: titles of its rows and columns, and the sentences under them. No Qt."""

from __future__ import annotations

import numpy as np

from genstudio.api import Floats, Pictures, StudyEvent, called
from genstudio.ui.latent.axes import DEAD
from genstudio.ui.latent.traverse_state import TraverseState
from genstudio.ui.numbers import signed


def sigma(value: float) -> str:
    """+1.20σ; never a minus before nothing."""
    return f"{signed(value, '+.2f')}σ"


def column_titles(values: tuple[float, ...]) -> list[str]:
    """−3σ … 0 … 3σ; of many only every other, so that they do not touch."""
    every = 1 if len(values) <= 11 else 2
    words = [signed(value, ".2f").rstrip("0").rstrip(".") + "σ" if abs(value) > 1e-9 else "0" for value in values]
    return [word if k % every == 0 else "" for k, word in enumerate(words)]


def row_titles(dims: tuple[int, ...], study: StudyEvent | None) -> list[str]:
    """z7, and behind it how many nats a picture it tells where that is known."""
    if study is None or float(study.kl.sum()) <= 0:
        return [f"z{dim + 1}" for dim in dims]
    return [f"z{dim + 1} · {_nats(float(study.kl[dim]))}" for dim in dims]


def _nats(kl: float) -> str:
    return "dead" if kl < DEAD else f"{kl:.2f} nats"


def change_of_rows(images: Pictures, columns: int) -> Floats:
    """How much pictures change along each row: the mean difference of grey levels from column to column."""
    rows = images.reshape(-1, columns, *images.shape[1:]).astype(np.float32)
    changes: Floats = np.abs(np.diff(rows, axis=1)).reshape(len(rows), -1).mean(1)
    return changes


def rows_label(state: TraverseState) -> str:
    """Which of the latents have rows."""
    if state.only:
        return f"{len(state.only)} of {len(state.z)} latents"
    last = min((state.page + 1) * state.rows, len(state.z))
    return f"latents {state.page * state.rows + 1} to {last} of {len(state.z)}"


def rows_sentence(state: TraverseState, dims: tuple[int, ...], study: StudyEvent | None, changes: Floats) -> str:
    """What the rows show, as rich text."""
    reach = f"{state.reach:g}σ"
    text = f"Each row changes <b>one number</b> of the code from −{reach} to {reach} and holds the others."
    if len(changes) > 1:
        most, least = dims[int(np.argmax(changes))], dims[int(np.argmin(changes))]
        text += f" Here <latent>z{most + 1}</latent> changes the picture most, <b>z{least + 1}</b> least."
    if study is None:
        return text + " <a href='study'>Study the codes</a> to sort the rows by what they tell."
    if float(study.kl.sum()) <= 0:
        return text + " Codes of this family are points, so none has a KL."
    dead = int((study.kl < DEAD).sum())
    if dead:
        return text + f" <b>{dead}</b> of {len(study.kl)} latents are dead, ignored by the decoder."
    return text + " The rows that tell most (nats a picture) come first; <a href='plane'>see two at once</a>."


def plane_sentence(state: TraverseState, heat: Floats | None) -> str:
    """What the plane shows, as rich text."""
    held = ", the other numbers held" if len(state.z) > 2 else ""
    start = f"The plane of the codes along <latent>{state.across}</latent> and <latent>{state.up}</latent>{held}. "
    if state.heat and heat is not None:
        slow, fast = (max(float(x), 1e-12) for x in np.percentile(heat, (5, 95)))
        return (
            f"{start}<generator>Bright</generator>: a step of the code changes the picture up to <b>{fast / slow:,.0f} "
            "times</b> as much as in the dark: a border between classes. Dark plains are the classes themselves."
        )
    return (
        f"{start}Neighbours look alike; smears between classes are holes, where hardly a picture has its code. "
        "<a href='heat'>Where do pictures change fast?</a>"
    )


def study_facts(study: StudyEvent | None) -> str:
    """What a study has found, for the inspector."""
    if study is None:
        return "What each number tells is not known yet. A study encodes 10,000 pictures of the model's dataset."
    total, live = float(study.kl.sum()), int((study.kl >= DEAD).sum())
    first = f"{study.count:,} pictures of {called(study.dataset)}."
    if total <= 0:
        return f"{first} Codes are points: sorted by their spread."
    return f"{first} {live} of {len(study.kl)} latents are in use, {total:.1f} nats a picture together."
