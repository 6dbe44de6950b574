"""Receipts come back from every kind of file, and no file from outside can do harm."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from genstudio import api, export
from genstudio.api import GridLayout
from genstudio.errors import NoReceipt
from genstudio.export import png, receipts
from genstudio.settings import GANSettings

LAYOUT = GridLayout(2, 1, 3)
SOURCES: list[api.Source] = [
    api.SampleRequest("mnist-ddpm", seed=2**31 - 1, label=3, guidance=2.5),
    api.DecodeRequest("mnist-vae-2", z=((0.1, -2.0), (1e-9, 3.5))),
    api.MapRequest("mnist-vae-2"),
    api.InterpolateRequest("a & <b> ]]> \"c\" 'd' ü €", (0.0, 1.0), (1.0, 0.5), path="lerp"),
    api.DenoiseRequest("mnist-ddpm", eta=0.5),
    api.WalkFilmRequest("mnist-dcgan", 7, 60, 48, first=12, steps=97, picture=-1),
    api.TrainRequest("gan", "strokes", GANSettings(width=8), iterations=100),
]
FRAMES = np.random.default_rng(0).integers(0, 256, (3, 12, 10, 1), np.uint8)


def write(path: Path, receipt: dict[str, Any], as_film: bool = True) -> Path:
    if as_film:
        list(export.write_film(path, FRAMES, 20, receipt, len(FRAMES)))
    else:
        export.write_png(path, FRAMES[0], receipt)
    return path


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("name", ["grid.png", "film.png", "film.webp", "film.gif"])
def test_a_receipt_brings_back_the_very_request(tmp_path: Path, source: api.Source, name: str) -> None:
    receipt = export.make_receipt(source, LAYOUT, "ab" * 32, layer="x_t", iteration=12)
    read = export.read_receipt(write(tmp_path / name, receipt, name != "grid.png"))
    assert api.request_from_dict(read["request"]) == source
    assert GridLayout(**read["layout"]) == LAYOUT
    assert (read["model_sha256"], read["layer"], read["iteration"]) == ("ab" * 32, "x_t", 12)


SAMPLING = {"model": "m", "seed": 0, "count": 9, "label": -1, "sampler": "ddpm", "steps": 50, "guidance": 1.0,
            "eta": 0.0, "spacing": "uniform"}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "own"),
    [
        (api.SampleRequest("m", count=9), {}),
        (api.DenoiseRequest("m", count=9, sampler="ddpm"), {"changes": [], "start": None}),
        (api.CopiedRequest("m", count=9), {"dataset": "", "space": "pixels", "order": "seed"}),
    ],
)
def test_what_draws_pictures_is_written_as_ever(source: api.Source, own: dict[str, Any]) -> None:
    entry = {"kind": type(source).__name__, **SAMPLING, **own}
    assert json.dumps(api.request_to_dict(source)) == json.dumps(entry), "to the order of the fields"
    assert api.request_from_dict(entry) == source


@pytest.mark.parametrize("name", ["grid.png", "film.png", "film.webp", "film.gif"])
def test_every_file_says_in_the_standard_field_that_a_model_made_it(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, export.make_receipt(SOURCES[0], LAYOUT, ""), name != "grid.png")
    data = path.read_bytes()
    packet = data[data.index(b"<?xpacket begin") : data.index(b'<?xpacket end="r"?>')]
    if not name.endswith("gif"):
        with Image.open(path) as image:
            image.load()
            seen = image.info["xmp"] if "xmp" in image.info else image.info["XML:com.adobe.xmp"].encode()
        assert seen.startswith(packet)
    assert b"<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trained" in packet


def test_the_packet_is_well_formed_whatever_the_receipt_says() -> None:
    from xml.etree import ElementTree

    words = receipts.to_json(export.make_receipt(SOURCES[3], LAYOUT, ""))
    root = ElementTree.fromstring(receipts.to_xmp(words).strip("\ufeff"))
    assert [e.text for e in root.iter("{urn:genstudio:receipt:1}receipt")] == [words]


def test_a_receipt_survives_a_program_that_compresses_texts(tmp_path: Path) -> None:
    receipt = export.make_receipt(SOURCES[0], LAYOUT, "")
    text = PngImagePlugin.PngInfo()
    text.add_itxt("genstudio", receipts.to_json(receipt), zip=True)
    Image.new("L", (4, 4)).save(tmp_path / "squeezed.png", pnginfo=text)
    assert export.read_receipt(tmp_path / "squeezed.png") == receipt


def test_a_receipt_too_long_to_be_read_again_is_not_written(tmp_path: Path) -> None:
    source = api.DecodeRequest("m", ((0.123456789,) * 512,) * 512)
    with pytest.raises(ValueError, match="export fewer pictures"):
        write(tmp_path / "grid.png", export.make_receipt(source, LAYOUT, ""), False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["plain.png", "plain.webp", "plain.gif", "plain.jpg", "plain.bmp"])
def test_a_picture_of_another_program_has_no_receipt(tmp_path: Path, name: str) -> None:
    Image.new("L", (4, 4)).save(tmp_path / name)
    with pytest.raises(NoReceipt, match="no receipt"):
        export.read_receipt(tmp_path / name)
    assert export.read_picture(tmp_path / name).shape[:2] == (4, 4)


def test_a_file_that_only_calls_itself_a_picture_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_text("x" * 100)
    with pytest.raises(ValueError, match=r"^bad\.png cannot be read: it is no PNG, WebP") as raised:
        export.read_receipt(tmp_path / "bad.png")
    assert not isinstance(raised.value, NoReceipt)


def with_text(path: Path, text: str) -> Path:
    """A sound picture with a foreign receipt."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("genstudio", text)
    Image.new("L", (4, 4)).save(path, pnginfo=info)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "7",
        '{"format_version": NaN}',
        '{"format_version": 2}',
        '{"format_version": 1, "seed": ' + "9" * 400 + "}",
        "[" * 100_000,
        '{"a":' * 50_000,
    ],
    ids=["empty", "list", "cut", "number", "nan", "future", "huge integer", "deep list", "deep dict"],
)
def test_a_damaged_receipt_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"^The receipt of x\.png is .*\.$"):
        export.read_receipt(with_text(tmp_path / "x.png", text))


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ["x"]}, {"kind": {}}, {"kind": "os.system"}, {"family": ["gan"]}, {"settings": []}, {"iterations": "1"}],
)
def test_a_receipt_that_names_no_request_of_ours_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the receipt"):
        api.request_from_dict({**api.request_to_dict(SOURCES[-1]), **wrong})


def chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return struct.pack(">I", size) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
BOMB = b"genstudio\0\1\0\0\0" + zlib.compress(b" " * 2**26)


@pytest.mark.parametrize(
    "body",
    [
        chunk(b"iTXt", BOMB),
        chunk(b"iTXt", b"genstudio\0\0\0\0\0{}", 2**31 - 1),
        chunk(b"iTXt", b"genstudio\0"),
        chunk(b"iTXt", b"genstudio\0\1\0\0\0not zlib"),
        chunk(b"iTXt", b"genstudio\0\0\0\0\0\xff\xfe"),
        chunk(b"iTXt", b"genstudio\0\0\0\0\0{}")[:-1] + b"?",
        chunk(b"iTXt", b"genstudio\0\0\0\0\0{}")[:-8],
    ],
    ids=["zip bomb", "2 GB length", "no fields", "no zlib", "no utf-8", "checksum", "cut"],
)
def test_a_hostile_text_chunk_is_refused_with_a_sentence(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "x.png").write_bytes(png.MAGIC + HEADER + body)
    with pytest.raises(ValueError, match=r"^The receipt of x\.png .*\.$"):
        export.read_receipt(tmp_path / "x.png")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypisom", b"\x80\x05pickle", b"GIF89a" + b"\x21\xfe" * 9],
    ids=["empty", "gif", "webp", "mp4", "pickle", "gif blocks"],
)
def test_cut_and_foreign_files_are_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"^(The receipt of )?x\.bin .*\.$"):
        export.read_receipt(path)
    with pytest.raises(ValueError, match=r"^x\.bin .*\.$"):
        export.read_picture(path)
    export.is_film(path)


def outcome(read: Callable[[Path], Any], path: Path) -> Any:
    """What reading gives, or the sentence it refuses with."""
    try:
        return read(path)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("name", ["film.png", "film.webp", "film.gif", "film.mp4"])
def test_a_file_cut_anywhere_gives_its_receipt_or_a_sentence(tmp_path: Path, name: str) -> None:
    if name.endswith("mp4"):
        pytest.importorskip("imageio_ffmpeg")
    receipt = export.make_receipt(SOURCES[0], LAYOUT, "")
    data = write(tmp_path / name, receipt).read_bytes()
    cut = tmp_path / f"cut-{name}"
    for length in range(0, len(data), max(1, len(data) // 60)):
        cut.write_bytes(data[:length])
        found = outcome(export.read_receipt, cut)
        assert cut.name in found if isinstance(found, str) else found == receipt
        found = outcome(export.read_picture, cut)
        assert cut.name in found if isinstance(found, str) else found.shape[:2] == (12, 10)


def test_flipped_bytes_raise_nothing_but_value_errors(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for name in ("film.png", "film.webp", "film.gif"):
        data = bytearray(write(tmp_path / name, export.make_receipt(SOURCES[0], LAYOUT, "")).read_bytes())
        for _ in range(60):
            flipped = bytearray(data)
            for at in rng.integers(0, len(data), 6):
                flipped[at] = rng.integers(256)
            (tmp_path / "x").write_bytes(flipped)
            for read in (export.read_receipt, export.read_picture):
                outcome(read, tmp_path / "x")


def bomb(path: Path, side: int) -> Path:
    """A PNG of a few bytes that announces many pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    path.write_bytes(png.MAGIC + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize("side", [8_001, 10_000, 60_000, 2**31 - 1])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValueError, match="too large a picture"):
        export.read_picture(bomb(tmp_path / "bomb.png", side))


def test_folders_devices_and_missing_files_are_refused(tmp_path: Path) -> None:
    for read in (export.read_picture, export.read_receipt):
        with pytest.raises(FileNotFoundError, match="There is no file"):
            read(tmp_path / "none.png")
        with pytest.raises(ValueError, match="not a regular file"):
            read(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        with pytest.raises(ValueError, match="not a regular file"):
            export.read_picture(tmp_path / "pipe.png")


def test_the_same_request_gives_the_same_receipt() -> None:
    first, second = (json.dumps(export.make_receipt(SOURCES[0], LAYOUT, "x")) for _ in range(2))
    assert first == second
