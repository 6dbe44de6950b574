"""A DDPM goes to a diffusers folder and comes back with the same pictures; others' folders are played as they do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from exchange_desk import LAYOUT, PICTURES, shaken, weights, write
from safetensors.numpy import load_file, save_file
from session_desk import last, new_session, train_runs

from genstudio import api, store
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.levels import trailing, trailing_timesteps, uniform_timesteps
from genstudio.core.samplers import SAMPLERS, ddim
from genstudio.core.seeding import ImageNoise
from genstudio.core.unet import UNet
from genstudio.session import Session, exchange_in
from genstudio.session.exchange_levels import config_of, levels_of
from genstudio.session.models import Loaded, expected_weights
from genstudio.settings import DiffusionSettings, UNet2DSettings
from genstudio.settings.schedules import name_of_curve, straight_curve

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # theirs
STEPS = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tiny models; the DDPM has weights that all count."""
    made = train_runs(tmp_path_factory.mktemp("models"))
    header, tensors = store.read_checkpoint(made / "tiny-ddpm.safetensors", lambda header: _shapes(made))
    rng = np.random.default_rng(0)
    tensors = {name: value + 0.1 * rng.standard_normal(value.shape).astype("f4") for name, value in tensors.items()}
    store.write_checkpoint(
        made / "tiny-ddpm.safetensors", dataclasses.replace(header, training=False, history=0), tensors
    )
    return made


def _shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    found = load_file(folder / "tiny-ddpm.safetensors")
    return {name: value.shape for name, value in found.items() if name.startswith("model.")}


@pytest.fixture
def session(folder: Path) -> Session:
    return new_session(folder)


def brought(session: Session, folder: Path, path: Path) -> Loaded:
    """The model of a folder, by way of its file."""
    event = last(session.stream(api.ImportRequest(str(folder), str(path))))
    assert event.path == str(path) and event.is_new and event.bytes == path.stat().st_size
    return session.models.get(str(path))


def pictures(session: Session, model: str, sampler: str) -> np.ndarray:
    request = api.SampleRequest(model, 3, 6, sampler=sampler, steps=4, guidance=2.0)
    return session.handle(request).images


