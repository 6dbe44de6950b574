"""Models to and from folders as diffusers writes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportRequest:
    """Make a model file of a diffusers folder; a stream with progress.

    Args:
        folder: With model_index.json.
        path: Of the model file; "" is one in the user's models folder that is called as the folder is. If that has the
            same model already it stays, and a file with another model is not replaced.
    """

    folder: str
    path: str = ""


@dataclass(frozen=True)
class ImportedEvent:
    """A model file of a folder is there.

    Args:
        is_new: It has not been before.
        note: What its folder draws otherwise than is usual here; a sentence.
        twin: A model that was there before and has the same weights and settings, bit for bit; "" if none has.
    """

    path: str
    bytes: int
    is_new: bool
    note: str = ""
    twin: str = ""

    def said(self, name: str) -> str:
        """Of a new one, that it draws what another does, as a sentence with a space before it; "" if none does."""
        if not self.twin:
            return ""
        return f" The weights of {name} and {self.twin} are the same to the last bit, and so is what they draw here."


@dataclass(frozen=True)
class ExportFolderRequest:
    """Write a DDPM as a diffusers folder.

    Args:
        model: Its name in the catalog or the path of its file; "" is the run in `place`, as it is now.
        path: The folder, which must not be there yet or be empty.
    """

    model: str
    path: str
    place: int = 0
