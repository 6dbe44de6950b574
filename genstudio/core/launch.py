"""The processes that a launcher has started, as torchrun's environment tells of them, become one team."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

import torch
import torch.distributed as dist

from genstudio.core import parallel
from genstudio.core.compute import Compute, default_compute

SILENCE = timedelta(minutes=10)  # of a process that has gone without a word, until the others give up
WORDS = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")


class Launch(NamedTuple):
    """What a launcher says of this process."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0  # among those of this machine
    local_size: int = 1
    may_restart: bool = False  # if one of them dies, the launcher starts all again


def launch_of(environment: Mapping[str, str] = os.environ) -> Launch:
    """As torchrun's variables tell; alone without them."""
    if not {*WORDS, "MASTER_ADDR", "MASTER_PORT"} <= set(environment):
        return Launch()
    rank, size, local_rank, local_size = (int(environment[word]) for word in WORDS)
    may_restart = int(environment.get("TORCHELASTIC_MAX_RESTARTS", 0)) > 0
    return Launch(rank, size, local_rank, local_size, may_restart)


@contextlib.contextmanager
def team(launch: Launch) -> Iterator[None]:
    """This process computes together with the others of its launch; alone, nothing happens.

    They talk by NCCL if each has a GPU of its own, else by gloo.

    Raises:
        ConnectionError: if another one has ended, so that this one cannot go on.
    """
    if launch.size == 1:
        yield
        return
    _take_device(launch)
    own_gpus = torch.cuda.is_available() and torch.cuda.device_count() >= launch.local_size
    backend = "cpu:gloo,cuda:nccl" if own_gpus and dist.is_nccl_available() else "gloo"
    try:
        dist.init_process_group(backend, timeout=SILENCE)
        yield
    except RuntimeError as error:
        if not _is_about_others(error):
            raise
        raise ConnectionError("Another process of this run has ended, so this one cannot go on.") from error
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def common_compute() -> Compute:
    """The device of this process, and the precision of the first one: all must round alike."""
    compute = default_compute()
    return dataclasses.replace(compute, bf16=bool(parallel.from_first(compute.bf16)))


def _take_device(launch: Launch) -> None:
    """One GPU for each process of this machine, as far as they go, else the CPU; unless the user has named a device."""
    named = os.environ.get("GENSTUDIO_DEVICE", "")
    if torch.cuda.is_available() and named in ("", "cuda"):
        device = f"cuda:{launch.local_rank % torch.cuda.device_count()}"
        os.environ["GENSTUDIO_DEVICE"] = device
        torch.cuda.set_device(device)
    elif not named:
        os.environ["GENSTUDIO_DEVICE"] = "cpu"  # gloo knows of no others


def _is_about_others(error: RuntimeError) -> bool:
    """Whether a process that no longer answers is why a sum over all could not be made."""
    return isinstance(error, dist.DistError) or "gloo" in str(error)
