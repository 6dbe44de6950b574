"""How the pictures of a folder or zip are taken: part of the dataset's name, as in photos.zip#size=28,fit=pad."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from genstudio.errors import hint

SIGN = "#"  # between the path and the choices
OFFERED = (28, 32, 48, 64)  # px
SMALLEST, LARGEST, STEP = 16, 64, 4  # px: the networks halve a side twice
MOST_HELD_OUT = 50  # percent
USUAL = 10  # percent: every tenth picture
COLOURS = ("auto", "grey", "colour")
FITS = ("crop", "pad", "stretch")
COPIES = ("keep", "once")
_CHOICES = re.compile(r"[a-z]+=[^,=#/\\]*(,[a-z]+=[^,=#/\\]*)*")


@dataclass(frozen=True)
class Taking:
    """How every picture becomes a square of one size, and which of them are held out.

    Args:
        size: Height and width, px.
        colour: "auto" is grey if every picture is; else "grey" or "colour" whatever they are.
        fit: "crop" takes the middle square, "pad" the whole with a margin in the colour of its edge, "stretch" the
            whole, pulled into a square.
        test: "auto" lets folders called train and test decide, and holds every tenth out where there are none;
            "folders" wants such folders; a number is the percentage held out, whatever the folders are called.
        copies: "keep" takes pictures that are there twice as they are; "once" takes each once, and none to learn from
            that is held out, too.
    """

    size: int = 32
    colour: str = "auto"
    fit: str = "crop"
    test: str = "auto"
    copies: str = "keep"

    @property
    def percent(self) -> int:
        """How many of a hundred pictures are held out where no folder decides."""
        return int(self.test) if self.test.isdecimal() else USUAL


DEFAULT = Taking()


def path_of(name: str) -> str:
    """The folder or zip in a dataset's name."""
    return _split(name)[0]


def choices_of(name: str) -> str:
    """The choices in it as they are written, "" without any."""
    return _split(name)[1]


def named(path: str, choices: str) -> str:
    """The dataset at a path with choices as they are written."""
    return f"{path}{SIGN}{choices}" if choices else path


def name_of(path: str, taking: Taking = DEFAULT) -> str:
    """A dataset's name; what is as usual is left out."""
    told = [(field.name, getattr(taking, field.name)) for field in fields(taking)]
    return named(path, ",".join(f"{name}={value}" for name, value in told if value != getattr(DEFAULT, name)))


def taking_of(name: str) -> Taking:
    """The choices in a dataset's name.

    Raises:
        ValueError: in one sentence, for a choice that there is none of.
    """
    found: dict[str, str] = {}
    for choice in filter(None, choices_of(name).split(",")):
        key, _, value = choice.partition("=")
        known = [field.name for field in fields(Taking)]
        if key not in known:
            raise ValueError(f"{key!r} is no choice for pictures; {hint(key, known, f'there are {_listed(known)}')}")
        if key in found:
            raise ValueError(f"{key} is chosen twice in {choices_of(name)!r}; choose it once")
        found[key] = value
    size = found.pop("size", str(DEFAULT.size))
    if not re.fullmatch("[0-9]{1,4}", size):
        raise ValueError(f"size is {size!r}; it takes a whole number of pixels")
    taking = Taking(int(size), **found)
    check_taking(taking)
    return taking


def check_taking(taking: Taking) -> None:
    """Refuse what cannot be.

    Raises:
        ValueError: in one sentence that says what is allowed.
    """
    if not SMALLEST <= taking.size <= LARGEST or taking.size % STEP:
        raise ValueError(f"size is {taking.size}; allowed: multiples of {STEP} from {SMALLEST} to {LARGEST}")
    for name, allowed in (("colour", COLOURS), ("fit", FITS), ("copies", COPIES)):
        value = getattr(taking, name)
        if value not in allowed:
            raise ValueError(f"{name} is {value!r}; {hint(value, allowed, f'choose {_listed(allowed)}')}")
    is_share = re.fullmatch("[0-9]{1,2}", taking.test) and int(taking.test) <= MOST_HELD_OUT
    if taking.test not in ("auto", "folders") and not is_share:
        raise ValueError(f"test is {taking.test!r}; choose auto, folders or a percentage from 0 to {MOST_HELD_OUT}")


def with_choices(said: str, before: str) -> str:
    """Where a folder or zip is now, taken as a dataset's name of before says, unless it says otherwise itself."""
    return said if choices_of(said) else named(said, choices_of(before))


def in_words(name: str) -> str:
    """The choices of a dataset's name as one says them: 28 px, grey, padded; "" for the usual ones, or odd ones."""
    try:
        taking = taking_of(name)
    except ValueError:
        return ""
    tests = {"auto": "", "folders": "split by folder", "0": "none held out"}
    words = (
        f"{taking.size} px" if taking.size != DEFAULT.size else "",
        {"auto": "", "grey": "grey", "colour": "colour"}[taking.colour],
        {"crop": "", "pad": "padded", "stretch": "stretched"}[taking.fit],
        tests.get(taking.test, f"{taking.test} % held out"),
        {"keep": "", "once": "each once"}[taking.copies],
    )
    return ", ".join(filter(None, words))


def _split(name: str) -> tuple[str, str]:
    path, sign, choices = name.rpartition(SIGN)
    return (path, choices) if sign and path and _CHOICES.fullmatch(choices) else (name, "")


def _listed(words: list[str] | tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
