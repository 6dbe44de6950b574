"""What the picture page says. No Qt."""

from __future__ import annotations

import numpy as np

from genstudio.api import EncodedEvent, StudyEvent, called
from genstudio.ui.latent.picture_frame import ALIKE, STILL, Frame
from genstudio.ui.latent.picture_state import SHEET, PictureState, View, has_posterior, share_easier, two_largest
from genstudio.ui.numbers import signed

EMPTY = (
    "The canvas is empty. <b>Draw</b> on it, drop or paste a picture, or click one of the held-out pictures: "
    "the model finds its code at once."
)
NO_POSTERIOR = "The codes of this model are points: it does not say how sure it is, so there is nothing to draw from."
NO_STUDY = "Encode the dataset to learn how unusual this picture is, and which training pictures it is nearest to."
NO_PICKS = "Held-out pictures could not be read."
NEAREST_LATER = "Encode the dataset, and the nearest training pictures stand here."
NO_NEAREST = "The nearest training pictures stand here."
EXPORT_HELP = (
    "Save what came back: the pictures of the codes shown. A drawn picture itself cannot be computed again from a "
    "request; Ctrl+C copies all you see."
)
STUDY = "<a href='study'>Is that much?</a>"
KEY = "<a href='key'>Use as key</a>"
EXPLORE = "<a href='explore'>Explore this code</a>"
STAGE_HELP = {
    "back": "In the difference grey is 0; lighter is what the model added, darker what it left out. White is "
    "+255 grey levels, black -255, whatever the picture.",
    "corrupt": "Drag in the corrupted picture: inside the box to move it, outside to make another one.",
    "sheet": "Each picture is one draw from what the model thinks possible.",
}
TITLES: dict[View, list[str]] = {
    "back": ["input", "reconstruction", "difference, grey = 0"],
    "corrupt": ["clean", "corrupted", "restored"],
    "sheet": ["input"],
}


def amount(value: float, unit: str) -> str:
    """An error with its unit."""
    return f"{value:.1f} {unit}" if unit == "nats" else f"{value:.4g} ({unit})"


def percent(share: float) -> str:
    """A share that is never rounded to nothing or to everything."""
    return "over 99 %" if share > 0.99 else "under 1 %" if share < 0.01 else f"{share * 100:.0f} %"


def anomaly(study: StudyEvent, error: float) -> str:
    """How hard a picture is to bring back, beside held-out ones."""
    share = share_easier(study.errors, error)
    return f"harder to bring back than {percent(share)} of the held-out pictures"


def draw_sentence(goal: str) -> str:
    """What to do where a picture is to be drawn for something: "key 2 of the way"."""
    return f"<b>Draw</b> {goal} on the empty canvas; then press {KEY}. Undo brings the old picture back."


def farther(study: StudyEvent, event: EncodedEvent, at: int = 0) -> str:
    """How far out a code lies, beside those of held-out pictures; "" where there is no prior to be far from."""
    if not len(study.radii) or not has_posterior(event):
        return ""
    share = share_easier(study.radii, float(np.linalg.norm(event.mu[at])))
    return f"its code lies farther out than {percent(share)} of theirs"


def converted_words(state: PictureState) -> str:
    """What was done to a picture that came from outside."""
    return f"The picture was {state.converted}." if state.converted else ""


def frame_words(frame: Frame | None, is_used: bool) -> str:
    """How the model sees a digit that does not lie as the data's do, and the way to see it the other way."""
    if frame is None:
        return ""
    times, off = frame.times(), frame.off()
    moved = f"moved {off:.0f} px" if off > STILL else ""
    sized = f"made {max(times, 1 / times):.1f} times {'larger' if times > 1 else 'smaller'}"
    done = " and ".join(words for words in (moved, "" if 1 / ALIKE <= times <= ALIKE else sized) if words)
    if is_used:
        return f"The model sees it as the data are (dashed): {done}. <a href='frame'>Take it as drawn.</a>"
    return f"It does not lie as the data do: they would have it {done}. <a href='frame'>Centre as in the data.</a>"


