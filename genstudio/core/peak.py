"""How much memory tensors take while something is computed, on any device."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter


def peak_bytes(work: Callable[[], Any]) -> int:
    """The most bytes that tensors made by `work` held at one moment; those that were there before do not count.

    What an operation takes for itself (the workspace of a convolution) is not seen. Only this thread is.
    """
    with _Weighing() as weighing:
        kept = work()  # alive until the end
    del kept
    return weighing.most


class _Weighing(TorchDispatchMode):
    """Adds up storages as they are made and takes them off as they go."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.most = self._now = 0
        self._known: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        before = {id(t.untyped_storage()) for t in tree_iter((args, kwargs or {})) if isinstance(t, Tensor)}
        result = func(*args, **(kwargs or {}))
        for tensor in tree_iter(result):
            if isinstance(tensor, Tensor) and id(tensor.untyped_storage()) not in before:
                self._weigh(tensor.untyped_storage())
        return result

    def _weigh(self, storage: torch.UntypedStorage) -> None:
        key = storage.data_ptr()
        if not key or key in self._known:
            return
        size = storage.nbytes()
        self._known.add(key)
        self._now += size
        self.most = max(self.most, self._now)
        weakref.finalize(storage, self._gone, key, size)

    def _gone(self, key: int, size: int) -> None:
        self._known.discard(key)
        self._now -= size
