"""The `genstudio` command refuses in one sentence, and its help is the long one."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tyro
from cli_desk import FAMILIES, draw_pictures, sentence_of, train_tiny
from tyro import _errors

from genstudio import store
from genstudio.bench import ROWS
from genstudio.cli import main
from genstudio.cli.headless.terminal import check_guidance
from genstudio.cli.usage import Line, in_a_sentence
from genstudio.settings import UNet2DSettings


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def models(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One trained model of each family."""
    return train_tiny(dataset, tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sample", "no-such-model", "--out", "x.png"], "no-such-model"),
        (["sample", "VAE", "--out", "x.jpg"], "x.jpg must end in .png or .npz."),
        (["sample", "VAE", "--out", "nowhere/x.png"], "There is no folder"),
        (
            ["sample", "VAE", "--out", "x.png", "--rows", "0"],
            "A grid of 0 x 8 has no pictures; --rows and --cols are at least 1.",
        ),
        (["sample", "VAE", "--out", "x.npz", "--count", "0"], "--count is 0; 1 to 100000 pictures are allowed."),
        (["sample", "DDPM", "--out", "x.png", "--class", "q"], "--class is 'q'; ddpm knows a, b, or none."),
        (
            ["sample", "DDPM", "--out", "x.png", "--sampler", "magic"],
            "--sampler is 'magic'; choose ddim, ddpm,",
        ),
        (["denoise", "DDPM", "--out", "x.png", "--class", "11"], "--class is '11'; ddpm knows a, b, or none."),
        (["denoise", "DDPM", "--out", "x.png", "--from", "no-such.png"], "no-such.png"),
        (["denoise", "DDPM", "--out", "x.jpg"], "x.jpg must end in .png, .webp, .gif or .mp4."),
        (["interpolate", "DDPM", "--out", "x.png"], "no codes to walk between; take a VAE or a GAN."),
        (["denoise", "VAE", "--out", "x.webp"], "is not a diffusion model; there is nothing to denoise."),
        (["train", "vae", "--dataset", "no-such-set", "--out", "x.safetensors"], "no-such-set"),
        (["train", "vae", "--resume", "no-such-file", "--out", "x.safetensors"], "no-such-file"),
        (["train", "gan", "--resume", "VAE", "--out", "x.safetensors"], "is a vae model"),
        (["train", "gan", "--resume", "DCGAN"], "lacks the training state, so the run cannot go on from it."),
        (["screenshot", "--size", "big", "--out", "x.png"], "--size is 'big'; write it as 1440x900"),
        (["screenshot", "--tab", "gan", "--iterations", "-1", "--out", "x.png"], "--iterations is -1; give 0"),
        (
            ["bench", "--only", "magic"],
            f"--only is 'magic'; choose {', '.join(list(ROWS)[:-1])} or {list(ROWS)[-1]}.",
        ),
        (["bench", "--only", "memory", "--minutes", "0"], "--minutes is 0; give more than 0, and at most 1440."),
        (["bench", "--only", "start,silder"], "--only is 'silder'; did you mean slider?"),
        (["sample", "mnist-dppm", "--out", "x.png"], "no model 'mnist-dppm'; did you mean mnist-ddpm?"),
        (["interpolate", "mnist-vea-16", "--out", "x.png"], "did you mean mnist-vae-16?"),
        (
            ["evaluate", "mnist-vae"],
            "did you mean mnist-vae-2, mnist-vae-4, mnist-vae-8, mnist-vae-16 or mnist-vae-32?",
        ),
        (["sample", "DDPM", "--out", "x.png", "--sampler", "dim"], "--sampler is 'dim'; did you mean ddim?"),
        (["denoise", "DDPM", "--out", "x.webp", "--sampler", "DDMP"], "--sampler is 'DDMP'; did you mean ddpm?"),
        (["train", "gan", "--dataset", "stroke", "--out", "x.safetensors"], "did you mean strokes?"),
        (["datasets", "--download", "mnst"], "'mnst' cannot be downloaded; did you mean mnist?"),
        (["train", "vae", "--save-every", "-1", "--out", "x.safetensors"], "--save-every is -1; give 0"),
        (["bench", "--json", "nowhere/x.json"], "There is no folder"),
        (["interpolate", "VAE", "--seed-a", "-1", "--out", "x.png"], "--seed-a is -1; it must not be negative."),
        (["train", "ddpm", "--width", "12", "--out", "x.safetensors"], "--width is 12; allowed: multiples of 8."),
        (["train", "gan", "--lr-g", "50", "--out", "x.safetensors"], "--lr-g is 50.0; allowed: 1e-06 to 10."),
        (["train", "vae", "--iterations", "-1", "--out", "x.safetensors"], "--iterations is -1; give 0"),
        (["denoise", "DDPM", "--cols", "-3", "--out", "x.webp"], "--cols is -3; it must be at least 0."),
        (["sample", "VAE", "--class", "a", "--out", "x.png"], "knows no classes; leave --class out."),
        (
            ["sample", "VAE", "--guidance", "3", "--out", "x.png"],
            "--guidance 3 changes nothing: this model is no diffusion model, and only those are guided.",
        ),
        (["sample", "VAE", "--guidance", "3", "--out", "x.npz"], "--guidance 3 changes nothing: this model is no"),
        (["evaluate", "VAE", "--guidance", "1.5"], "--guidance 1.5 changes nothing: this model is no diffusion"),
        (
            ["sample", "DDPM", "--class", "none", "--guidance", "3", "--out", "x.png"],
            "--guidance 3 changes nothing: guidance needs a class; here the class is none.",
        ),
        (["denoise", "DDPM", "--class", "none", "--guidance", "0", "--out", "x.webp"], "guidance needs a class"),
        (["sample", "VAE", "--gap", "-1", "--out", "x.png"], "--gap is -1"),
        (["sample", "DDPM", "--sampler", "ddim", "--eta", "3", "--out", "x.png"], "--eta is 3.0; allowed: 0 to 1."),
        (
            ["evaluate", "VAE", "--sampler", "ddim"],
            "--sampler ddim changes nothing: this model is no diffusion model, and draws at once.",
        ),
        (["sample", "VAE", "--steps", "9", "--out", "x.png"], "--steps 9 changes nothing: this model is no"),
        (["sample", "VAE", "--steps", "0", "--out", "x.png"], "--steps 0 changes nothing: this model is no"),
        (["evaluate", "VAE", "--spacing", "karras"], "--spacing karras changes nothing: this model is no"),
        (["sample", "VAE", "--eta", "0.5", "--out", "x.npz"], "--eta 0.5 changes nothing: this model is no"),
        (
            ["sample", "DDPM", "--sampler", "heun", "--eta", "0.5", "--out", "x.png"],
            "--eta 0.5 changes nothing: it is for ddim, and the sampler here is heun.",
        ),
        (["sample", "DDPM", "--steps", "0", "--out", "x.png"], "--steps is 0; this model allows 1 to 12."),
    ],
)
def test_an_error_is_one_sentence_and_no_file(
    words: list[str],
    says: str,
    models: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    files = models | {"dcgan": str(store.find_model("mnist-dcgan"))}
    assert main([files.get(word.lower(), word) if word.isupper() else word for word in words]) == 1
    said = sentence_of(capsys)
    assert says in said and said.endswith((".", "?"))
    assert said[0].isupper() or said.startswith(
        ("--", "x.", "mnist-", *models)
    )  # a flag, a file or a model as it is typed
    assert list(tmp_path.iterdir()) == []


def test_guidance_of_a_model_that_cannot_be_guided_is_refused() -> None:
    known = store.model_info(store.find_model("mnist-ddpm"))
    untaught = dataclasses.replace(known, settings=dataclasses.replace(known.settings, class_dropout=0.0))
    foreign = dataclasses.replace(known, family="unet2d", settings=UNet2DSettings())
    check_guidance(known, 3.0)
    for info, why in (
        (dataclasses.replace(known, classes=()), "this model knows no classes, so there is none to go beyond."),
        (untaught, "this model never learnt to do without a class"),
        (foreign, "this model never learnt to do without a class"),
        (dataclasses.replace(known, family="cgan"), "this model is no diffusion model"),
    ):
        check_guidance(info, 1.0)
        with pytest.raises(ValueError, match=f"^--guidance 2.5 changes nothing: {why}"):
            check_guidance(info, 2.5)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that even root cannot write")
def test_an_unwritable_folder_is_refused_before_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "vae", "--iterations", "0", "--out", "/proc/x.safetensors"]) == 1
    assert sentence_of(capsys) == "No permission for /proc/x.safetensors; choose another folder."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("nonsense", "`genstudio` does not know 'nonsense'; choose window, models, datasets, sample, interpolate,"),
        ("mdels", "`genstudio` does not know 'mdels'; did you mean models? `genstudio --help` tells more."),
        ("datasets more", "`genstudio datasets` has no use for 'more'. `genstudio datasets --help` tells more."),
        ("--verson", "`genstudio` has no --verson; did you mean --version? `genstudio --help` tells more."),
        ("train", f"`genstudio train` needs one more word: {FAMILIES}. `genstudio train --help` tells more."),
        ("train foo", f"`genstudio train` does not know 'foo'; choose {FAMILIES}. `genstudio train --help`"),
        ("train --lr 1 vae", f"`genstudio train` has no --lr; after train comes {FAMILIES}."),
        (
            "train vae",
            "`genstudio train vae` needs --out PATH or --log-dir DIR. `genstudio train vae --help` tells more.",
        ),
        ("sample", "`genstudio sample` needs MODEL and --out PATH. `genstudio sample --help` tells more."),
        (
            "train gan --nonsense --out x",
            "`genstudio train gan` has no --nonsense. `genstudio train gan --help` tells more.",
        ),
        ("sample VAE --ot x.png", "`genstudio sample` has no --ot; did you mean --out?"),
        ("train vae --out x --batch_sise 4", "`genstudio train vae` has no --batch_sise; did you mean --batch-size?"),
        ("train vae --out x --lr fast", "--lr is 'fast'; it takes a number. `genstudio train vae --help` tells more."),
        ("sample VAE --out x --count=1.5", "--count is '1.5'; it takes a whole number."),
        ("train vae --out x --lr", "--lr needs a number after it."),
        ("sample -c 5", "`genstudio sample` has no -c."),
        ("sample --sed 3", "`genstudio sample` has no --sed; did you mean --seed?"),
        ("evaluate --cuont 5", "`genstudio evaluate` has no --cuont; did you mean --count?"),
        ("screenshot --out x --tab y", "--tab is 'y'; choose vae, picture, map, path, traverse, arithmetic,"),
    ],
)
def test_words_that_are_not_understood_end_in_a_sentence_with_code_two(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    assert sentence_of(capsys).startswith(says)


def test_help_is_the_long_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["train", "gan", "--help"])
    assert end.value.code == 0
    assert "--save-every" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", ["window", "compare", "datasets", "train gan", "sample", "likelihood", "factors", "screenshot", "bench"]
)
def test_help_names_no_default_that_says_nothing(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*words.split(), "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert not re.search(r"default: *(│ │ *)?(None|False|''|\))", said)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "`genstudio --check` tells what works on this machine, `genstudio --version` which version this is"),
        ("models", "usage: genstudio models [-h] [MODEL] "),
        ("compare", "usage: genstudio compare [-h] MODEL MODEL ... "),
    ],
)
def test_help_says_what_may_be_left_out_and_how_much_must_be_there(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*words.split(), "--help"])
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [("", "(required without --log-dir and --resume)"), ("--log-dir runs", "checkpoint.safetensors)")],
)
def test_help_says_when_a_checkpoint_must_be_named(words: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "vae", *words.split(), "--help"])
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert says in said and "(required)" not in said