def back_sentence(event: EncodedEvent, study: StudyEvent | None, done: str, onward: str = EXPLORE) -> str:
    """What went through the code and came back; shorter where there is also to say what was done to the picture."""
    error, numbers = float(event.errors[0]), f"<latent>{event.mu.shape[1]} numbers</latent>"
    much = f"an error of <b>{amount(error, event.unit)}</b>"
    far = farther(study, event) if study else ""
    far = f"; {far}." if far else "."
    if not done:
        judged = f": {anomaly(study, error)}{far}" if study else f". {STUDY}"
        return f"The picture became {numbers} and came back from them with {much}{judged} {onward}"
    share = percent(share_easier(study.errors, error)) if study else ""
    judged = f", harder than {share} of held-out ones{far}" if study else f". {STUDY}"
    return f"Back from {numbers} with {much}{judged} {done} {onward}"


def longest() -> str:
    """About as many words as drawing brings, so that their room can be kept."""
    frame = frame_words(Frame(9, 9, 20), is_used=True)
    return (
        "Back from <latent>16 numbers</latent> with an error of <b>100.0 nats</b>, harder than 50 % of held-out ones; "
        f"its code lies farther out than 50 % of theirs. {frame} {EXPLORE}"
    )


def corrupt_sentence(damage: float, left: float) -> str:
    """Whether going through the code mends a picture. `damage` and `left` are mean differences from the clean one."""
    if round(left) == round(damage):
        verdict = "as far from the clean one as the damage was", ": what it mended here it spoilt there"
    elif left < damage:
        verdict = "nearer to the clean one", ": damage has no place in the code"
    else:
        verdict = "no nearer to the clean one", ": the encoder never learned from damage"
    return (
        f"Code, posterior and neighbours are the corrupted picture's. What came back is {verdict[0]} "
        f"(mean difference <b>{damage:.0f}</b> → <b>{left:.0f}</b> grey levels){verdict[1]}. {EXPLORE}"
    )


def sheet_sentence(event: EncodedEvent, seed: int) -> str:
    """What a sheet of the posterior shows."""
    if not has_posterior(event):
        return f"{NO_POSTERIOR} {EXPLORE}"
    return (
        f"<b>{SHEET}</b> codes <latent>μ + σ ε</latent> of seed <b>{seed}</b>: what differs between them is what the "
        f"code leaves open. {EXPLORE}"
    )


def posterior_words(event: EncodedEvent, at: int = 0) -> str:
    """How sure the model is, beside the prior's 1; of the second picture, if there are two, that is corrupted."""
    if not has_posterior(event):
        return NO_POSTERIOR
    one, two = two_largest(event.mu[at])
    mu, sigma = event.mu[at], event.sigma[at]
    whose = "Of the corrupted picture; the dot is the clean one's: " if at else ""
    pairs = [f"z{k + 1} = {signed(mu[k], '.2f')} ± {sigma[k]:.2f}" for k in dict.fromkeys((one, two))]
    return whose + " · ".join(pairs) + ". The prior alone would be 0 ± 1."


def study_words(study: StudyEvent, event: EncodedEvent | None, at: int = 0) -> str:
    """The anomaly score: of what comes back, and of the code."""
    if event is None or event.unit != study.unit:
        return f"{study.count:,} pictures of {called(study.dataset)} are encoded."
    error, far = float(event.errors[at]), farther(study, event, at)
    words = f"{'the corrupted picture is ' if at else ''}{anomaly(study, error)}"
    more = f" {far[0].upper()}{far[1:]}, counted from the prior's centre." if far else ""
    return f"{words[0].upper()}{words[1:]} of {called(study.dataset)}, at {amount(error, event.unit)}.{more}"
