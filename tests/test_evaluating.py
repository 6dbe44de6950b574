"""Evaluation of whole models: what is measured, what is not, with which eye, and the card it is written on."""

import dataclasses
import errno
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from session_desk import new_session, train_runs

from genstudio import api, store
from genstudio.cli import main
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.datasets import Dataset
from genstudio.core.metrics.readings import Readings
from genstudio.core.peak import peak_bytes
from genstudio.session import Session, evaluating, exporting, eyes, study
from genstudio.session.study import Sides
from genstudio.steps import finish
from genstudio.store import cards

COUNT = 120
FEW = ("frechet", "precision", "recall", "density", "coverage", "inception", "entropy")  # what 32 do not tell


@pytest.fixture(autouse=True)
def few(monkeypatch, tmp_path):
    """Little is drawn for some meters beside the pictures themselves; the user's folder is one of the test's own."""
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    monkeypatch.setattr(evaluating, "PAIRS", 60)
    monkeypatch.setattr(evaluating, "COMPARED", 110)


@pytest.fixture(scope="module")
def session():
    return Session("io", compute=FLOAT32_CPU)


def evaluated(session: Session, model: str, **fields) -> api.Evaluation:
    sampler, steps = ("ddim", 3) if "ddpm" in model else ("ddpm", 50)
    seed, count = fields.pop("seed", 7), fields.pop("count", COUNT)
    return measured(session, api.SampleRequest(model, seed=seed, count=count, sampler=sampler, steps=steps), **fields)


def measured(session: Session, sample: api.SampleRequest, **fields) -> api.Evaluation:
    *progress, end = session.stream(api.EvaluateRequest(sample, "strokes", **fields))
    assert all(isinstance(event, api.ProgressEvent) for event in progress) and len(progress) > 10
    return end.evaluation


def test_a_vae_is_measured_by_every_meter(session):
    found = evaluated(session, "mnist-vae-16", count=260)
    assert set(found.bands) == set(api.METERS) and not found.missing
    assert (found.eye, found.dataset, found.count, found.way) == ("classifier", "strokes", 260, "")
    assert found.counts == {**dict.fromkeys(api.METERS, 260), "copies": 110, "path": 60, "memory": 16}
    assert "thread" in found.machine and found.bands["time"].error > 0
    assert set(found.floor) == set(api.METERS) - {"path", "reconstruction", "time", "memory"}
    assert abs(found.floor["kernel"].value) < 4 * found.floor["kernel"].error
    assert 0 < found.bands["reconstruction"].value < 0.1 and found.bands["path"].value > 0
    assert 0 < found.bands["time"].value < 1000 and 0.001 < found.bands["memory"].value < 10
    assert sum(found.shares.values()) == pytest.approx(1) and tuple(found.shares) == tuple("0123456789")
    assert sum(found.real_shares.values()) == pytest.approx(1) and tuple(found.real_shares) == tuple("0123456789")
    assert all(0.02 < share < 0.25 for share in found.real_shares.values()), "the strokes are of all digits"
    assert found.title("frechet") == "Fréchet distance (MNIST classifier)"
    assert found.floor["copies"].value < 0.1 and found.title("path") == "Path length (MNIST classifier)"
    assert found.title("copies") == "Copies"


def test_the_time_is_that_of_a_picture_also_where_a_chunk_is_not_full():
    """Of 20 pictures, 16 at once and two steps each: the four of the second chunk took 0.2 s, too."""
    each = evaluating._each_ms([1.0, 2.2, 0.3, 0.5], count=20, size=16)
    assert each.tolist() == pytest.approx([200, 200])


def test_the_same_request_finds_the_same_numbers(session):
    first, second = (evaluated(session, "mnist-vae-2") for _ in range(2))
    same = set(first.bands) - {"time"}
    assert {name: first.bands[name] for name in same} == {name: second.bands[name] for name in same}
    assert first.floor == second.floor and first.shares == second.shares
    assert first.real_shares == second.real_shares


def test_real_pictures_are_looked_at_once_for_all_models(session, monkeypatch):
    """And what is found does not depend on which model was the first."""
    first = evaluated(session, "mnist-vae-2", seed=3)
    looked = []
    monkeypatch.setattr(eyes.Eye, "look", record(eyes.Eye.look, looked))
    second = evaluated(session, "mnist-vae-4", seed=3)
    assert looked == ["generated pictures"] and second.floor["kernel"] == first.floor["kernel"]
    monkeypatch.setattr(session, "evaluator", evaluating.Evaluator(session.models, session.studies))
    again = evaluated(session, "mnist-vae-4", seed=3)
    assert looked[1:] == ["real pictures", *["training pictures"] * evaluating.DRAWS, "generated pictures"]
    assert {**again.bands, "time": 0} == {**second.bands, "time": 0}
    assert again.floor == second.floor


