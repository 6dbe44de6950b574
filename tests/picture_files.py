"""Files of pictures for tests: bytes, folders and zips."""

import io
import zipfile

from PIL import Image


def picture_bytes(colour, size=(40, 30), mode="RGB", kind="PNG", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def write_tree(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


RED, GREEN, GREY = (255, 0, 0), (0, 255, 0), (90, 90, 90)
CLASSY = {
    f"{name}/{k}.png": picture_bytes(colour) for name, colour in (("cat", RED), ("dog", GREEN)) for k in range(10)
}
