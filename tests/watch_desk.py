"""Writes the folder of a run step by step, as `genstudio train --log-dir` does, so that each step can be looked at."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api, export
from genstudio.settings import SETTINGS
from genstudio.store import Header, write_checkpoint

COLUMNS = {"vae": ("recon_loss", "kl_loss"), "gan": ("d_loss", "g_loss", "d_real", "d_fake"), "ddpm": ("loss",)}


class Writer:
    """One run of a family in a folder."""

    def __init__(self, folder: Path, family: str = "vae", goal: int = 100, **settings: Any) -> None:
        self.folder, self.family, self.goal = folder, family, goal
        self.settings = SETTINGS[family](**settings)
        folder.mkdir(exist_ok=True)

    def describe(self, iteration: int = 0, state: str = "running", **more: Any) -> None:
        """run.json"""
        values = {
            "format_version": 1, "family": self.family, "dataset": "strokes", "iterations": self.goal,
            "settings": dataclasses.asdict(self.settings), "processes": 2, "checkpoint": "checkpoint.safetensors",
            "samples": 4, "state": state, "iteration": iteration, "seconds": 0.0,
        }  # fmt: skip
        (self.folder / "run.json").write_text(json.dumps(values | more))

    def rows(self, *iterations: int, end: str = "\n") -> None:
        """Lines at the end of metrics.jsonl; `end` is what the last one ends with."""
        with (self.folder / "metrics.jsonl").open("a") as file:
            file.write("\n".join(self.row(iteration) for iteration in iterations) + end)

    def row(self, iteration: int) -> str:
        """One line; each of its numbers is that of the iteration."""
        return json.dumps({"iteration": iteration, **dict.fromkeys(COLUMNS[self.family], float(iteration))})

    def sample(self, iteration: int, count: int = 4) -> Path:
        """A picture of samples, which all are as grey as the iteration says."""
        path = self.folder / "samples" / f"{iteration:06d}.png"
        path.parent.mkdir(exist_ok=True)
        images = np.full((count, 8, 8, 1), iteration % 256, np.uint8)
        export.write_png(path, export.grid(images, api.GridLayout()), {"format_version": 1})
        return path

    def checkpoint(self, iteration: int, *, kept: bool = False) -> Path:
        """A checkpoint with a whole header; its one tensor is of no network."""
        name = f"checkpoints/{self.family}-{iteration:06d}.safetensors" if kept else "checkpoint.safetensors"
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        header = Header(self.family, self.settings, "strokes", 1, 28, (), iteration)
        write_checkpoint(path, header, {"model.weight": np.zeros(1000, np.float32)})
        return path


def cut(path: Path) -> bytes:
    """Leave the first half of a file, as one sees it while it is copied; the whole of it, to be written later."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return whole