def test_the_draws_of_real_pictures_for_the_floor_share_none(tmp_path):
    data = datasets.load("strokes", tmp_path, count=500)
    numbers = np.arange(500, dtype=np.uint16).view(np.uint8).reshape(500, 1, 2, 1)
    data = dataclasses.replace(data, images=numbers.repeat(2, 1))
    parts = [evaluating._some(data, 120, 7, part) for part in range(4)]
    assert all(len(part) == 120 for part in parts)
    assert len({image.tobytes() for part in parts for image in part}) == 4 * 120


def record(look, looked):
    def told(self, images, what):
        looked.append(what)
        return look(self, images, what)

    return told


def test_what_a_diffusion_model_does_not_have_is_said(session):
    found = evaluated(session, "strokes-ddpm", count=32)
    assert set(found.missing) == set(FEW) | {"path", "reconstruction"} and found.way == "ddim, 3 steps"
    assert found.missing["frechet"].startswith("32 pictures do not tell how 128 features")
    assert "kernel" in found.bands and "it takes at least 200" in found.missing["precision"]


@pytest.mark.parametrize(
    ("model", "said"), [("mnist-consistency", "in one step or a few"), ("strokes-ddpm", "in many steps")]
)
def test_how_a_model_draws_is_told_as_its_family_does_it(session, model, said):
    info = session.models.get(model).info
    way = api.usual_way(info.family, info.settings)._replace(steps=2)
    found = measured(session, api.SampleRequest(model, count=20, **way._asdict()), eye="pixels")
    assert said in found.missing["path"] and found.missing["reconstruction"] == evaluating.NO_ENCODER


def test_pictures_go_through_the_vae_of_a_latent_diffusion_model_and_back(session):
    """And it is the VAE that small steps of its code would measure."""
    found = measured(session, api.SampleRequest("mnist-ldm", count=30, sampler="ddim", steps=2), eye="pixels")
    vae = measured(session, api.SampleRequest("mnist-vae-32", count=30), eye="pixels")
    ratio = found.bands["reconstruction"].value / vae.bands["reconstruction"].value
    assert 0.3 < ratio < 3 and found.bands["reconstruction"].error > 0
    assert found.counts["reconstruction"] == 30 and set(found.missing) & {"path", "reconstruction"} == {"path"}
    assert "would measure the VAE alone" in found.missing["path"]


def test_a_gan_has_a_path_length_and_no_encoder(session, monkeypatch):
    """For the length a GPU would compute in all digits of float32, and as usual before and after."""
    network, usual, seen = session.models.get("mnist-cgan").network, torch.backends.cudnn.allow_tf32, []
    decode = type(network).decode

    def noted(self, *args):
        seen.append(torch.backends.cudnn.allow_tf32)
        return decode(self, *args)

    monkeypatch.setattr(type(network), "decode", noted)
    found = evaluated(session, "mnist-cgan", count=40)
    assert usual and False in seen and torch.backends.cudnn.allow_tf32 == usual
    assert "path" in found.bands and "no encoder" in found.missing["reconstruction"]


def test_pixels_are_the_last_resort(session, tmp_path):
    info = session.models.get("mnist-vae-2").info
    colour = dataclasses.replace(info, channels=3, size=32)
    assert eyes.eye_for("", colour, "cifar10", tmp_path).name == "pixels"
    assert eyes.eye_for("", info, "fashion-mnist", tmp_path).name == "pixels", "the classifier reads digits"
    with pytest.raises(ValueError, match="reads grey pictures of 28 x 28"):
        eyes.eye_for("classifier", colour, "cifar10", tmp_path)
    with pytest.raises(ValueError, match="Inception v3 is not on this machine"):
        eyes.eye_for("inception", colour, "cifar10", tmp_path)
    with pytest.raises(ValueError, match="'nose'; allowed: classifier, inception, pixels"):
        eyes.eye_for("nose", colour, "cifar10", tmp_path)


