"""What a model's file says of its measured quality, in words: for pickers in short, for cards all of it."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.api.numbers import percent


def measured(quality: Mapping[str, float]) -> list[str]:
    """What a file says of its quality; nothing of what it does not say."""
    said = []
    if "frechet" in quality:
        beside = [f"real training pictures {quality['floor']:.3g}"] if "floor" in quality else []
        if "textbook" in quality and "seconds" in quality:
            beside.append(of_textbook(quality, ".3g"))
        of = f" of {quality['count']:,.0f} pictures" if "count" in quality else ""
        of += " without guidance" if "guidance" in quality else ""  # that is told of what was asked for by class alone
        said.append(f"Fréchet distance {quality['frechet']:.3g}{of}" + (f" ({', '.join(beside)})" if beside else ""))
    if "classes" in quality:
        said.append(f"{quality['classes']:.0f} of 10 classes appear")
    if "class_accuracy" in quality:
        how = f" with guidance {quality['guidance']:g}" if "guidance" in quality else ""
        said.append(f"the classifier sees the class asked for in {percent(quality['class_accuracy'], 1)}{how}")
    return said


def of_textbook(quality: Mapping[str, float], digits: str) -> str:
    """The distance that the plain loop of tutorials reached in the time of a GAN of ours; `digits` as in a format."""
    return f"the textbook's DCGAN in {quality['seconds'] / 60:.3g} minutes {quality['textbook']:{digits}}"


def file_says(quality: Mapping[str, float]) -> str:
    """All of it as a sentence; "" of a file without numbers."""
    said = measured(quality)
    if "inception" in quality:
        said.append(f"inception score {quality['inception']:.3g}")
    if "rate" in quality and "distortion" in quality:
        told, unknown = (f"{quality[name]:.1f} nats" for name in ("rate", "distortion"))
        said.append(f"a code tells {told} of a picture, and {unknown} stay unknown")
    if "test_accuracy" in quality:
        said.append(f"it names {percent(quality['test_accuracy'], 1)} of held-out pictures rightly")
    return f"{'; '.join(said)}." if said else ""
