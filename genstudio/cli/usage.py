"""A command line that is not understood, told in one sentence: what is wrong, the nearest word, where help is."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genstudio.errors import did_you_mean, either, hint

KINDS = {"INT": "a whole number", "FLOAT": "a number"}  # by what the help calls a value
Words = tuple[str, ...]  # the words of a command: (), ("models",) or ("train", "vae")


class UsageError(Exception):
    """The arguments are not understood; the message is the sentence."""


@dataclass(frozen=True)
class Line:
    """What was typed, and what may stand there.

    Args:
        args: The words after the program's name.
        choices: The words that may follow a command.
        show_help: Prints the help of a command to stdout and exits; asked only when something is wrong.
    """

    args: Sequence[str]
    choices: Mapping[Words, Sequence[str]]
    show_help: Callable[[Words], object]

    @property
    def path(self) -> Words:
        """The command, as far as it is known."""
        path: Words = ()
        for word in self.args:
            if word not in self.choices.get(path, ()):
                break
            path += (word,)
        return path

    @property
    def command(self) -> str:
        """The same as one types it."""
        return " ".join(("genstudio", *self.path))

    def flags(self) -> set[str]:
        """The flags that the help of the command names."""
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
            self.show_help(self.path)
        return set(re.findall(r"--[a-z][a-z0-9-]*", text.getvalue()))

    def strange(self) -> str:
        """The first flag that the help does not name; "" without any."""
        known = self.flags()
        flags = (word for word in self.args if word.startswith("-") and not word[1:2].isdigit())
        return next((word for word in flags if word.partition("=")[0].replace("_", "-") not in known), "")

    def value_of(self, flag: str) -> str:
        """The word after a flag, or after its equals sign."""
        words = iter(self.args)
        for word in words:
            name, sign, value = word.partition("=")
            if name.replace("_", "-") == flag:
                return value if sign else next(words, "")
        return ""


@contextlib.contextmanager
def in_a_sentence(line: Line) -> Iterator[None]:
    """Arguments that tyro refuses become a `UsageError` inside this block.

    tyro's errors are known to this module by their names. One that it does not know stays tyro's own: a text on
    stderr and SystemExit with code 2.
    """

    def refuse(event: Any) -> None:
        try:
            sentence = _sentence(event, line)
        except AttributeError:  # another version of tyro tells it differently
            return
        if sentence:
            raise UsageError(sentence)

    listen = _listener()
    with listen(refuse) if listen else contextlib.nullcontext():
        yield


def _listener() -> Any:
    """What tells of an error before tyro prints it; None in a version that keeps it elsewhere."""
    try:
        from tyro import _errors
    except ImportError:
        return None
    return getattr(_errors, "on_parse_error", None)


def _sentence(event: Any, line: Line) -> str:
    """One line; '' for an error that is not known."""
    name, helped = type(event).__name__, f"`{line.command} --help` tells more."
    if name == "UnrecognizedArgs" or (name == "MissingArgs" and event.unrecognized_tokens):
        tokens = event.tokens if name == "UnrecognizedArgs" else event.unrecognized_tokens
        return f"{_unknown(tokens[0], line)} {helped}"
    if name == "MissingSubcommand":
        return (
            f"`{line.command}` needs one more word: {either(tuple(event.subcommand_spec.parser_from_name))}. {helped}"
        )
    if name == "MissingArgs":
        missing = " and ".join(_missing(found.arg) for found in event.missing_arguments)
        return f"`{line.command}` needs {missing}. {helped}"
    if name == "InvalidChoice":
        flag = event.argument.display_name()
        return f"{flag} is {event.value!r}; choose {either(event.choices)}. {helped}"
    if name == "BadValue" and event.reason == "too_few_values":
        if event.argument.is_positional() and (strange := line.strange()):  # which was not taken for its value
            return f"{_unknown(strange, line)} {helped}"
        return f"{event.argument.display_name()} needs {_kind(event.argument)} after it. {helped}"
    if name == "InstantiationFailure" and event.argument is not None:
        flag = event.argument.display_name()
        return f"{flag} is {line.value_of(flag)!r}; it takes {_kind(event.argument)}. {helped}"
    return ""


def _unknown(token: str, line: Line) -> str:
    """What a word could have meant at its place."""
    choices = line.choices.get(line.path, ())
    if token.startswith("-"):
        flag = token.partition("=")[0]
        said = f"`{line.command}` has no {flag}"
        if line.path and choices:
            return f"{said}; after {line.path[-1]} comes {either(choices)}."
        near = did_you_mean(flag.replace("_", "-"), sorted(line.flags()))
        return f"{said}; {near}" if near else f"{said}."
    if choices:
        return f"`{line.command}` does not know {token!r}; {hint(token, choices, f'choose {either(choices)}')}"
    return f"`{line.command}` has no use for {token!r}."


def _missing(argument: Any) -> str:
    """A flag with its value as the help calls it, or the value alone where it has no flag."""
    value = argument.lowered.metavar
    return str(value) if argument.is_positional() else f"{argument.display_name()} {value}"


def _kind(argument: Any) -> str:
    return KINDS.get(argument.lowered.metavar, f"a value ({argument.lowered.metavar})")