def test_inception_is_used_where_its_weights_are(session, tmp_path, monkeypatch):
    part = tmp_path / "weights"
    torch.save(eyes.inception().state_dict(), part)
    name = f"inception_v3_google-{hashlib.sha256(part.read_bytes()).hexdigest()[:8]}.pth"
    part.rename(tmp_path / name)
    monkeypatch.setattr(eyes, "INCEPTION", name)
    info = dataclasses.replace(session.models.get("mnist-vae-2").info, channels=3, size=32)
    eye = eyes.eye_for("", info, "cifar10", tmp_path)
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3)).astype(np.uint8)
    features, logits = finish(eye.look(pictures, "pictures"))
    assert eye.name == "inception" and features.shape == (3, 2048) and logits.shape == (3, 1000)
    assert torch.isfinite(features).all()
    with (tmp_path / name).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ValueError, match="is damaged: it is not what its name says"):
        eyes.eye_for("inception", info, "cifar10", tmp_path)


def own_pictures(folder, held_out: int, known: int = 30) -> str:
    from PIL import Image

    rng = np.random.default_rng(0)
    for number in range(held_out + known):
        part = folder / ("test" if number < held_out else "train")
        part.mkdir(exist_ok=True, parents=True)
        Image.fromarray(rng.integers(0, 256, (32, 32)).astype(np.uint8)).save(part / f"{number}.png")
    return str(folder)


def test_one_held_out_picture_is_a_sentence(session, tmp_path):
    request = api.EvaluateRequest(api.SampleRequest("shapes-vae-10", count=20), own_pictures(tmp_path / "own", 1))
    with pytest.raises(ValueError, match="1 held-out picture; a comparison needs at least 2"):
        list(session.stream(request))


def test_of_two_held_out_pictures_there_are_sentences_and_what_needs_none(session, tmp_path):
    request = api.EvaluateRequest(api.SampleRequest("shapes-vae-10", count=20), own_pictures(tmp_path / "own", 2))
    *_, end = session.stream(request)
    found = end.evaluation
    assert found.count == 2, "as many as there are real ones: both are measured alike"
    assert set(found.bands) == {"path", "reconstruction", "time", "memory"}
    assert {"frechet", "kernel", "precision", "copies"} <= set(found.missing) and not found.floor


def test_pictures_that_came_meanwhile_are_read(session, tmp_path):
    """The class draws some more between two measurements."""
    name, sample = own_pictures(tmp_path / "own", 3), api.SampleRequest("shapes-vae-10", count=20)
    counts = []
    for held_out in (3, 5):
        own_pictures(tmp_path / "own", held_out)
        *_, end = session.stream(api.EvaluateRequest(sample, name))
        counts.append(end.evaluation.count)
    assert counts == [3, 5]
    kept = [len(part) for (known, _, _), part in session.studies._parts.items() if known == name]
    assert sorted(kept) == [5, 32] and len(session.studies._parts) <= study.PARTS, "nothing is kept of before"


def test_held_out_pictures_that_are_training_pictures_too_say_nothing_of_copies(monkeypatch):
    """Neither of how near is near, nor of real pictures: they would hide a model that learnt by heart."""
    monkeypatch.setattr(evaluating, "COMPARED", 200)
    rng = np.random.default_rng(0)
    learnt, others = (rng.integers(0, 256, (count, 8, 8, 1)).astype(np.uint8) for count in (400, 300))
    training, held_out = (
        Dataset("own", images, np.zeros(len(images), np.int64), ())
        for images in (learnt, np.concatenate([others, learnt[:100]]))
    )
    fakes = learnt[200:300] ^ 1  # each grey level is one more or less
    found, floor = Readings(), Readings()
    finish(evaluating._copied(found, floor, fakes, Sides("own", (), training, held_out), seed=0))
    assert found.bands["copies"].value == 1
    assert floor.bands["copies"].value < 0.05 and floor.counts["copies"] < 200, "not of those that were learnt from"


def test_of_a_model_that_draws_one_picture_no_number_is_told_that_would_flatter_it(session, monkeypatch):
    """The middle of all pictures is near many, and a way on which nothing changes is short."""
    one = datasets.load("strokes", Path(), train=False).images[:1]

    def drawn(loaded, request):
        for done in range(0, request.count, exporting.CHUNK["cpu"]):
            yield api.ProgressEvent("Drawing", done, request.count)
        return one.repeat(request.count, 0)

    usual = evaluated(session, "mnist-vae-2", count=300)
    assert {"precision", "density", "path"} <= set(usual.bands)
    monkeypatch.setattr(evaluating, "sampled", drawn)
    found = evaluated(session, "mnist-vae-2", count=300)
    for name in ("precision", "density", "path"):
        assert found.missing[name] == evaluating.ONE_PICTURE and name not in found.bands | found.counts
    assert {"recall", "coverage", "kernel", "entropy"} <= set(found.bands)


