"""Pictures and films as files, each with a receipt: the request that made it, and that a model made it."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from genstudio import __version__, api
from genstudio.files import atomic_write, check_regular

KEY = "genstudio"  # of the receipt among a PNG's texts
MAX_FILE = 512 * 2**20  # bytes
MAX_RECEIPT = 2**20  # bytes
MAX_PIXELS = 64 * 2**20  # of a picture that is read
MAX_EXPORT_PIXELS = 256 * 2**20  # of a picture that is written
FILM_ENDINGS = (".png", ".webp", ".gif", ".mp4")
BACKGROUND = 0

# IPTC's word for "made by a trained model", the standard field that search engines and newsrooms read.
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP_KEY = "XML:com.adobe.xmp"
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="GenStudio {__version__}" '
    f'Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
    "%s</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='r'?>"
)


def grid(images: api.Pictures, layout: api.GridLayout) -> api.Pictures:
    """Pictures (N, H, W, C) as one (H', W', C), row by row, `gap` px apart before scaling.

    Raises:
        ValueError: if there is no picture, or the result would be too large.
    """
    n, h, w, c = images.shape
    if n == 0:
        raise ValueError("There is no picture to lay out.")
    if layout.columns < 0 or layout.gap < 0 or layout.scale < 1:
        raise ValueError("A grid has columns and a gap of at least 0 and a scale of at least 1.")
    columns = min(layout.columns or math.ceil(math.sqrt(n)), n)
    rows = math.ceil(n / columns)
    height, width = rows * (h + layout.gap) - layout.gap, columns * (w + layout.gap) - layout.gap
    if height * width * layout.scale**2 > MAX_EXPORT_PIXELS:
        raise ValueError(
            f"The grid would be {width * layout.scale:,} x {height * layout.scale:,} px; "
            "choose fewer pictures or a smaller scale."
        )
    sheet = np.full((rows, h + layout.gap, columns, w + layout.gap, c), BACKGROUND, np.uint8)
    cells = np.full((rows * columns, h, w, c), BACKGROUND, np.uint8)
    cells[:n] = images
    sheet[:, :h, :, :w] = cells.reshape(rows, columns, h, w, c).transpose(0, 2, 1, 3, 4)
    joined = sheet.reshape(rows * (h + layout.gap), columns * (w + layout.gap), c)[:height, :width]
    scaled: api.Pictures = joined.repeat(layout.scale, 0).repeat(layout.scale, 1)
    return scaled


def make_receipt(source: api.Source, layout: api.GridLayout, model_sha256: str, **extra: Any) -> dict[str, Any]:
    """What an exported file says of itself, as plain JSON values."""
    return {
        "made_by": "a generative model",
        "program": f"GenStudio {__version__}",
        "request": api.request_to_dict(source),
        "layout": dataclasses.asdict(layout),
        "model_sha256": model_sha256,
        **extra,
    }


def write_png(path: Path, image: api.Pictures, receipt: dict[str, Any]) -> None:
    """Write a picture (H, W, C) with its receipt, whole or not at all.

    Raises:
        OSError: if the folder cannot be written or the disk is full.
        ValueError: if the path does not end in .png.
    """
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise ValueError(f"A grid is written as .png, not {path.suffix or 'without an ending'}.")
    with atomic_write(path) as file:
        _image(image).save(file, "PNG", pnginfo=_png_texts(receipt))


def write_film(
    path: Path, frames: Iterable[api.Pictures], fps: float, receipt: dict[str, Any], count: int
) -> Iterator[int]:
    """Write frames (H, W, C) as .png (APNG), .webp, .gif or .mp4; yields how many are taken, then done.

    APNG and WebP are lossless; GIF is for grey pictures; MP4 is not. Closing the generator leaves no file.

    Raises:
        OSError: if the folder cannot be written or the disk is full.
        ValueError: for an unknown ending, no frames, or .mp4 without the `video` extra.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in FILM_ENDINGS:
        raise ValueError(f"A film is written as {', '.join(FILM_ENDINGS)}, not {ending or 'without an ending'}.")
    if count < 1 or not 0 < fps <= 240:
        raise ValueError("A film has at least one frame and 1 to 240 frames a second.")
    if ending == ".mp4":
        yield from _write_mp4(path, frames, fps, receipt)
        return
    pictures = []
    for done, frame in enumerate(frames):
        pictures.append(_image(frame))
        yield done
    first, rest = pictures[0], pictures[1:]
    # WebP joins equal frames and Pillow drops them from a GIF; durations keep the film's length.
    options: dict[str, Any] = {"save_all": True, "append_images": rest, "duration": round(1000 / fps), "loop": 0}
    with atomic_write(path) as file:
        if ending == ".png":
            first.save(file, "PNG", pnginfo=_png_texts(receipt), default_image=False, **options)
        elif ending == ".webp":
            rgb = [picture.convert("RGB") for picture in pictures]
            options["append_images"] = rgb[1:]
            rgb[0].save(file, "WEBP", lossless=True, quality=50, method=2, xmp=_xmp(receipt), **options)
        else:
            first.save(file, "GIF", comment=_comment(receipt), **options)
    yield count


