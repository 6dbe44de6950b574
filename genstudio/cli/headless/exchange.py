"""`export-diffusers` and `import-diffusers`: models to and from folders as diffusers writes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import tyro

from genstudio import api
from genstudio.cli.headless.terminal import check_output, last_event, new_session, tell_saved
from genstudio.files import taken

Model = Annotated[str, tyro.conf.arg(metavar="MODEL")]
Folder = Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
Where = Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")]


def export_diffusers(model: Model, folder: Folder, /) -> int:
    """Write a DDPM as a folder that diffusers reads: UNet2DModel, scheduler, and README.md with how to draw with it.

    Args:
        model: A model's name (see `genstudio models`) or the path of a checkpoint.
        folder: The folder to write; it must not be there yet, or be empty.
    """
    tell_saved(last_event(new_session("io").stream(api.ExportFolderRequest(model, str(folder)))))
    return 0


def import_diffusers(folder: Folder, /, out: Where = None) -> int:
    """Make a model file of a diffusers folder with a DDPM (UNet2DModel); then all that GenStudio does works with it.

    Args:
        folder: With model_index.json.
        out: Where to write the model (.safetensors), a file that is not there yet; if left out it goes among your
            models, under the folder's name.
    """
    if out is not None:
        check_output(out, ".safetensors")
        if out.exists():
            raise taken(out)
    event = last_event(new_session("io").stream(api.ImportRequest(str(folder), str(out or ""))))
    assert isinstance(event, api.ImportedEvent)
    tell_saved(api.SavedEvent(event.path, event.bytes))
    if event.note:
        print(event.note, file=sys.stderr)
    if said := event.said(Path(event.path).stem).strip():
        print(said, file=sys.stderr)
    return 0
