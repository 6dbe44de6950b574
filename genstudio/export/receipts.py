"""What an exported file says of itself: the request that made it, and that a generative model did."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, unescape

from genstudio import __version__, api
from genstudio.errors import NoReceipt
from genstudio.export import gif, mp4, png, webp
from genstudio.files import check_regular

FORMAT_VERSION = 1
CSV_START = "# Made by GenStudio; what repeats the run: "  # the first line of a table
KEYWORD = "genstudio"  # of the PNG text, and the beginning of the GIF comment
MAX_RECEIPT = 4 * 2**20  # bytes
KINDS = "PNG, WebP, GIF, MP4, SVG, CSV or JSON"
OTHER_PICTURES = (b"\xff\xd8\xff", b"BM")  # JPEG and BMP, which GenStudio never writes
TEXTS = (".json", ".svg", ".csv")
MAX_FILE = 2 * 2**30  # bytes
_TAGS = "<genstudio:receipt>", "</genstudio:receipt>"
_MAX_INTEGER_DIGITS = 19
LAYOUT_LIMITS = {"columns": (0, 10_000), "gap": (0, 64), "scale": (1, 64)}

# IPTC Photo Metadata 2023.1, "Digital Source Type"; the value is from the IPTC NewsCodes.
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:genstudio="urn:genstudio:receipt:1">
<xmp:CreatorTool>GenStudio {version}</xmp:CreatorTool>
{source}{receipt}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_SOURCE = """<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>
"""


class _Unknown(ValueError):
    """A file is none of `KINDS`."""


def make_receipt(source: api.Source, layout: api.GridLayout, model_sha256: str, **extra: Any) -> dict[str, Any]:
    """What it takes to make a file again, as plain JSON values; the same request gives the same receipt.

    Paths of this machine are left out: a model is told by its name and hash, a folder of pictures by its name.
    """
    return {
        "format_version": FORMAT_VERSION,
        "software": f"GenStudio {__version__}",
        "request": api.request_entry(source),
        "layout": dataclasses.asdict(layout),
        "model_sha256": model_sha256,
        **extra,
    }


def to_json(receipt: dict[str, Any]) -> str:
    """A receipt as ASCII text.

    Raises:
        ValueError: if it would be too long to be read again.
    """
    text = json.dumps(receipt, allow_nan=False, separators=(",", ":"))
    if 2 * len(text) > MAX_RECEIPT:  # escaped as XML it may grow
        raise ValueError("There are too many codes for the receipt of one file; export fewer pictures.")
    return text


def to_xmp(receipt_json: str = "", *, is_generated: bool = True) -> str:
    """The standard metadata packet, which tells of what a model drew that it did, with the receipt if one is given."""
    inside = escape(receipt_json).join(_TAGS) + "\n" if receipt_json else ""
    return _PACKET.format(version=__version__, source=_SOURCE if is_generated else "", receipt=inside)


def read_receipt(path: Path) -> dict[str, Any]:
    """The receipt of an exported picture or film. Nothing of the picture itself is decoded.

    Raises:
        FileNotFoundError: if there is no such file.
        NoReceipt: if it has none of GenStudio.
        ValueError: if it is of no kind that is known, or has a damaged one.
    """
    path = Path(path)
    check_regular(path, MAX_FILE)
    with path.open("rb") as file:
        try:
            text = _find(path, file)
        except _Unknown:
            raise ValueError(f"{path.name} cannot be read: it is no {KINDS} file.") from None
        except ValueError as error:
            why = "its text is damaged" if isinstance(error, UnicodeError) else str(error)
            raise ValueError(f"The receipt of {path.name} cannot be read: {why}.") from None
    if text is None:
        raise NoReceipt(f"{path.name} has no receipt of GenStudio, so nothing can be restored from it.")
    try:
        receipt = json.loads(text, parse_int=_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError(f"The receipt of {path.name} is damaged.") from None
    if not isinstance(receipt, dict):
        raise ValueError(f"The receipt of {path.name} is damaged.")
    if receipt.get("format_version") != FORMAT_VERSION:
        raise ValueError(f"The receipt of {path.name} is of another version than {FORMAT_VERSION}, the one read here.")
    return receipt


def _find(path: Path, file: BinaryIO) -> str | None:
    head = file.read(12)
    if head.startswith(png.MAGIC):
        return png.read_text(file, KEYWORD, MAX_RECEIPT)
    if head.startswith(gif.MAGIC):
        comment = gif.read_comment(file, KEYWORD, MAX_RECEIPT)
        return comment and comment.removeprefix(KEYWORD)
    if head.startswith(webp.MAGIC) and head[8:] == b"WEBP":
        packet = webp.read_xmp(file, MAX_RECEIPT)
    elif head[4:8] == b"ftyp":
        packet = mp4.read_xmp(file, MAX_RECEIPT)
    elif path.suffix.lower() in TEXTS:
        file.seek(0)
        return _find_in_text(path.suffix.lower(), file)
    elif head.startswith(OTHER_PICTURES):
        return None
    else:
        raise _Unknown
    return _inside(packet)


def _find_in_text(ending: str, file: BinaryIO) -> str | None:
    """The receipt at the beginning of a file of text, however long that is."""
    if ending == ".csv":
        line = file.readline(MAX_RECEIPT).decode()
        return line.removeprefix(CSV_START) if line.startswith(CSV_START) else None
    if ending == ".svg":
        return _inside(file.read(MAX_RECEIPT).decode(errors="ignore"))
    text = file.read(MAX_RECEIPT + 1)
    if len(text) > MAX_RECEIPT:
        raise ValueError(f"it has more than {MAX_RECEIPT:,} bytes")
    return text.decode()


def _inside(packet: str | None) -> str | None:
    _, start, rest = (packet or "").partition(_TAGS[0])
    receipt, end, _ = rest.partition(_TAGS[1])
    return unescape(receipt) if start and end else None


def layout_from(values: object) -> api.GridLayout:
    """The layout of a receipt.

    Raises:
        ValueError: if it is none of this version.
    """
    if not isinstance(values, dict) or set(values) != set(LAYOUT_LIMITS):
        raise ValueError("the receipt's layout is not what this version writes")
    for name, (low, high) in LAYOUT_LIMITS.items():
        if type(values[name]) is not int or not low <= values[name] <= high:
            raise ValueError(f"the receipt's {name} is {values[name]!r}; allowed: {low} to {high}")
    return api.GridLayout(**values)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_DIGITS:
        raise ValueError("a number out of range")
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