def _write_mp4(path: Path, frames: Iterable[api.Pictures], fps: float, receipt: dict[str, Any]) -> Iterator[int]:
    try:
        import imageio.v2 as imageio
        import imageio_ffmpeg  # noqa: F401
    except ImportError:
        raise ValueError("MP4 needs the video extra: pip install 'genstudio[video]'; or choose WebP.") from None
    part = path.with_name(f".{path.stem[:40]}.part.mp4")
    writer = None
    try:
        check_folder(path)
        parameters = ["-metadata", f"comment={json.dumps(receipt)}", "-movflags", "use_metadata_tags"]
        options: dict[str, Any] = {"codec": "libx264", "quality": 9, "macro_block_size": 2}
        writer = imageio.get_writer(part, fps=fps, output_params=parameters, **options)
        for done, frame in enumerate(frames):
            writer.append_data(np.asarray(_image(frame).convert("RGB")))
            yield done
        writer.close()
        writer = None
        part.replace(path)
    finally:
        if writer is not None:
            writer.close()
        part.unlink(missing_ok=True)
    yield 0


def check_folder(path: Path) -> None:
    """Refuse a path whose folder cannot take a file.

    Raises:
        OSError: saying why.
    """
    with atomic_write(path.with_name(f".{path.stem[:40]}.probe")):
        pass
    path.with_name(f".{path.stem[:40]}.probe").unlink()


def is_film(path: Path) -> bool:
    """Whether a file has more than one frame."""
    with _opened(Path(path)) as image:
        return getattr(image, "n_frames", 1) > 1


def read_picture(path: Path) -> api.Pictures:
    """A picture file as (H, W, C) uint8; of a film the first frame.

    Raises:
        FileNotFoundError, ValueError: for what is not a sound picture of reasonable size.
    """
    path = Path(path)
    with _opened(path) as image:
        try:
            grey = image.mode in ("1", "L", "I;16") or (image.mode == "P" and _is_grey(image))
            pixels = np.asarray(image.convert("L" if grey else "RGB"))
        except Exception as error:
            raise ValueError(f"{path.name} is damaged and cannot be read ({type(error).__name__}).") from None
    return pixels[..., None] if pixels.ndim == 2 else pixels


def read_receipt(path: Path) -> dict[str, Any]:
    """The receipt inside an exported picture or film.

    Raises:
        FileNotFoundError, ValueError: if the file has none, or a damaged one.
    """
    path = Path(path)
    with _opened(path) as image:
        try:
            if image.format == "PNG":
                image.load()  # the texts may stand behind the pixels
                text = image.text.get(KEY)  # type: ignore[attr-defined]
            elif image.format == "GIF":
                text = image.info.get("comment", b"").decode("utf-8", "replace")
            else:
                text = _from_xmp(image.info.get("xmp", b""))
        except Exception as error:
            raise ValueError(f"{path.name} is damaged and cannot be read ({type(error).__name__}).") from None
    if not text or len(text) > MAX_RECEIPT:
        raise ValueError(f"{path.name} carries no receipt, so there is nothing to restore.")
    try:
        receipt = json.loads(text)
    except (ValueError, RecursionError):
        receipt = None
    if not isinstance(receipt, dict):
        raise ValueError(f"The receipt of {path.name} is damaged.")
    return receipt


def _opened(path: Path) -> Image.Image:
    check_regular(path, MAX_FILE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path, formats=("PNG", "WEBP", "GIF", "JPEG", "BMP"))
    except Exception:
        raise ValueError(f"{path.name} is not a picture that can be read (PNG, WebP, GIF, JPEG, BMP).") from None
    if image.width * image.height > MAX_PIXELS:
        size = f"{image.width:,} x {image.height:,}"
        image.close()
        raise ValueError(f"{path.name} is {size} px, too large to open.")
    return image


def _is_grey(image: Image.Image) -> bool:
    palette = np.asarray(image.convert("RGB"))
    return bool((palette[..., 0] == palette[..., 1]).all() and (palette[..., 1] == palette[..., 2]).all())


def _image(pixels: api.Pictures) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels))


def _png_texts(receipt: dict[str, Any]) -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt(KEY, json.dumps(receipt))
    texts.add_itxt(XMP_KEY, XMP % "Made by a generative model")
    return texts


def _xmp(receipt: dict[str, Any]) -> bytes:
    text = json.dumps(receipt).replace("&", "&amp;").replace("<", "&lt;").replace("%", "%%")
    return (XMP % text.replace("%%", "%")).encode()


def _from_xmp(xmp: bytes | str) -> str:
    text = xmp.decode("utf-8", "replace") if isinstance(xmp, bytes) else xmp
    text = text[: 2 * MAX_RECEIPT]
    inside = text.partition('<rdf:li xml:lang="x-default">')[2].partition("</rdf:li>")[0]
    return inside.replace("&lt;", "<").replace("&amp;", "&")


def _comment(receipt: dict[str, Any]) -> bytes:
    return json.dumps({**receipt, "digital_source_type": SOURCE_TYPE}).encode()


def is_picture(data: bytes) -> bool:
    """Whether bytes look like a picture that `read_picture` opens."""
    try:
        Image.open(io.BytesIO(data), formats=("PNG", "WEBP", "GIF", "JPEG", "BMP"))
    except Exception:
        return False
    return True
