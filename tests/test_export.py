"""Grids to the pixel, and films that come back as they were."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from genstudio import api, export
from genstudio.api import GridLayout
from genstudio.errors import sentence
from genstudio.ui.colors import contrast

SOURCE = api.SampleRequest("mnist-vae-2", seed=7, count=4)
LAYOUT = GridLayout(2, 1, 3)
RECEIPT = export.make_receipt(SOURCE, LAYOUT, "ab" * 32)


def pictures(count: int, channels: int, height: int = 5, width: int = 4) -> api.Pictures:
    return np.random.default_rng((count, channels)).integers(0, 256, (count, height, width, channels), np.uint8)


def film(path: Path, frames: api.Pictures, fps: float = 20.0) -> list[int]:
    return list(export.write_film(path, iter(frames), fps, RECEIPT, len(frames)))


def frames_of(path: Path, mode: str) -> tuple[np.ndarray, list[int]]:
    """All frames and their times in ms, as another program reads them."""
    with Image.open(path) as image:
        read = [(np.array(f.convert(mode)), round(f.info["duration"])) for f in ImageSequence.Iterator(image)]
    return np.stack([pixels for pixels, _ in read]), [time for _, time in read]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("columns", "gap", "scale"), [(0, 2, 4), (3, 0, 1), (2, 1, 3), (1, 5, 2), (99, 1, 1)])
def test_every_pixel_of_a_grid_is_where_the_layout_says(channels: int, columns: int, gap: int, scale: int) -> None:
    images = pictures(7, channels)
    page = export.grid(images, GridLayout(columns, gap, scale), line=export.BACKGROUND)
    across = min(columns or 3, 7)
    down = -(-7 // across)
    assert page.shape == ((down * (5 + gap) - gap) * scale, (across * (4 + gap) - gap) * scale, channels)
    expected = np.full_like(page, export.BACKGROUND)
    for k, image in enumerate(images):
        top, left = k // across * (5 + gap) * scale, k % across * (4 + gap) * scale
        for (y, x), value in zip(np.ndindex(5, 4), image.reshape(20, channels), strict=True):
            expected[top + y * scale : top + (y + 1) * scale, left + x * scale : left + (x + 1) * scale] = value
    assert (page == expected).all()


@pytest.mark.parametrize(("gap", "scale", "thick"), [(2, 4, 2), (1, 1, 1), (2, 1, 1), (1, 4, 1), (4, 16, 8)])
def test_a_hairline_in_every_gap_tells_black_and_white_borders_apart(gap: int, scale: int, thick: int) -> None:
    layout = GridLayout(3, gap, scale)
    for value in (0, 255):
        page = export.grid(np.full((7, 5, 4, 1), value, np.uint8), layout)[..., 0]
        ruled = page == export.LINE
        assert ruled[0].sum() == 2 * thick and ruled[:, 0].sum() == 2 * thick
        assert not ruled[-1, (4 + gap) * scale :].any(), "none around cells left over"
        bare = export.grid(np.full((7, 5, 4, 1), value, np.uint8), layout, line=export.BACKGROUND)[..., 0]
        assert (page == np.where(ruled, export.LINE, bare)).all() and not ruled[bare == 255].any()
    grey = "#" + 3 * f"{export.LINE:02x}"
    assert contrast(grey, "#000000") > 4 and contrast(grey, "#ffffff") > 4


def test_a_file_from_before_the_hairlines_is_drawn_without_them() -> None:
    images = pictures(4, 3)
    ruled, bare = export.grid(images, LAYOUT), export.grid(images, LAYOUT, line=export.BACKGROUND)
    assert (export.grid_like(images, LAYOUT, ruled) == ruled).all()
    assert (export.grid_like(images, LAYOUT, bare) == bare).all() and (bare != ruled).any()
    assert (export.grid_like(images, LAYOUT, bare[:-1]) == ruled).all()


def test_grey_pictures_beside_coloured_ones_become_coloured() -> None:
    grey, colour = pictures(1, 1)[0], pictures(1, 3)[0]
    page = export.grid([grey, colour], GridLayout(2, 0, 1))
    assert (page[:, :4] == grey).all() and (page[:, 4:] == colour).all() and page.shape[2] == 3


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        (GridLayout(-1, 0, 1), "columns is -1; it must be at least 0"),
        (GridLayout(0, -1, 1), "gap is -1; it must be at least 0"),
        (GridLayout(0, 0, 0), "scale is 0; it must be at least 1"),
        (GridLayout(0, 0, 10**6), "at most 64,000,000"),
    ],
)
def test_an_impossible_layout_is_refused_also_before_there_are_pictures(layout: GridLayout, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        export.grid(pictures(2, 1), layout)
    with pytest.raises(ValueError, match=says):
        export.check_grid(Path("x.png"), 2, 5, 4, layout)


@pytest.mark.parametrize("ending", [".png", ".webp"])
def test_what_can_be_checked_before_can_be_written(tmp_path: Path, ending: str) -> None:
    path, layout, fits = tmp_path / f"film{ending}", GridLayout(1, 1, 1), 2730  # 2730 pictures and gaps: 16,379 px
    for count in (fits, fits + 1):
        frames = export.grid(pictures(count, 1), layout)[None]
        if ending == ".png" or count == fits:
            export.check_grid(path, count, 5, 4, layout)
            film(path, frames)
        else:
            with pytest.raises(ValueError, match="px long"):
                export.check_grid(path, count, 5, 4, layout)
            with pytest.raises(ValueError, match="px long"):
                film(path, frames)


def test_an_empty_or_enormous_grid_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(ValueError, match="0 pictures"):
        export.grid(pictures(0, 1), LAYOUT)
    with pytest.raises(ValueError, match="at most 64,000,000"):
        export.grid(pictures(1, 1), GridLayout(0, 0, 10**6))


def test_film_frames_are_the_grids_of_each_moment() -> None:
    moments = np.stack([pictures(4, 1), pictures(4, 1)[::-1]])
    frames = list(export.film_frames(moments, LAYOUT))
    assert len(frames) == 2 and all((f == export.grid(m, LAYOUT)).all() for f, m in zip(frames, moments, strict=True))


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_comes_back_pixel_for_pixel_and_byte_for_byte(tmp_path: Path, channels: int) -> None:
    image = export.grid(pictures(4, channels), LAYOUT)
    for name in ("a.png", "b.PNG"):
        export.write_png(tmp_path / name, image, RECEIPT)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.PNG").read_bytes()
    again = export.read_picture(tmp_path / "a.png")
    assert again.shape == image.shape and (again == image).all()
    with Image.open(tmp_path / "a.png") as other:
        other.load()
        assert other.mode == ("L" if channels == 1 else "RGB")
    assert not export.is_film(tmp_path / "a.png")


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("ending", [".png", ".webp"])
def test_apng_and_webp_are_lossless_and_keep_every_frame(tmp_path: Path, ending: str, channels: int) -> None:
    frames = pictures(6, channels, 17, 23)
    frames[3] = frames[2]
    path = tmp_path / f"film{ending}"
    assert film(path, frames) == [1, 2, 3, 4, 5, 6]
    read, times = frames_of(path, "RGB")
    assert read.shape == (6, 17, 23, 3) and (read == frames).all()
    assert times == [50] * 6
    assert (export.read_picture(path) == frames[0]).all()
    assert export.is_film(path)


def test_a_grey_gif_is_lossless_and_loops(tmp_path: Path) -> None:
    frames = pictures(3, 1, 16, 16)
    frames[1] = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    path = tmp_path / "film.gif"
    film(path, frames)
    read, times = frames_of(path, "RGB")
    assert (read == frames).all() and times == [50, 50, 50]
    with Image.open(path) as image:
        assert image.info["loop"] == 0
    first = export.read_picture(path)
    assert first.shape == (16, 16, 1) and (first == frames[0]).all()


def test_a_coloured_gif_is_close_but_not_exact(tmp_path: Path) -> None:
    ramp = np.stack(np.meshgrid(np.arange(0, 256, 8), np.arange(0, 256, 8)), -1).astype(np.uint8)
    frame = np.concatenate([ramp, 255 - ramp[:, :, :1]], 2)
    path = tmp_path / "film.gif"
    film(path, np.stack([frame, frame[::-1]]))
    read, _ = frames_of(path, "RGB")
    error = np.abs(read.astype(int) - np.stack([frame, frame[::-1]]))
    assert 0 < error.mean() < 12


def test_frame_times_add_up_to_the_films_length(tmp_path: Path) -> None:
    for ending, total, tolerance in ((".png", 1000, 30), (".webp", 1000, 0), (".gif", 1000, 0)):
        path = tmp_path / f"film{ending}"
        film(path, pictures(30, 1), fps=30)
        assert abs(sum(frames_of(path, "L")[1]) - total) <= tolerance


def test_a_film_of_one_frame_is_sound(tmp_path: Path) -> None:
    for ending in (".png", ".webp", ".gif"):
        path = tmp_path / f"film{ending}"
        assert film(path, pictures(1, 1)) == [1]
        assert (export.read_picture(path) == pictures(1, 1)[0]).all()


def test_mp4_plays_and_carries_its_receipt(tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "film.mp4"
    frames = np.full((5, 33, 31, 1), 0, np.uint8)
    frames[:, 8:24, 8:24] = 200
    assert film(path, frames) == [1, 2, 3, 4, 5]
    command = [ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    read = np.frombuffer(raw, np.uint8).reshape(-1, 34, 32, 3)
    assert len(read) == 5 and np.abs(read[2][:33, :31].astype(int) - frames[2]).mean() < 6
    assert export.read_receipt(path) == RECEIPT and export.is_film(path)


def test_mp4_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio", None)
    with pytest.raises(ValueError, match=r"genstudio\[video\]"):
        film(tmp_path / "film.mp4", pictures(1, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", export.FILM_ENDINGS)
def test_a_film_closed_half_way_leaves_nothing_and_the_old_file_whole(tmp_path: Path, ending: str) -> None:
    if ending == ".mp4":
        pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / f"film{ending}"
    path.write_bytes(b"old")
    writing = export.write_film(path, iter(pictures(9, 1)), 20, RECEIPT, 9)
    assert [next(writing), next(writing)] == [1, 2]
    writing.close()  # type: ignore[attr-defined]
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(path.name, b"old")]


def test_frames_that_fail_half_way_leave_nothing(tmp_path: Path) -> None:
    def frames() -> Iterator[api.Pictures]:
        yield pictures(1, 1)[0]
        raise FloatingPointError("a loss is not a number")

    with pytest.raises(FloatingPointError):
        list(export.write_film(tmp_path / "film.webp", frames(), 20, RECEIPT, 2))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "count", "fps", "says"),
    [
        ("film.avi", 2, 20, "allowed endings: .png, .webp, .gif, .mp4"),
        ("film.png", 0, 20, "no frames"),
        ("film.png", 2, 0, "fps is 0"),
        ("film.png", 2, float("nan"), "fps is nan"),
        ("film.png", 3, 20, "2 frames, not the 3"),
    ],
)
def test_a_wrong_film_is_refused_with_a_sentence(tmp_path: Path, name: str, count: int, fps: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        list(export.write_film(tmp_path / name, iter(pictures(2, 1)), fps, RECEIPT, count))
    assert list(tmp_path.iterdir()) == []


def test_frames_of_other_shapes_or_types_are_refused(tmp_path: Path) -> None:
    for other in (pictures(1, 3)[0], pictures(1, 1, 6)[0], pictures(1, 1)[0].astype(np.float32)):
        with pytest.raises(ValueError, match="all alike"):
            list(export.write_film(tmp_path / "film.png", [pictures(1, 1)[0], other], 20, RECEIPT, 2))
    with pytest.raises(ValueError, match="16,383"):
        film(tmp_path / "film.webp", np.zeros((1, 1, 20_000, 1), np.uint8))
    with pytest.raises(ValueError, match=r"as \.png"):
        export.write_png(tmp_path / "grid.jpg", pictures(1, 1)[0], RECEIPT)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grid.png"
    export.write_png(path, pictures(1, 1)[0], RECEIPT)
    old = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        export.write_png(path, pictures(2, 1)[1], RECEIPT)
    assert sentence(caught.value).startswith("The disk is full")
    assert path.read_bytes() == old and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 3), ("P", 3), ("RGB", 3), ("RGBA", 3), ("I;16", 1)]
)
def test_pictures_of_every_mode_are_read(tmp_path: Path, mode: str, channels: int) -> None:
    path = tmp_path / "some.png"
    image = Image.new("RGB", (9, 8), (200, 100, 50))
    if mode == "I;16":
        image = Image.fromarray(np.full((8, 9), 40_000, np.uint16))
    elif mode != "RGB":
        image = image.convert(mode)
    image.save(path)
    read = export.read_picture(path)
    assert read.shape == (8, 9, channels) and read.dtype == np.uint8
    if mode == "I;16":
        assert (read == 40_000 >> 8).all()


def test_transparent_parts_are_black(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 2), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (export.read_picture(tmp_path / "clear.png") == 0).all()
