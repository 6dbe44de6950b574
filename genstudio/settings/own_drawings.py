"""Pictures drawn by hand: how large they are, and what a set of them and a class may be called."""

from __future__ import annotations

import re

HOME = "drawn"  # folder of the data folder with all sets that were drawn
SIDE = 64  # px of a drawing's file
MOST = 5000  # drawings of a set
LONGEST = 40  # letters of a name
RESERVED = frozenset({"train", "training", "test", "val", "valid", "validation"})  # folders that are parts, not classes
PORTS = (f"{kind}{number}" for kind in ("com", "lpt") for number in "0123456789¹²³")
DEVICES = frozenset({"con", "prn", "aux", "nul", *PORTS})  # of Windows, also before a dot and what follows it
_NAME = re.compile(r"\w([\w .-]*\w)?")


def check_name(name: str, what: str) -> None:
    """Refuse what could not be a folder on every system.

    Args:
        what: What it is the name of, as a sentence begins with it.

    Raises:
        ValueError: in one sentence that says what is allowed.
    """
    if not name:
        raise ValueError(f"{what} needs a name")
    if len(name) > LONGEST or not _NAME.fullmatch(name):
        raise ValueError(
            f"{what} cannot be called '{name}'; use up to {LONGEST} letters and digits, with spaces, dots or dashes "
            "between them"
        )
    if name.lower() in RESERVED:
        raise ValueError(f"{what} cannot be called '{name}': a folder of that name says what is held out")
    if name.partition(".")[0].rstrip().lower() in DEVICES:
        raise ValueError(f"{what} cannot be called '{name}': Windows keeps that name for a device")
