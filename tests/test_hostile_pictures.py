"""Folders and zips that cannot be used, or that harm: one sentence, and nothing runs over."""

import struct
import zlib

import pytest
from picture_files import CLASSY, RED, picture_bytes, write_tree, write_zip

from genstudio.core import datasets
from genstudio.core.datasets import decoding, folder, pictures
from genstudio.errors import sentence


def test_files_that_cannot_be_read_are_listed_and_skipped(tmp_path):
    good = picture_bytes(RED)
    files = {"a.png": good, "b.png": b"no picture", "c.jpg": good[:60], "d.txt": b"text", "e.png": b"", ".f.png": b"x"}
    read = folder.load(write_tree(tmp_path / "a", files))
    assert len(read) == 1
    assert [line.split(":")[0] for line in read.skipped] == ["b.png", "c.jpg", "e.png"]
    assert read.note == "3 files could not be used."


def bomb_png(width, height):
    """A PNG that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_decompression_bombs_are_skipped(tmp_path):
    files = {"a.png": picture_bytes(RED), "b.png": bomb_png(9000, 8900), "c.png": bomb_png(60000, 60000)}
    read = folder.load(write_tree(tmp_path / "a", files))
    assert len(read) == 1
    assert read.skipped == ("b.png: the picture is too large (9000 x 8900)", "c.png: the picture is too large")


@pytest.mark.parametrize("content", [{}, {"readme.txt": b"hello"}])
def test_a_folder_without_pictures_is_one_sentence(tmp_path, content):
    (tmp_path / "a").mkdir()
    for path in (write_tree(tmp_path / "a", content), write_zip(tmp_path / "a.zip", content)):
        with pytest.raises(ValueError, match="There is no picture in") as caught:
            datasets.load(str(path), tmp_path)
        assert "\n" not in sentence(caught.value)


def test_a_folder_of_broken_pictures_says_so(tmp_path):
    path = write_tree(tmp_path / "a", {"a.png": b"x", "b.png": b"y"})
    with pytest.raises(ValueError, match=r"None of the 2 pictures in .* the first: a\.png: not a picture"):
        folder.load(path)
    alone = write_tree(tmp_path / "b", {"a.png": b"x"})
    with pytest.raises(ValueError, match=r"The only picture in .* cannot be read: a\.png: not a picture"):
        folder.load(alone)


def test_other_files_are_neither_folder_nor_zip(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(picture_bytes(RED))
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        folder.load(path)
    whole = write_zip(tmp_path / "b.zip", CLASSY).read_bytes()
    path.write_bytes(whole[:-40])
    with pytest.raises(ValueError, match=r"a\.png is damaged or cut short: the end of the zip is missing"):
        folder.load(path)
    path.write_bytes(whole.replace(b"PK\1\2", b"PKPK"))
    with pytest.raises(ValueError, match="is a damaged zip"):
        folder.load(path)


def test_names_in_a_zip_never_become_files(tmp_path):
    names = ["../../evil.png", "/abs/evil.png", "C:\\evil.png", "x/../../e.png", "__MACOSX/a.png", "ok.png"]
    (tmp_path / "in").mkdir()
    path = write_zip(tmp_path / "in" / "a.zip", dict.fromkeys(names, picture_bytes(RED)))
    read = folder.load(path)
    assert len(read) >= 1
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()] == ["in/a.zip"]


def test_zip_bombs_are_capped(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_FILE_BYTES", 100_000)
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED), "b.bmp": bytes(10_000_000)})
    read = folder.load(path)
    assert len(read) == 1
    assert read.skipped[0].startswith("b.bmp: the file is larger than")
    monkeypatch.setattr(decoding, "MAX_TOTAL_BYTES", 5_000)
    monkeypatch.setattr(decoding, "BATCH", 4)
    many = write_zip(tmp_path / "b.zip", {f"{k}.bmp": picture_bytes(RED, kind="BMP") for k in range(9)})
    read = folder.load(many)
    assert len(read) == 4
    assert read.skipped[-1] == "the files after 3.bmp: too much data in all"


def test_a_zip_whose_size_lies_gives_no_more_than_it_says(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED), "b.bmp": bytes(1_000_000)})
    data = path.read_bytes().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    path.write_bytes(data)
    read = folder.load(path)
    assert len(read) == 1
    assert read.skipped == ("b.bmp: not a picture that can be read",)


def test_a_zip_with_an_outsized_directory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", {f"{k}.png": b"" for k in range(200)})
    monkeypatch.setattr(pictures, "MAX_ZIP_DIRECTORY", 5_000)
    with pytest.raises(ValueError, match="lists more files than can be read"):
        folder.load(path)


def test_a_locked_zip_is_said(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.png": picture_bytes(RED)})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="locked with a password"):
        folder.load(path)
