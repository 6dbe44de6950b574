"""`likelihood` and `factors` on a tiny model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_desk import draw_pictures

from genstudio.cli import main

WORDS = ["--iterations", "3", "--latent-dim", "3", "--hidden", "8", "--batch-size", "8"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    metrics = path.with_suffix(".jsonl")
    assert main(["train", "mlp-vae", *WORDS, "--out", str(path), "--metrics", str(metrics)]) == 0
    return str(path)


def test_likelihood_tells_both_bounds(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["likelihood", model, "--count", "4", "--samples", "20"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "4 held-out pictures of strokes, grey values, in nats per picture" in text
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["elbo"] < found["weighted"] < 0
    assert f"{found['elbo']:.2f} ±" in text and f"{found['weighted']:.2f} ±" in text


def test_factors_tells_the_table_and_the_gap(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["factors", model, "--count", "300"]  # on strokes, as its own
    assert main(words) == 0
    text = capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all(line.startswith(name) for name, line in zip(found["factors"], text.splitlines()[1:], strict=False))
    assert (
        found["dataset"] == "strokes"
        and f"gap: {found['gap']:.3f}" in text
        and len(found["information"]) == len(found["factors"])
    )


def test_what_cannot_be_judged_gets_a_sentence(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", model, "--dataset", "shapes"]) == 1
    assert "are 32 px and grey" in capsys.readouterr().err
    for flag in ("--count", "--samples"):
        assert main(["likelihood", model, flag, "0"]) == 1
        assert capsys.readouterr().err == f"{flag} is 0; it must be at least 1.\n"
    assert main(["likelihood", model, "--dataset", str(tmp_path / "nowhere")]) == 1
    assert "There is no folder or zip" in capsys.readouterr().err


def test_pictures_that_are_learnt_from_are_not_called_held_out(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a folder that holds none out, or by its choices none, all pictures are to learn from."""
    folder = f"{draw_pictures(tmp_path)}#size=28"
    assert main(["likelihood", model, "--dataset", folder, "--count", "2", "--samples", "2"]) == 0
    assert "2 held-out pictures" in capsys.readouterr().out
    assert main(["likelihood", model, "--dataset", f"{folder},test=0", "--samples", "2"]) == 1
    assert "holds no pictures out" in capsys.readouterr().err
