"""An exception becomes one sentence that says what to do."""

from __future__ import annotations

import errno

import numpy as np
import pytest
import torch

from genstudio.errors import did_you_mean, sentence, whole

TOO_MUCH = 2**55  # bytes


@pytest.mark.parametrize("allocate", [lambda: torch.empty(TOO_MUCH, dtype=torch.uint8), lambda: np.empty(TOO_MUCH)])
def test_memory_that_is_not_there_is_no_fault_of_the_program(allocate):
    with pytest.raises((RuntimeError, MemoryError, ValueError)) as caught:
        allocate()
    assert sentence(caught.value).startswith("Not enough memory for this; try a smaller batch")


def test_a_gpus_memory_has_its_own_error():
    assert sentence(torch.cuda.OutOfMemoryError("CUDA out of memory.")).startswith("Not enough memory")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.png"), "The disk is full; nothing was changed: a.png."),
        (
            PermissionError(errno.EACCES, "Permission denied", "a.png"),
            "No permission for a.png; choose another folder.",
        ),
        (OSError(errno.EFBIG, "File too large", "a.png"), "File too large: a.png."),
        (FloatingPointError("A loss\nis no number."), "A loss is no number."),
        (ConnectionError("No network."), "No network."),
    ],
)
def test_what_a_person_can_mend_is_said_in_its_own_words(error, says):
    assert sentence(error) == says


def test_our_own_bug_is_called_one():
    assert sentence(KeyError("x")) == "Something went wrong inside GenStudio (KeyError: 'x')."
    assert sentence(ValueError()) == "Something went wrong inside GenStudio (ValueError: no message)."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("the receipt does not name a known family", "The receipt does not name a known family."),
        ("there is no model; choose one", "There is no model; choose one."),
        ("mnist-vae-2 has no encoder", "mnist-vae-2 has no encoder."),
        ("a.png cannot be read", "a.png cannot be read."),
        ("'x' is unknown; did you mean y?", "'x' is unknown; did you mean y?"),
        ("--steps is 0", "--steps is 0."),
        ("latent_dim is 0", "latent_dim is 0."),
        ("mine was cut short.", "mine was cut short."),
        ("It is whole already!", "It is whole already!"),
        ("", ""),
    ],
)
def test_what_is_read_alone_is_a_whole_sentence(text, read):
    assert whole(text, {"mine"}) == read


def test_of_a_beginning_all_words_are_named_if_they_are_few() -> None:
    known = [f"vae-{k}" for k in range(6)]
    assert did_you_mean("vae", known[:3]) == "did you mean vae-0, vae-1 or vae-2?"
    assert did_you_mean("--vae", [*known, "vae-6"]) == "did you mean vae-6?", "seven are too many"
    assert did_you_mean("consist", ["consistency", "flow"]) == "did you mean consistency?"
    assert did_you_mean("va", known[:3]) == "", "two letters begin many a word"
