"""What the search for copies says of new pictures, in a sentence: for the window and for sheets."""

from __future__ import annotations

from genstudio.api.copied import CopiedEvent, chance, middle_rank
from genstudio.errors import counted

VERDICTS = {
    "good": "as new as real ones.",
    "watch": "more than chance makes. Are the marked ones copies, or so simple that they are near to many?",
    "bad": "this model has learnt its pictures by heart.",
}
FEW = 100  # unseen pictures that have no hundredth
NOT_LIKE = "not copied, but less like the data than real ones."
SMOOTHER = "not copied, but smoother or less varied than real ones."
FADED = (
    "they have less than half the contrast of their nearest training picture, and what is grey is near to every "
    "picture and a copy of none."
)


def verdict(found: CopiedEvent) -> str:
    """What the light says, a whole sentence."""
    near, count, level = int(found.near.sum()), len(found.near), found.level
    if level == "faded":
        return f"{_who(int(found.faded.sum()), count)} too grey to tell: {FADED}"
    if level == "far":
        far, beyond, unseen = int(found.far.sum()), int(found.beyond.sum()), found.judges
        is_far = chance(far, count, unseen) < chance(beyond, count, unseen, middle_rank(unseen))
        than = _nearly_all(found, "the ") if is_far else f"half of the {_unseen(found)} are"
        return f"{_who(far if is_far else beyond, count)} farther from the training pictures than {than}: {NOT_LIKE}"
    if level == "within":
        than = "any" if len(found.unseen) < FEW else "99 %"
        return (
            f"{_who(int(found.within.sum()), count)} nearer to a training picture than half of the {_unseen(found)} "
            f"are, and {f'only {near}' if near else 'none'} than {than} of them: {SMOOTHER}"
        )
    so = _too_few(count, found.judges) if level == "few" else VERDICTS[level]
    return f"{_who(near, count)} nearer to a training picture than {_nearly_all(found)}: {so}"


def _too_few(new: int, unseen: int) -> str:
    few = counted(unseen, "unseen picture") if unseen < new else counted(new, "new picture")
    return f"{few} {'is' if min(new, unseen) == 1 else 'are'} too few to tell copies by."


def _nearly_all(found: CopiedEvent, the: str = "") -> str:
    """What is beyond the line: of few unseen pictures, all."""
    many = len(found.unseen)
    if many == 1:
        return "the one unseen picture is"
    return f"any of the {many} unseen pictures is" if many < FEW else f"99 % of {the}{_unseen(found)} are"


def _who(some: int, count: int) -> str:
    return f"{some} of {count} {'is' if some == 1 else 'are'}" if some else f"None of {count} is"


def _unseen(found: CopiedEvent) -> str:
    return "unseen ones of their class" if len(found.yardsticks) > 1 else "unseen pictures"
