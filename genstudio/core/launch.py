"""The processes that a launcher has started, as torchrun's environment tells of them, become one team."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.distributed as dist

from genstudio.core import parallel
from genstudio.core.compute import Compute, default_compute

if TYPE_CHECKING:
    from torch.distributed.distributed_c10d import Store

SILENCE = timedelta(minutes=10)  # of a process that has gone without a word, until the others give up
BREATH_S = 0.02  # between two looks whether the others have come
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
        ConnectionError: if the others cannot be reached, or one has ended, so that this one cannot go on.
        ValueError: if the user has named one GPU for all of them.
    """
    if launch.size == 1:
        yield
        return
    with _own_device(launch):
        _meet(launch)
        try:
            yield
        except RuntimeError as error:
            if not _is_about_others(error):
                raise
            raise ConnectionError("Another process of this run has ended, so this one cannot go on.") from error
        finally:
            dist.destroy_process_group()


def _meet(launch: Launch) -> None:
    from torch.distributed.rendezvous import rendezvous

    own_gpus = torch.cuda.is_available() and torch.cuda.device_count() >= launch.local_size
    backend = "cpu:gloo,cuda:nccl" if own_gpus and dist.is_nccl_available() else "gloo"
    try:
        launchers, _, _ = next(rendezvous("env://", timeout=SILENCE))
        store = own_corner(launchers, launch.rank, launch.size)
        dist.init_process_group(backend, store=store, rank=launch.rank, world_size=launch.size, timeout=SILENCE)
    except RuntimeError as error:
        why = str(error).strip().partition("\n")[0]
        raise ConnectionError(f"The other processes of this run cannot be reached: {why}") from error


def own_corner(store: Store, rank: int, size: int) -> Store:
    """A corner of the launcher's store that no earlier start of the run has used: theirs tell where the dead were.

    Each process asks under a number that no other ever had, and the first one answers with the number of its start,
    until all have come. So whoever is answered has been answered by one that lives.

    Raises:
        ConnectionError: if somebody does not come.
    """
    from torch.distributed.distributed_c10d import PrefixStore

    if rank > 0:
        asked = store.add("asked", 1)
        start = int(store.get(f"answer {asked}"))  # waits for it
        store.add(f"come {start}", 1)
        return PrefixStore(f"start {start}", store)
    start, answered, end = store.add("start", 1), 0, time.monotonic() + SILENCE.total_seconds()
    while store.add(f"come {start}", 0) < size - 1:
        asked = store.add("asked", 0)
        for number in range(answered + 1, asked + 1):
            store.set(f"answer {number}", str(start))
        answered = asked
        if time.monotonic() > end:
            raise ConnectionError("Another process of this run has not come, so this one cannot begin.")
        time.sleep(BREATH_S)
    return PrefixStore(f"start {start}", store)


def common_compute() -> Compute:
    """The device of this process, and the precision of the first one: all must round alike."""
    compute = default_compute()
    return dataclasses.replace(compute, bf16=bool(parallel.from_first(compute.bf16)))


@contextlib.contextmanager
def _own_device(launch: Launch) -> Iterator[None]:
    """One GPU for each process of this machine, as far as they go, else the CPU; unless the user has named a device."""
    named = os.environ.get("GENSTUDIO_DEVICE")
    if launch.local_size > 1 and (named or "").startswith("cuda:"):
        raise ValueError(
            f"GENSTUDIO_DEVICE is {named}, one GPU for {launch.local_size} processes; say cuda, or nothing"
        )
    try:
        if torch.cuda.is_available() and named in (None, "", "cuda"):
            device = f"cuda:{launch.local_rank % torch.cuda.device_count()}"
            os.environ["GENSTUDIO_DEVICE"] = device
            torch.cuda.set_device(device)
        elif not named:
            os.environ["GENSTUDIO_DEVICE"] = "cpu"  # gloo knows of no others
        yield
    finally:
        if named is None:
            os.environ.pop("GENSTUDIO_DEVICE", None)
        else:
            os.environ["GENSTUDIO_DEVICE"] = named


def _is_about_others(error: RuntimeError) -> bool:
    """Whether a process that no longer answers is why a sum over all could not be made."""
    return isinstance(error, dist.DistError) or "gloo" in str(error)
