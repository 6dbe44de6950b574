"""Model files: what a checkpoint says, what it holds, and where models are. Numpy only, never pickle."""

from __future__ import annotations

from genstudio.files import pretrained_dir
from genstudio.store.cards import (
    add_evaluation,
    evaluations,
    publish_evaluation,
    publish_sibling,
    publish_training_time,
    siblings,
    training_time,
)
from genstudio.store.checkpoints import read_checkpoint, read_header, write_checkpoint
from genstudio.store.diffusers_folder import DiffusersFolder, open_folder, read_weights, write_folder
from genstudio.store.folders import ENDING, find_model, list_models, look_through, model_info, models_dir, naturally
from genstudio.store.header import MAX_SIZE, Header
from genstudio.store.sittings import add_sitting, sittings

__all__ = [
    "ENDING",
    "MAX_SIZE",
    "DiffusersFolder",
    "Header",
    "add_evaluation",
    "add_sitting",
    "evaluations",
    "find_model",
    "list_models",
    "look_through",
    "model_info",
    "models_dir",
    "naturally",
    "open_folder",
    "pretrained_dir",
    "publish_evaluation",
    "publish_sibling",
    "publish_training_time",
    "read_checkpoint",
    "read_header",
    "read_weights",
    "siblings",
    "sittings",
    "training_time",
    "write_checkpoint",
    "write_folder",
]
