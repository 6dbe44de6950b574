"""Every key there is: the window takes its shortcuts from this table, and the sheet of keys shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Keys that belong together, and what they do.

    Attributes:
        keys: As they are shown.
        words: What they do.
        does: For shortcuts of the window: the method that each key calls, and the number it is called for.
        also: Further keys that do the same, and that nobody has to know.
    """

    keys: tuple[str, ...]
    words: str
    does: tuple[tuple[str, int | None], ...] = ()
    also: tuple[str, ...] = ()


MODES = tuple(f"Alt+{number % 10}" for number in range(1, 11))

KEYS: tuple[tuple[str, tuple[Line, ...]], ...] = (
    (
        "Play",
        (
            Line(("Space",), "Play or pause"),
            Line((".", ","), "One step on, one step back"),
            Line(("R",), "Random: a new seed"),
            Line(("←", "→", "↑", "↓"), "Move the selection or the focused slider"),
            Line(("Home", "End"), "To the start, to the end"),
            Line(("PgUp", "PgDown"), "Slider: a large step; Traverse: a page of rows"),
            Line(("Return",), "Show the selected picture alone; type a slider's number", also=("Enter", "F2")),
            Line(("Del",), "Slider to 0; remove what is selected", also=("Backspace",)),
        ),
    ),
    (
        "Latent space",
        (
            Line(("L",), "Lock the focused slider, or let it go"),
            Line(("Ctrl+PgUp", "Ctrl+PgDown"), "Another page of sliders"),
            Line(("C",), "Interpolate: compare the ways"),
            Line(("Ctrl+←", "Ctrl+→"), "Interpolate: move the selected key picture"),
            Line(("+",), "Interpolate: one key picture more", also=("Ins",)),
        ),
    ),
    (
        "Adversarial game",
        (
            Line((".",), "Slow motion: one stage of an iteration"),
            Line(("W",), "Explore: the code walks, or stays"),
            Line(("Tab", "←", "→"), "To the views; another of them"),
            Line(("Tab", "↑", "↓"), "To what a plot shows; another plot"),
            Line(("Tab", "Space"), "To Slow motion, D alone, G alone, Rewind; press it"),
        ),
    ),
    (
        "Denoising",
        (
            Line(("1", "2", "3", "4"), "The noisy picture, the guess, the noise in it, the last change"),
            Line(("L",), "The next of these"),
            Line(("P", "M"), "Steps beside each other: of some pictures, of all"),
            Line(("C",), "Reverse: the pictures' ways on a map"),
            Line(("K",), "Reverse: the code beside each picture, where it has one"),
            Line(("[", "]"), "Reverse: a narrower, a wider brush"),
            Line(("T",), "Reverse: a branch against the trunk"),
            Line(("D",), "Compare: how columns differ from the first one"),
            Line(("+", "Del"), "Compare: one column more, one fewer"),
            Line(("1", "2", "3"), "Forward: picture, noise or their sum alone; again, all"),
            Line(("F",), "Points: let the particles flow, or stop them"),
        ),
    ),
    (
        "Wipe",
        (
            Line(("←", "→", "Home", "End"), "Move the divider, with Shift far; to the ends"),
            Line(("Space",), "Let the divider swing to and fro"),
            Line(("D", "X"), "How the sides differ; swap them"),
            Line(("A", ",", "."), "All pictures or one alone; the one before, the next"),
        ),
    ),
    (
        "Keep",
        (
            Line(("Ctrl+Z", "Ctrl+Shift+Z"), "Undo, redo a change", (("undo", None), ("redo", None))),
            Line(("Ctrl+C",), "Copy the focused picture", (("copy", None),)),
            Line(("Ctrl+V",), "Paste a picture or an exported file", (("paste", None),)),
            Line(
                ("Ctrl+E", "Ctrl+Shift+E"),
                "Export a picture, a film",
                (("export_picture", None), ("export_film", None)),
            ),
            Line(("Ctrl+S",), "Save the network that you train", (("save", None),)),
        ),
    ),
    (
        "Window",
        (
            Line(
                ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"),
                "Latent space, adversarial game, denoising, side by side",
                tuple(("show_tab", number) for number in range(4)),
            ),
            Line((MODES[0], MODES[-1]), "The modes of a page, from the first to the tenth"),
            Line(("Ctrl+K",), "The card of the model: what it is, and how good", (("toggle_card", None),)),
            Line(("Ctrl+R",), "Watch a run that goes on elsewhere, by its folder", (("toggle_watch", None),)),
            Line(("Ctrl+D",), "Two pictures over one another: wipe from one to the other", (("toggle_wipe", None),)),
            Line(("F11", "Esc"), "Full screen, and back", (("toggle_full_screen", None),)),
            Line(
                ("Ctrl++", "Ctrl+-", "Ctrl+0"),
                "Everything larger, smaller, as it was",
                (("zoom", 1), ("zoom", -1), ("zoom", 0)),
            ),
            Line(("Ctrl+I",), "Fold the controls away", (("toggle_inspector", None),)),
            Line(("F1", "?"), "This sheet", (("toggle_help", None),)),
            Line(("Ctrl+Q",), "Close GenStudio", (("close", None),)),
        ),
    ),
)
ALIASES = {"Ctrl+Y": ("redo", None), "Ctrl+=": ("zoom", 1)}  # what other programs have, or a keyboard without +


def bindings() -> dict[str, tuple[str, int | None]]:
    """The window's shortcuts: which method each calls, and for which number."""
    lines = [line for _, lines in KEYS for line in lines]
    shown = {key: do for line in lines for key, do in zip(line.keys, line.does, strict=False)}
    return {**shown, **ALIASES, **{key: ("show_mode", number) for number, key in enumerate(MODES)}}