def test_grey_pictures_are_near_to_many_and_copies_of_none(monkeypatch):
    monkeypatch.setattr(evaluating, "COMPARED", 200)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (700, 8, 8, 1)).astype(np.uint8)
    training, held_out = (
        Dataset("own", part, np.zeros(len(part), np.int64), ()) for part in (images[:400], images[400:])
    )
    found, floor = Readings(), Readings()
    grey = np.full((100, 8, 8, 1), 128, np.uint8)
    finish(evaluating._copied(found, floor, grey, Sides("own", (), training, held_out), seed=0))
    assert found.bands["copies"].value == 0 and floor.bands["copies"].value < 0.1


def test_where_nothing_is_held_out_training_pictures_do_not_take_their_place(session, tmp_path):
    request = api.EvaluateRequest(
        api.SampleRequest("shapes-vae-10", count=20), own_pictures(tmp_path / "own", 0) + "#test=0"
    )
    with pytest.raises(ValueError, match="holds no pictures out, so there are no new ones to compare with"):
        list(session.stream(request))


def test_numbers_are_of_the_weights_that_were_measured(session, own_model):
    """And not of a file that a training has written in their place meanwhile."""
    sample = api.SampleRequest(str(own_model), 7, 30)
    stream = session.stream(api.EvaluateRequest(sample, "strokes", "pixels", notes=True))
    next(stream)
    own_model.write_bytes(store.find_model("mnist-vae-4").read_bytes())
    *_, end = stream
    assert not end.trouble and store.evaluations(store.model_info(own_model)) == ()


@pytest.mark.parametrize("model", ["mnist-vae-2", "strokes-ddpm"])
def test_a_network_that_has_lost_its_numbers_is_a_sentence(model):
    """Its pictures are black, not broken, once they are bytes."""
    alone = Session("io", compute=FLOAT32_CPU)
    for weights in alone.models.get(model).network.parameters():
        weights.data.fill_(torch.nan)
    with pytest.raises(ValueError, match="no finite numbers"):
        evaluated(alone, model, count=20)


def test_memory_is_what_lives_at_one_moment():
    def work():
        a = torch.zeros(1000)  # 4 kB
        b = a + 1
        del a
        return b * 2, b.view(10, 100)

    assert peak_bytes(work) == 8000
    assert peak_bytes(lambda: [torch.zeros(1000).sum() for _ in range(9)]) < 4200


@pytest.fixture
def own_model(tmp_path) -> Path:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(store.find_model("mnist-vae-2").read_bytes())
    return path


def test_the_command_line_measures_and_notes_it_on_the_card(own_model, capsys):
    words = ["evaluate", str(own_model), "--dataset", "strokes", "--count", "60"]
    assert main([*words, "--json"]) == 0
    told = capsys.readouterr()
    values = json.loads(told.out)
    assert values["count"] == 60 and values["bands"]["kernel"]["error"] > 0 and "mine.card.json" in told.err
    assert len(values["shares"]) == len(values["classes"]) == 10
    assert values["model_sha256"] == store.model_info(own_model).sha256
    assert values["units"].keys() == values["bands"].keys()
    assert (values["units"]["time"], values["units"]["kernel"]) == ("ms", "")
    assert main([*words, "--features", "pixels", "--explain"]) == 0
    told = capsys.readouterr().out
    assert "compared in the features of: pixels" in told
    assert "Measured with seed 7 on " in told and "± is one standard error." in told
    assert "- Copies, in %: Share of" in told.partition("What the numbers mean:")[2]
    assert all(part["error"] > 0 for seen in values["classes"].values() for part in seen.values())
    assert [seen["real"]["value"] for seen in values["classes"].values()] == list(values["real_shares"].values())
    assert main(["models", str(own_model)]) == 0
    card = capsys.readouterr().out
    lines = card.splitlines()
    at = next(k for k, line in enumerate(lines) if line.split() == ["CLASS", "SEEN", "MEASURED", "REAL", "PICTURES"])
    assert [line.split()[0] for line in lines[at + 1 : at + 11]] == list("0123456789")
    assert all(line.count("±") == line.count(" %") == 2 for line in lines[at + 1 : at + 11])
    for word in (
        "MNIST classifier",
        "pixels",
        "CC BY-SA 3.0",
        "Kernel distance",
        "Limits",
        "python -m genstudio.pretrain",
    ):
        assert word in card
    found = store.evaluations(store.model_info(own_model))
    assert [one.eye for one in found] == ["pixels", "classifier"], "the newest first"
    assert found[1].bands["kernel"] == api.Band(**values["bands"]["kernel"])