def test_an_error_that_this_version_of_tyro_tells_in_another_way_is_left_to_tyro() -> None:
    with in_a_sentence(Line([], {}, print)):
        _errors._fire(_errors.ParseErrorEvent("genstudio"))
        _errors._fire(type("MissingArgs", (), {})())


def test_a_tyro_that_has_moved_its_errors_still_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tyro, "_errors")
    monkeypatch.setitem(sys.modules, "tyro._errors", None)
    with in_a_sentence(Line([], {}, print)):
        pass


def test_without_a_screen_the_window_is_refused_in_a_sentence() -> None:
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in screens}
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux runs without a screen")
    command = [sys.executable, "-m", "genstudio"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "There is no screen here" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("rank", ["0", "1"])
def test_of_several_processes_the_first_says_why_and_all_tell_their_launcher(
    rank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RANK", rank)
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(tmp_path / "error.json"))
    assert main(["models", "nosuch"]) == 1
    said = capsys.readouterr().err
    told = json.loads((tmp_path / "error.json").read_text())["message"]
    assert "nosuch" in told["message"] and int(told["extraInfo"]["timestamp"]) > 0
    assert said == (f"{told['message']}\n" if rank == "0" else "")
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(tmp_path / "gone" / "error.json"))
    assert main(["models", "nosuch"]) == 1
    assert capsys.readouterr().err == f"{'' if rank == '0' else 'Process 1: '}{told['message']}\n"
