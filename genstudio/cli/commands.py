"""The verbs and their flags. Imports tyro, and nothing heavy before a verb runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import tyro
from tyro.extras import SubcommandApp

from genstudio import __version__
from genstudio.cli import window
from genstudio.cli.headless import compare, evaluate, exchange, judge, look, pictures, replay, train
from genstudio.cli.usage import Line, in_a_sentence
from genstudio.cli.wording import as_typed

DESCRIPTION = """A desktop playground for generative models. Without a verb the window opens.

`genstudio --check` tells what works on this machine, `genstudio --version` which version this is, and `genstudio
--data-dir DIR` opens the window with datasets of another folder; `genstudio VERB --help` lists the flags of a verb."""

Verb = Callable[..., int]
BEFORE: tuple[Verb, ...] = (look.models, look.datasets, pictures.sample, pictures.interpolate, pictures.denoise)
AFTER: tuple[Verb, ...] = (
    replay.replay,
    evaluate.evaluate,
    compare.compare,
    judge.likelihood,
    judge.factors,
    exchange.export_diffusers,
    exchange.import_diffusers,
    window.screenshot,
    window.bench,
)  # in the order of the help, with `train` between them


def start(check: look.Switch = False, version: look.Switch = False, data_dir: window.Folder = None) -> int:
    """Open the window (this is what happens without a verb).

    Args:
        check: Print versions, device, precision and what this system lacks, and open nothing.
        version: Print the version, and open nothing.
        data_dir: Folder of the downloaded datasets; otherwise GENSTUDIO_DATA, otherwise the user's.
    """
    if version:
        print(f"genstudio {__version__}")
        return 0
    if check:
        from genstudio.cli.headless.check import check as print_check

        return print_check(data_dir)
    return window.open_window(data_dir)


def run(args: Sequence[str]) -> int:
    """Parse `args` and run the verb.

    Raises:
        UsageError: if the arguments are not understood.
    """
    app, trainers = SubcommandApp(), SubcommandApp()
    app.command(name="window", is_default=True)(start)
    for verb in BEFORE:
        app.command(name=_word(verb))(verb)
    families = train.commands(_path_after("--resume", args), _path_after("--log-dir", args))
    for family, command in families.items():
        trainers.command(name=family)(command)
    app.command(trainers, name="train", help=f"Train a model: {', '.join(train.FAMILIES)}.")
    for verb in AFTER:
        app.command(name=_word(verb))(verb)

    def parse(words: Sequence[str]) -> int:
        code: int = app.cli(
            prog="genstudio", description=DESCRIPTION, args=words, config=(tyro.conf.FlagCreatePairsOff,)
        )
        return code

    verbs = ("window", *map(_word, BEFORE), "train", *map(_word, AFTER))
    choices: dict[tuple[str, ...], Sequence[str]] = {(): verbs, ("train",): tuple(families)}
    line = Line(args, choices, lambda path: parse((*(path or ("window",)), "--help")))
    with in_a_sentence(line), as_typed(line):
        return parse(args)


def _word(verb: Verb) -> str:
    """What one types."""
    return verb.__name__.replace("_", "-")


def _path_after(flag: str, args: Sequence[str]) -> Path | None:
    """The path after a flag of a `train` line that decides about that line's defaults."""
    if args[0] != "train":
        return None
    for index, word in enumerate(args):
        word = word.replace("_", "-", 2) if word.startswith("--") else word  # as the parser takes it
        if word == flag and index + 1 < len(args):
            return Path(args[index + 1])
        if word.startswith(f"{flag}="):
            return Path(word.removeprefix(f"{flag}="))
    return None