def test_what_was_found_is_not_lost_if_the_card_cannot_be_written(session, own_model, monkeypatch):
    def full(info, evaluation):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "add_evaluation", full)
    request = api.EvaluateRequest(api.SampleRequest(str(own_model), 7, 30), "strokes", "pixels", notes=True)
    *_, end = session.stream(request)
    assert end.evaluation.count == 30 and not end.card
    assert end.trouble.startswith("The card could not be written: ") and "full" in end.trouble


def test_a_later_evaluation_of_the_same_kind_replaces_the_earlier(own_model):
    info = store.model_info(own_model)
    for value in (1.0, 2.0):
        store.add_evaluation(info, an_evaluation(value))
    assert [one.bands["frechet"].value for one in store.evaluations(info)] == [2.0]


def an_evaluation(value: float = 1.0) -> api.Evaluation:
    return api.Evaluation(
        "pixels", "strokes", 60, 7, "", {"frechet": api.Band(value, 0.1)}, {}, {"path": "Too few."}, {"3": 0.5}
    )


def test_an_evaluation_in_both_places_is_there_once(own_model, tmp_path):
    """The folder of the model could not be written to for a while."""
    info = store.model_info(own_model)
    beside, own = cards.card_paths(own_model, info.sha256)
    store.add_evaluation(info, an_evaluation(1.0))
    own.parent.mkdir(parents=True, exist_ok=True)
    beside.rename(own)
    assert len(store.evaluations(info)) == 1
    store.add_evaluation(info, an_evaluation(2.0))
    assert [one.bands["frechet"].value for one in store.evaluations(info)] == [2.0] and not own.exists()


def test_two_models_of_one_name_have_cards_of_their_own_in_the_users_folder(own_model, monkeypatch, tmp_path):
    """Every run's newest file is called alike; both lie where nobody may write."""
    infos = [
        dataclasses.replace(store.model_info(own_model), path=str(tmp_path / run / "mine.safetensors"), sha256=sha)
        for run, sha in (("a", "1" * 64), ("b", "2" * 64))
    ]
    for value, info in enumerate(infos):
        store.add_evaluation(info, an_evaluation(value))
    assert [store.evaluations(info)[0].bands["frechet"].value for info in infos] == [0, 1]


def test_a_card_of_a_newer_version_is_kept_aside(own_model):
    info = store.model_info(own_model)
    path = store.add_evaluation(info, an_evaluation())
    newer = {**json.loads(path.read_text("utf-8")), "card_version": cards.CARD_VERSION + 1}
    path.write_text(json.dumps(newer), "utf-8")
    store.add_evaluation(info, an_evaluation(3.0))
    assert [one.bands["frechet"].value for one in store.evaluations(info)] == [3.0]
    [aside] = path.parent.glob("mine.card*.old")
    assert json.loads(aside.read_text("utf-8")) == newer


def test_the_card_of_another_file_of_that_name_is_not_its_own(own_model):
    store.add_evaluation(store.model_info(own_model), an_evaluation())
    other = store.find_model("mnist-vae-4").read_bytes()
    own_model.write_bytes(other)
    assert store.evaluations(store.model_info(own_model)) == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda v: v.update(card_version=2),
        lambda v: v["evaluations"][0].update(eye="nose"),
        lambda v: v["evaluations"][0]["bands"].update(frechet={"value": "x", "error": 0}),
        lambda v: v["evaluations"][0].pop("count"),
        lambda v: v.update(evaluations=3),
        lambda v: v["evaluations"][0].update(missing={"path": 5}),
        lambda v: v["evaluations"][0].update(real_shares={"3": "many"}),
    ],
)
def test_a_damaged_card_says_nothing(own_model, damage):
    info = store.model_info(own_model)
    path = store.add_evaluation(info, an_evaluation())
    values = json.loads(path.read_text("utf-8"))
    damage(values)
    path.write_text(json.dumps(values), "utf-8")
    assert store.evaluations(info) == ()


