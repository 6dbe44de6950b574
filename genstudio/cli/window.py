"""The verbs that need Qt: the window, its screenshot and the benchmark. Qt is imported when they run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import tyro

from genstudio.bench import MINUTES, ROWS, USUAL

Where = Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")]
Folder = Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")]


def open_window(data_dir: Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Raises:
        ValueError: where no window can be shown, saying what is missing.
    """
    from genstudio.system import has_screen, window_faults

    if not has_screen():
        raise ValueError("There is no screen here to show a window on; `genstudio --help` lists what works without.")
    try:
        from genstudio.app import run
    except ImportError as error:
        raise ValueError(next(window_faults(), f"The window cannot be opened: {error}.")) from error
    if fault := next(window_faults(), ""):
        raise ValueError(fault)
    return run(data_dir)


Page = Literal[
    "vae",
    "picture",
    "map",
    "path",
    "traverse",
    "arithmetic",
    "compare",
    "capacity",
    "factors",
    "latent-train",
    "gan",
    "points",
    "race",
    "diffusion",
    "forward",
    "invert",
    "samplers",
    "field",
    "denoising-train",
    "triptych",
    "one-picture",
    "measured",
    "copied",
]


MOST_MINUTES = 1440  # of the benchmark: a day
TRAINING = ("gan", "points", "race", "latent-train", "field", "denoising-train")


def screenshot(
    out: Path,
    tab: Page = "vae",
    size: Annotated[str, tyro.conf.arg(metavar="WxH")] = "1440x900",
    theme: Literal["dark", "light"] = "dark",
    iterations: int = 0,
    data_dir: Folder = None,
) -> int:
    """Draw the real window offscreen once its first picture has come, and write it as a PNG.

    Args:
        out: Where to write the picture (.png).
        tab: Which tab, or mode of a tab (vae is Explore of the latent space, gan the game on pictures).
        size: Width and height of the window, px.
        theme: Light or dark.
        iterations: With a page that trains (gan, points, latent-train, …): train a new network this long first.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    from genstudio.cli.headless.terminal import check_output
    from genstudio.cli.shot import shoot

    check_output(out, ".png")
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", size)
    if found is None:
        raise ValueError(f"--size is {size!r}; write it as 1440x900, each number from 100 to 9999.")
    width, height = map(int, found.groups())
    if iterations < 0:
        raise ValueError(f"--iterations is {iterations}; give 0 (trains nothing) or more.")
    if iterations and tab not in TRAINING:
        raise ValueError(
            f"--iterations trains a network, so it needs --tab {', '.join(TRAINING[:-1])} or {TRAINING[-1]}."
        )
    shoot(out, tab, (width, height), theme, iterations, data_dir)
    return 0


def bench(
    only: Annotated[str, tyro.conf.arg(metavar="ROWS")] = ",".join(USUAL),
    json: Where = None,
    minutes: float = MINUTES,
) -> int:
    """Measure GenStudio against its targets on this machine; takes some minutes.

    Args:
        only: Rows to measure, with commas between them; `memory` is measured only if it is named here.
        json: Also write the results here, as a list of objects with row, name, value, unit, target and met.
        minutes: How long the row `memory` lets its games run.
    """
    from genstudio.bench import run
    from genstudio.cli.headless.terminal import check_choice, check_output

    rows = tuple(row.strip() for row in only.split(","))
    for row in rows:
        check_choice("--only", row, ROWS)
    if not 0 < minutes <= MOST_MINUTES:
        raise ValueError(f"--minutes is {minutes:g}; give more than 0, and at most {MOST_MINUTES}.")
    if json is not None:
        check_output(json)
    return run(rows, json, minutes)
