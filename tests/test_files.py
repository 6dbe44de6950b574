"""Files are written whole or not at all."""

from __future__ import annotations

import ast
import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

import genstudio
from genstudio import files, pretrained_page
from genstudio.errors import sentence
from genstudio.files import atomic_write, check_regular, check_writable, free_path, sha256_of
from genstudio.ui.screenshot import grab

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, links and pipes of POSIX")


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_a_free_name_is_the_first_that_no_file_has(tmp_path: Path) -> None:
    wanted, seen = tmp_path / "a.b.png", []
    for _ in range(3):
        seen.append(free_path(wanted).name)
        (tmp_path / seen[-1]).touch()
    assert seen == ["a.b.png", "a.b-2.png", "a.b-3.png"]


def test_the_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert content(tmp_path) == {"a.bin": b"new"}


def test_the_file_can_be_read_and_patched_while_it_is_written(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.bin") as file:
        file.write(b"....body")
        file.seek(0)
        file.write(b"head")
        assert file.read() == b"body"
    assert content(tmp_path) == {"a.bin": b"headbody"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail_half_way() -> None:
        with atomic_write(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail_half_way()
    assert content(tmp_path) == {"a.bin": b"old"}


KILLED = """
import os, signal, sys
from genstudio.files import atomic_write
with atomic_write(sys.argv[1]) as file:
    file.write(b"half" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
def test_a_killed_writer_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    assert [p.suffix for p in tmp_path.iterdir() if p != path] == [".part"]
    with atomic_write(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def full_disk(*args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_a_full_disk_leaves_the_old_file_and_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(call, full_disk)
    with pytest.raises(OSError, match="No space") as caught, atomic_write(path) as file:
        file.write(b"new")
    assert sentence(caught.value) == f"The disk is full; nothing was changed: {path}."
    assert content(tmp_path) == {"a.bin": b"old"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_write_that_fails_in_the_middle_is_told_with_the_name_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, mode: real(Path("/dev/full"), "r+b", buffering=0))
    with pytest.raises(OSError, match="No space") as caught, atomic_write(tmp_path / "a.bin") as file:
        file.write(b"new")
    assert caught.value.filename == str(tmp_path / "a.bin")


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, atomic_write(tmp_path / "none" / "a.bin"):
        pass
    assert sentence(caught.value) == f"There is no file or folder {tmp_path / 'none'}."
    assert content(tmp_path) == {}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which no file can be made")
def test_a_folder_that_is_there_but_takes_no_file_is_called_read_only() -> None:
    with pytest.raises(OSError, match="/proc") as caught:
        check_writable(Path("/proc/film.webp"))
    said = sentence(caught.value)
    assert said in ("Cannot write into /proc: it is read-only; choose another one.",
                    "No permission for /proc/film.webp; choose another folder.")  # fmt: skip


def test_whether_a_file_can_be_written_is_known_without_touching_it(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"old")
    before = (tmp_path / "a.bin").stat()
    check_writable(tmp_path / "a.bin")
    check_writable(tmp_path / "b.bin")
    assert content(tmp_path) == {"a.bin": b"old"} and (tmp_path / "a.bin").stat().st_ino == before.st_ino
    with pytest.raises(FileNotFoundError):
        check_writable(tmp_path / "none" / "a.bin")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError) as caught, atomic_write(tmp_path / "a"):
        pass
    assert sentence(caught.value).startswith("This is a folder")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_sentence(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(PermissionError) as caught, atomic_write(locked / "a.bin"):
        pass
    assert sentence(caught.value).startswith("No permission for")


def test_an_error_of_something_else_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, atomic_write(tmp_path / "a.bin"):
        (tmp_path / "other").read_bytes()
    assert caught.value.filename == str(tmp_path / "other")


@posix
def test_permissions_follow_the_old_file_or_the_users_mask(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    mask = os.umask(0o027)
    try:
        for path in (old, tmp_path / "new"):
            with atomic_write(path):
                pass
    finally:
        os.umask(mask)
    assert [oct(p.stat().st_mode & 0o777) for p in (old, tmp_path / "new")] == ["0o640", "0o640"]


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with atomic_write(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"new"


def test_a_very_long_name_is_refused_or_written(tmp_path: Path) -> None:
    with atomic_write(tmp_path / ("n" * 200)):
        pass
    with pytest.raises(OSError, match="nnn"), atomic_write(tmp_path / ("n" * 300)):
        pass
    assert len(content(tmp_path)) == 1


def test_only_regular_files_of_reasonable_size_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(100))
    assert check_regular(path, 100) == 100
    with pytest.raises(ValueError, match=r"a\.bin is 0 MB; at most 0 MB are read\."):
        check_regular(path, 99)
    with pytest.raises(ValueError, match="not a regular file"):
        check_regular(tmp_path, 100)
    with pytest.raises(FileNotFoundError, match="There is no file"):
        check_regular(tmp_path / "none", 100)


@posix
def test_a_pipe_is_refused_without_waiting_and_a_link_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="not a regular file"):
        check_regular(tmp_path / "pipe", 100)
    (tmp_path / "a.bin").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "a.bin")
    assert check_regular(tmp_path / "link", 100) == 3


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"abc" * 10**6)
    assert sha256_of(tmp_path / "a.bin") == hashlib.sha256(b"abc" * 10**6).hexdigest()


def test_bundled_folders_are_found_in_a_checkout_and_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "genstudio"
    monkeypatch.setattr(files, "_PACKAGE", package)
    assert files.assets_dir() == tmp_path / "assets" and files.pretrained_dir() == tmp_path / "pretrained"
    (package / "_assets").mkdir(parents=True)
    assert files.assets_dir() == package / "_assets"


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_old_page_of_models_stays_until_the_new_one_is_whole(tmp_path: Path, monkeypatch) -> None:
    pretrained_page.write_page(tmp_path)
    before = content(tmp_path)
    assert list(before) == ["README.md"]
    (tmp_path / "README.md").write_bytes(b"of before")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="README"):
        pretrained_page.write_page(tmp_path)
    assert content(tmp_path) == {"README.md": b"of before"}


def test_an_old_screenshot_stays_until_the_new_one_is_whole(tmp_path: Path, qtbot, monkeypatch) -> None:
    window, path = QLabel("seen"), tmp_path / "a.png"
    qtbot.addWidget(window)
    grab(window, (300, 200), path)
    with Image.open(path) as shot:
        assert shot.size == (300, 200)
    path.write_bytes(b"of before")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match=r"a\.png"):
        grab(window, (300, 200), path)
    assert content(tmp_path) == {"a.png": b"of before"}


def test_nothing_else_writes_a_file_that_somebody_would_miss() -> None:
    """Downloads come into a folder that is thrown away, what is not to be read goes nowhere, and why a run was refused
    is for the launcher alone.
    """
    root, found = Path(genstudio.__file__).parent, set()
    for path in root.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            modes = {arg.value for arg in call.args if isinstance(arg, ast.Constant)}
            if name in ("write_text", "write_bytes") or (name == "open" and modes & {"w", "wb"}):
                found.add(path.relative_to(root).as_posix())
    assert found == {"core/datasets/remote.py", "cli/headless/train.py", "cli/__init__.py"}