def test_a_card_that_cannot_be_beside_the_model_is_in_the_users_folder(own_model, monkeypatch, tmp_path):
    info = dataclasses.replace(store.model_info(own_model), path=str(tmp_path / "gone" / "mine.safetensors"))
    path = store.add_evaluation(info, an_evaluation())
    assert path.parent.name == "cards" and path.is_relative_to(tmp_path / "user")
    assert len(store.evaluations(info)) == 1


def test_nothing_is_written_beside_the_models_that_travel_with_the_program(tmp_path):
    info = store.model_info(store.find_model("mnist-vae-2"))
    published = store.evaluations(info)
    path = store.add_evaluation(info, an_evaluation())
    assert path.is_relative_to(tmp_path / "user")
    assert store.evaluations(info) == (an_evaluation(), *published), "the card that travels with it is not forgotten"


def test_a_model_that_is_gone_has_no_card(session, tmp_path):
    with pytest.raises(FileNotFoundError, match="The file of mine is gone; it was moved, renamed or deleted"):
        next(session.stream(api.CardRequest(str(tmp_path / "mine.safetensors"))))


def test_every_model_has_a_card_with_pictures_and_a_licence(session):
    first, *_, event = session.stream(api.CardRequest("mnist-vae-16"))
    assert len(first.samples) == 0 and first.info == event.info and (first.share, event.share) == (0.0, 1.0)
    assert event.samples.shape == (20, 28, 28, 1) and "CC BY-SA 3.0" in event.licence
    assert event.reproduce.startswith("python -m genstudio.pretrain mnist-vae-16")


def test_a_model_of_few_noise_levels_is_asked_for_no_more_steps(tmp_path):
    desk = new_session(train_runs(tmp_path))
    info = desk.models.get("tiny-ddpm").info
    assert info.settings.timesteps == 40 and api.usual_way(info.family, info.settings).steps == 40
    assert list(desk.stream(api.CardRequest("tiny-ddpm")))[-1].samples.shape == (20, 28, 28, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evaluate", "mnist-vae-2", "--count", "1"], "--count is 1; it must be at least 2"),
        (["evaluate", "mnist-vae-2", "--sampler", "dimd"], "did you mean ddim?"),
        (["evaluate", "nobody"], "There is no model 'nobody'"),
    ],
)
def test_bad_lines_are_one_sentence(words, said, capsys):
    assert main(words) != 0
    assert said in capsys.readouterr().err


def test_of_many_classes_those_that_are_seen_most_often_are_named():
    shares = {f"kind {k}": (k % 7) / 3000 for k in range(1000)}
    found = api.Evaluation("inception", "photos", 100, 7, "", {}, shares=shares)
    assert [seen.name for seen in found.classes_seen(3)] == ["kind 6", "kind 13", "kind 20"]
    few = dataclasses.replace(found, shares={"a": 0.25, "b": 0.75}, real_shares={"a": 0.5, "b": 0.5})
    assert [seen.name for seen in few.classes_seen(2)] == ["a", "b"], "in their own order"
    assert dataclasses.replace(found, shares={}).classes_seen() == ()


def test_the_share_of_a_class_has_an_error_and_stands_beside_that_of_real_pictures():
    """A quarter of 100: sqrt(0.25 * 0.75 / 100); none of them may be one of a few dozen."""
    found = api.Evaluation(
        "pixels", "x", 100, 7, "", {}, shares={"a": 0.25, "b": 0.0}, real_shares={"a": 0.5, "b": 0.5}
    )
    a, b = found.classes_seen()
    assert a.measured.value == 0.25 and a.measured.error == pytest.approx(0.0433, rel=0.05) and a.real.value == 0.5
    assert 0.005 < b.measured.error < 0.03
    assert [seen.real for seen in dataclasses.replace(found, real_shares={}).classes_seen()] == [None, None]


def test_a_card_from_before_the_shares_of_real_pictures_were_noted_is_read(own_model):
    info = store.model_info(own_model)
    newer = dataclasses.replace(an_evaluation(), real_shares={"3": 0.25})
    path = store.add_evaluation(info, newer)
    assert store.evaluations(info) == (newer,)
    values = json.loads(path.read_text("utf-8"))
    del values["evaluations"][0]["real_shares"]
    path.write_text(json.dumps(values), "utf-8")
    assert store.evaluations(info) == (an_evaluation(),)