def states(loaded: Loaded, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Where DDIM of ours ends."""
    levels = trailing(loaded.schedule(), STEPS)
    steps = ddim(loaded.predict(labels, 1.0), levels, x, ImageNoise(0, range(len(x)), x.device))
    return list(steps)[-1].x_t


def theirs_end(unet: Any, scheduler: Any, x: torch.Tensor, labels: torch.Tensor | None) -> torch.Tensor:
    """Where theirs ends, in the loop of their documentation."""
    scheduler.set_timesteps(STEPS)
    told = {} if labels is None else {"class_labels": labels}
    with torch.inference_mode():
        for t in scheduler.timesteps:
            x = scheduler.step(unet(x, t, **told).sample, t, x, use_clipped_model_output=True).prev_sample
    return x


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(5))


# ---- ours -------------------------------------------------------------------------------------------------------


def test_a_ddpm_comes_back_with_the_same_pictures_by_every_sampler(session: Session, folder: Path, tmp_path: Path):
    saved = last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "out"))))
    assert saved.bytes == sum(file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file())
    loaded = brought(session, tmp_path / "out", tmp_path / "back.safetensors")
    before = session.models.get("tiny-ddpm")
    assert loaded.info.settings == before.info.settings and loaded.info.classes == before.info.classes
    assert (loaded.info.family, loaded.info.dataset, loaded.info.iteration) == ("ddpm", "strokes", 3)
    assert not loaded.info.resumable
    for sampler in SAMPLERS:
        one, other = (pictures(session, model, sampler) for model in ("tiny-ddpm", str(tmp_path / "back.safetensors")))
        assert np.array_equal(one, other) and one.std() > 10


def test_a_model_that_comes_back_says_whose_pictures_it_draws_and_where_it_is_from(
    session: Session, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out, back = tmp_path / "digits", tmp_path / "back.safetensors"
    last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(out))))
    event = last(session.stream(api.ImportRequest(str(out), str(back))))
    assert event.twin == "tiny-ddpm"
    assert (
        event.said("back")
        == " The weights of back and tiny-ddpm are the same to the last bit, and so is what they draw here."
    )
    assert next(session.stream(api.CardRequest(str(back)))).origin == "digits"
    assert next(session.stream(api.CardRequest("tiny-ddpm"))).origin == ""
    assert main(["models", str(back)]) == 0
    assert "Came from      The diffusers folder digits" in capsys.readouterr().out
    header, tensors = store.read_checkpoint(back, expected_weights)
    name = next(iter(tensors))
    other = {**tensors, name: tensors[name] + 1e-3}
    assert exchange_in.twin_of(session.models, header, other, tmp_path / "x") == "", "the last bit counts"
    assert exchange_in.twin_of(session.models, header, tensors, folder / "tiny-ddpm.safetensors") == "", "not its own"


def test_diffusers_draws_the_same_from_the_folder(session: Session, tmp_path: Path):
    """Of a model that has learnt: on the way of one that has not, the least error grows."""
    diffusers, model = pytest.importorskip("diffusers"), str(store.pretrained_dir() / "strokes-ddpm.safetensors")
    last(session.stream(api.ExportFolderRequest(model, str(tmp_path / "out"))))
    unet = diffusers.UNet2DModel.from_pretrained(tmp_path / "out", subfolder="unet")
    scheduler = diffusers.DDIMScheduler.from_pretrained(tmp_path / "out", subfolder="scheduler")
    x, labels = noise(4, 1, 28, 28), torch.tensor([0, 3, 9, 10])
    found = F.pixel_shuffle(theirs_end(unet, scheduler, F.pixel_unshuffle(x, 2), labels), 2)
    wanted = states(session.models.get(model), x, labels)
    assert wanted.std() > 0.1 and (found - wanted).abs().max() < 1e-4


def test_the_code_in_the_note_of_a_folder_draws(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("diffusers")
    last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "tiny-ddpm"))))
    card = (tmp_path / "tiny-ddpm" / "README.md").read_text()
    assert "3 is 3" in card and "strokes" in card and "10 is no class" in card
    code = card.split("```python\n")[1].split("```")[0].replace("set_timesteps(40)", "set_timesteps(2)")
    monkeypatch.chdir(tmp_path)
    told: dict[str, Any] = {}
    exec(code, told)
    assert told["pictures"].shape == (16, 1, 28, 28)


@pytest.mark.parametrize("classes", [(), ("cat", "dog")])
@pytest.mark.parametrize("channels", [1, 3])
def test_weights_of_half_precision_colour_and_no_classes_come_back(
    session: Session, tmp_path: Path, classes: tuple[str, ...], channels: int
):
    state = shaken(UNet(channels, 8, len(classes))).state_dict()
    tensors = {f"model.{name}": value.numpy().astype(np.float16) for name, value in state.items()}
    header = store.Header("ddpm", DiffusionSettings(width=8, timesteps=20), "pets", channels, 32, classes, 7)
    store.write_checkpoint(tmp_path / "pets.safetensors", header, tensors)
    last(session.stream(api.ExportFolderRequest(str(tmp_path / "pets.safetensors"), str(tmp_path / "out"))))
    loaded = brought(session, tmp_path / "out", tmp_path / "back.safetensors")
    back = store.read_header(tmp_path / "back.safetensors")
    assert back == dataclasses.replace(header, origin="out") and loaded.info.classes == classes
    one, other = (pictures(session, str(tmp_path / f"{name}.safetensors"), "ddim") for name in ("pets", "back"))
    assert one.shape == (6, 32, 32, channels) and np.array_equal(one, other)


def test_a_folder_that_diffusers_wrote_again_is_still_ours_but_its_classes_are_numbers(
    session: Session, folder: Path, tmp_path: Path
):
    diffusers = pytest.importorskip("diffusers")
    last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "out"))))
    diffusers.DDPMPipeline.from_pretrained(tmp_path / "out").save_pretrained(tmp_path / "again")
    loaded = brought(session, tmp_path / "again", tmp_path / "again.safetensors")
    assert loaded.info.family == "ddpm" and loaded.info.dataset == "again (diffusers)" and loaded.info.iteration == 0
    assert loaded.info.classes == tuple("0123456789")
    before = session.models.get("tiny-ddpm").network.state_dict()
    assert all(torch.equal(value, before[name]) for name, value in loaded.network.state_dict().items())


@pytest.mark.parametrize("family", ["ddpm", "unet2d"])
@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        ({"prediction_type": "v_prediction"}, "objective", "v"),
        ({"num_train_timesteps": 30}, "timesteps", 30),
        ({"beta_schedule": "linear", "beta_start": 0.0025, "beta_end": 0.5}, "schedule", "linear"),
    ],
)
def test_a_folder_that_we_wrote_and_somebody_edited_has_the_levels_that_it_says(
    session: Session, tmp_path: Path, family: str, change: dict[str, Any], name: str, value: object
):
    """What was noted beside the weights is of another model."""
    model, out = "tiny-ddpm", tmp_path / "out"
    if family == "unet2d":
        model = str(tmp_path / "cat.safetensors")
        brought(session, write(tmp_path / "cat"), Path(model))
    last(session.stream(api.ExportFolderRequest(model, str(out))))
    edit(out / "scheduler" / "scheduler_config.json", change)
    info = brought(session, out, tmp_path / "back.safetensors").info
    assert getattr(session.models.get(model).info.settings, name) != getattr(info.settings, name) == value
    assert (info.family, info.dataset, info.iteration) == (family, "out (diffusers)", 0)


def test_a_folder_that_we_wrote_and_somebody_edited_has_the_size_that_it_says(session: Session, tmp_path: Path):
    last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "out"))))
    edit(tmp_path / "out" / "unet" / "config.json", {"sample_size": 16})
    info = brought(session, tmp_path / "out", tmp_path / "back.safetensors").info
    assert (info.family, info.size, info.dataset, info.iteration) == ("ddpm", 32, "out (diffusers)", 0)
    assert pictures(session, info.path, "ddim").shape == (6, 32, 32, 1)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_folder_that_somebody_edited_knows_as_before_whether_it_can_do_without_a_class(
    session: Session, folder: Path, tmp_path: Path, dropout: float
):
    header, tensors = store.read_checkpoint(folder / "tiny-ddpm.safetensors", expected_weights)
    settings = dataclasses.replace(header.settings, class_dropout=dropout)
    path = tmp_path / "mine.safetensors"
    store.write_checkpoint(path, dataclasses.replace(header, settings=settings), tensors)
    last(session.stream(api.ExportFolderRequest(str(path), str(tmp_path / "out"))))
    edit(tmp_path / "out" / "scheduler" / "scheduler_config.json", {"num_train_timesteps": 30})
    info = brought(session, tmp_path / "out", tmp_path / "back.safetensors").info
    assert info.settings.timesteps == 30 and info.settings.class_dropout == dropout
    assert info.knows_no_class == session.models.get(str(path)).info.knows_no_class == (dropout > 0)


def edit(config: Path, change: dict[str, Any]) -> None:
    config.write_text(json.dumps({**json.loads(config.read_text()), **change}))


def test_a_run_is_written_as_it_is_now(tmp_path: Path):
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    run = api.TrainRequest("ddpm", "strokes", DiffusionSettings(width=8, batch_size=4, timesteps=20), 2, preview=0)
    list(session.stream(api.RunRequest(run, 5)))
    last(session.stream(api.ExportFolderRequest("", str(tmp_path / "out"), 5)))
    session.handle(api.SaveRequest(str(tmp_path / "saved.safetensors"), 5))
    brought(session, tmp_path / "out", tmp_path / "back.safetensors")
    saved, back = (load_file(tmp_path / f"{name}.safetensors") for name in ("saved", "back"))
    assert {name for name in saved if name.startswith("model.")} == set(back)
    assert all(np.array_equal(saved[name], value) for name, value in back.items())
    with pytest.raises(ValueError, match="Nothing has been trained"):
        last(session.stream(api.ExportFolderRequest("", str(tmp_path / "none"), 6)))


@pytest.mark.parametrize("schedule", ["linear", "cosine", "sigmoid", name_of_curve(straight_curve())])
@pytest.mark.parametrize("objective", ["noise", "x0", "v"])
def test_levels_come_back_and_diffusers_has_the_same(schedule: str, objective: str):
    diffusers = pytest.importorskip("diffusers")
    settings = DiffusionSettings(schedule=schedule, timesteps=60, objective=objective)
    config = json.loads(json.dumps(config_of(settings)))
    theirs = diffusers.DDIMScheduler.from_config(config)
    from genstudio.core.schedules import schedule_of

    assert (theirs.alphas_cumprod.double() - schedule_of(settings).alphas_cumprod).abs().max() < 1e-5
    if not schedule.startswith("drawn"):
        assert levels_of(config) == (60, schedule, objective, 1.0)


def test_a_drawn_schedule_comes_back(tmp_path: Path):
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    settings = DiffusionSettings(width=8, batch_size=4, timesteps=20, schedule=name_of_curve(straight_curve()))
    list(session.stream(api.TrainRequest("ddpm", "strokes", settings, 1, preview=0)))
    last(session.stream(api.ExportFolderRequest("", str(tmp_path / "out"))))
    assert brought(session, tmp_path / "out", tmp_path / "back.safetensors").info.settings == settings


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-gan"])
def test_only_a_ddpm_is_written(session: Session, tmp_path: Path, model: str):
    with pytest.raises(ValueError, match="only a DDPM can be written"):
        last(session.stream(api.ExportFolderRequest(model, str(tmp_path / "out"))))
    assert not list(tmp_path.iterdir())


def test_what_is_there_already_is_not_replaced(session: Session, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    for name in ("full", "full/mine.txt"):
        with pytest.raises(ValueError, match="is there already"):
            last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / name))))
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "empty"))))
    with pytest.raises(OSError, match="none"):
        last(session.stream(api.ExportFolderRequest("tiny-ddpm", str(tmp_path / "none" / "out"))))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty", "full"], "no part is left"


# ---- others' ----------------------------------------------------------------------------------------------------


def saved_by_diffusers(folder: Path, unet: dict[str, Any], scheduler: dict[str, Any], kind: str = "DDIM") -> Any:
    """A folder as their pipeline writes it, and its parts."""
    diffusers = pytest.importorskip("diffusers")
    network = shaken(diffusers.UNet2DModel(**{**PICTURES, **LAYOUT, **unet}), spread=0.1)
    levels = getattr(diffusers, f"{kind}Scheduler")(**{"num_train_timesteps": 80, **scheduler})
    getattr(diffusers, f"{kind}Pipeline")(network, levels).save_pretrained(folder)
    own = diffusers.DDIMScheduler.from_config(levels.config, timestep_spacing="trailing")
    return network, own


@pytest.mark.parametrize(
    ("unet", "scheduler", "kind"),
    [
        ({}, {}, "DDPM"),
        ({"num_class_embeds": 4}, {"beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction"}, "DDIM"),
        ({"in_channels": 3, "out_channels": 3}, {"beta_schedule": "scaled_linear", "clip_sample": False}, "DDPM"),
        ({}, {"prediction_type": "sample", "clip_sample_range": 3.0, "beta_end": 0.05}, "DDIM"),
        ({}, {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True}, "DDIM"),
    ],
    ids=["plain", "classes and v", "colour, unclipped", "sample", "zero SNR"],
)
def test_a_folder_from_elsewhere_is_played_as_diffusers_does(
    session: Session, tmp_path: Path, unet: dict[str, Any], scheduler: dict[str, Any], kind: str
):
    network, levels = saved_by_diffusers(tmp_path / "cat", unet, scheduler, kind)
    loaded = brought(session, tmp_path / "cat", tmp_path / "cat.safetensors")
    classes = unet.get("num_class_embeds", 0)
    assert loaded.info.family == "unet2d" and loaded.info.classes == tuple(map(str, range(classes)))
    channels = unet.get("in_channels", 1)
    assert (loaded.info.channels, loaded.info.size, loaded.info.dataset) == (channels, 16, "cat (diffusers)")
    x, labels = noise(3, channels, 16, 16), torch.tensor([0, 1, 0])
    found = states(loaded, x, labels)
    wanted = theirs_end(network, levels, x, labels if classes else None)
    assert wanted.std() > 0.05 and (found - wanted).abs().max() < 1e-4 * max(1, float(wanted.std()))
    for sampler in SAMPLERS:
        drawn = pictures(session, str(tmp_path / "cat.safetensors"), sampler)
        assert drawn.shape == (6, 16, 16, channels)


def test_it_is_played_step_by_step_and_written_again(session: Session, tmp_path: Path):
    write(tmp_path / "cat")
    brought(session, tmp_path / "cat", tmp_path / "cat.safetensors")
    request = api.DenoiseRequest(str(tmp_path / "cat.safetensors"), count=2, steps=4)
    events = list(session.stream(request))
    assert [event.steps[0].index for event in events] == [0, 1, 2, 3, 4]
    last(session.stream(api.ExportFolderRequest(str(tmp_path / "cat.safetensors"), str(tmp_path / "cat again"))))
    brought(session, tmp_path / "cat again", tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "cat.safetensors").read_bytes()


@pytest.mark.parametrize(
    ("scheduler", "note"),
    [
        ({}, ""),
        ({"variance_type": "fixed_small_log", "set_alpha_to_one": True, "steps_offset": 1}, ""),
        ({"variance_type": "fixed_large"}, 'Its folder draws with the sampler "DDPM, wide σ".'),
        ({"set_alpha_to_one": False}, "leaves a trace of noise in its pictures"),
        ({"timestep_spacing": "leading"}, ""),  # which is said of diffusers, not of a folder
        ({"timestep_spacing": "linspace"}, ""),
        ({"timestep_spacing": "trailing"}, 'Its folder draws with the spacing "Trailing".'),
        (
            {"timestep_spacing": "trailing", "variance_type": "fixed_large"},
            'Its folder draws with the sampler "DDPM, wide σ". Its folder draws with the spacing "Trailing".',
        ),
    ],
)
def test_what_a_folder_draws_otherwise_is_said(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], scheduler: dict[str, Any], note: str
):
    """Many a well-known folder asks for the larger variance; nothing in the model itself is another."""
    folder, out = write(tmp_path / "cat", scheduler=scheduler), tmp_path / "cat.safetensors"
    event = last(session.stream(api.ImportRequest(str(folder), str(out))))
    assert note in event.note and bool(note) == bool(event.note)
    assert main(["import-diffusers", str(folder), "--out", str(tmp_path / "again.safetensors")]) == 0
    assert capsys.readouterr().err.splitlines()[1:] == ([event.note] if note else [])


def test_the_spacings_of_diffusers_are_what_is_said_of_them():
    """At 50 steps, of a scheduler's configuration and of the one that says nothing of them."""
    diffusers = pytest.importorskip("diffusers")

    def theirs(**config: Any) -> list[int]:
        scheduler = diffusers.DDIMScheduler(**config)
        scheduler.set_timesteps(50)
        return [int(t) for t in scheduler.timesteps]

    assert theirs(timestep_spacing="linspace") == uniform_timesteps(1000, 50)
    assert theirs(timestep_spacing="trailing") == trailing_timesteps(1000, 50)
    assert theirs()[0] == 980 and uniform_timesteps(1000, 50)[0] == 999 and theirs(steps_offset=1)[0] == 981


def test_half_precision_is_read(session: Session, tmp_path: Path):
    half = {name: value.astype(np.float16) for name, value in weights().items()}
    write(tmp_path / "cat", tensors=half, file="diffusion_pytorch_model.fp16.safetensors")
    loaded = brought(session, tmp_path / "cat", tmp_path / "cat.safetensors")
    for name, value in loaded.network.state_dict().items():
        assert value.dtype == torch.float32 and np.array_equal(value.numpy(), half[name].astype(np.float32))


def test_the_first_folders_of_all_are_read_too(session: Session, tmp_path: Path):
    """All in one folder, and attention by its older names."""
    write(tmp_path / "cat")
    older = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    tensors = load_file(tmp_path / "cat" / "unet" / "diffusion_pytorch_model.safetensors")
    renamed = {}
    for name, value in tensors.items():
        for new, old in older.items():
            name = name.replace(f".{new}.", f".{old}.")
        renamed[name] = value
    assert renamed.keys() != tensors.keys()
    flat = tmp_path / "flat"
    flat.mkdir()
    save_file(renamed, flat / "diffusion_pytorch_model.safetensors")
    for name in ("model_index.json", "unet/config.json", "scheduler/scheduler_config.json"):
        (tmp_path / "cat" / name).rename(flat / Path(name).name)
    loaded = brought(session, flat, tmp_path / "flat.safetensors")
    assert all(np.array_equal(value.numpy(), tensors[name]) for name, value in loaded.network.state_dict().items())


def test_a_model_that_knows_no_no_class_says_so_and_guidance_is_of_no_use(session: Session, tmp_path: Path):
    write(tmp_path / "cat", unet={"num_class_embeds": 3}, tensors=weights(3))
    info = brought(session, tmp_path / "cat", tmp_path / "cat.safetensors").info
    assert not info.knows_no_class
    path = str(tmp_path / "cat.safetensors")
    ways = [api.SampleRequest(path, 3, 4, sampler="ddim", steps=3, guidance=guidance) for guidance in (0.0, 1.0, 5.0)]
    drawn = [session.handle(way).images for way in ways]
    assert np.array_equal(drawn[0], drawn[1]) and np.array_equal(drawn[1], drawn[2])
    with pytest.raises(ValueError, match="draws no picture without a class; it knows 0 to 2"):
        session.handle(dataclasses.replace(ways[0], label=api.NO_CLASS))


def test_in_the_models_folder_it_is_called_as_the_folder_and_comes_once(tmp_path: Path):
    write(tmp_path / "cat")
    models = tmp_path / "models"
    session = Session("io", data_dir=tmp_path, model_dirs=[models], compute=FLOAT32_CPU)
    first, again = (last(session.stream(api.ImportRequest(str(tmp_path / "cat")))) for _ in range(2))
    assert first == api.ImportedEvent(str(models / "cat.safetensors"), first.bytes, True)
    assert again == dataclasses.replace(first, is_new=False)
    header, tensors = exchange_in.read(store.open_folder(tmp_path / "cat"))
    store.write_checkpoint(Path(first.path), dataclasses.replace(header, quality={"frechet": 3.0}), tensors)
    measured = last(session.stream(api.ImportRequest(str(tmp_path / "cat"))))
    assert not measured.is_new and store.read_header(Path(first.path)).quality == {"frechet": 3.0}
    write(tmp_path / "cat", scheduler={"num_train_timesteps": 50})
    other = last(session.stream(api.ImportRequest(str(tmp_path / "cat"))))
    assert Path(other.path).name == "cat-2.safetensors" and other.is_new
    catalog = session.handle(api.CatalogRequest()).catalog
    assert [(info.name, info.family) for info in catalog.models] == [("cat", "unet2d"), ("cat-2", "unet2d")]


def test_an_import_that_is_stopped_before_it_writes_leaves_no_file(tmp_path: Path):
    write(tmp_path / "cat")
    models = tmp_path / "models"
    stream = Session("io", data_dir=tmp_path, model_dirs=[models], compute=FLOAT32_CPU).stream(
        api.ImportRequest(str(tmp_path / "cat"))
    )
    assert [next(stream).what for _ in range(2)] == ["Reading cat", "Comparing it with your models"]
    stream.close()
    assert not list(models.iterdir())


def test_it_is_not_trained_here(session: Session):
    with pytest.raises(ValueError, match="are played, not trained here"):
        list(session.stream(api.TrainRequest("unet2d", "strokes", UNet2DSettings(), 1)))


# ---- the command ------------------------------------------------------------------------------------------------


def test_the_commands_write_and_read_a_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    model, out = str(folder / "tiny-ddpm.safetensors"), tmp_path / "back.safetensors"
    assert main(["export-diffusers", model, str(tmp_path / "out")]) == 0
    assert f"Wrote {tmp_path / 'out'} (" in capsys.readouterr().err
    assert main(["import-diffusers", str(tmp_path / "out"), "--out", str(out)]) == 0
    assert f"Wrote {out} (" in capsys.readouterr().err
    drawn = []
    for name in (model, str(out)):
        assert main(["sample", name, "--count", "3", "--steps", "3", "--out", str(tmp_path / "x.npz")]) == 0
        drawn.append(np.load(tmp_path / "x.npz")["images"])
    assert np.array_equal(*drawn)
    monkeypatch.setattr(store, "models_dir", lambda: tmp_path / "mine")
    assert main(["import-diffusers", str(tmp_path / "out")]) == 0
    assert (tmp_path / "mine" / "out.safetensors").read_bytes() == out.read_bytes()


def test_the_command_writes_over_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder, out = write(tmp_path / "cat"), tmp_path / "mine.safetensors"
    out.write_bytes(b"what somebody has trained")
    assert main(["import-diffusers", str(folder), "--out", str(out)]) == 1
    assert capsys.readouterr().err == "mine.safetensors is there already; choose another name.\n"
    assert out.read_bytes() == b"what somebody has trained"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import-diffusers", "none"], "There is no folder none."),
        (["import-diffusers", ".", "--out", "x.bin"], "x.bin must end in .safetensors."),
        (
            ["export-diffusers", "mnist-vae-2", "out"],
            "is no DDPM (Variational autoencoder); only a DDPM can be written as a diffusers folder.",
        ),
        (["export-diffusers", "nobody", "out"], "There is no model 'nobody'"),
        (["export-diffusers"], "`genstudio export-diffusers` needs MODEL and FOLDER."),
        (["export-diffuser", "a", "b"], "did you mean export-diffusers?"),
    ],
)
def test_the_commands_refuse_in_one_sentence(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert main(words) != 0
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and says in lines[0]
    assert not list(tmp_path.iterdir())
