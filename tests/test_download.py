"""Downloads against a small server on this machine: whole files or nothing."""

import gzip
import hashlib
import http.server
import io
import tarfile
import threading
from pathlib import Path

import pytest

from genstudio.core import datasets
from genstudio.core.datasets import remote
from genstudio.errors import sentence


class Server:
    """Serves `files` by name; `cut` names break off half way, `refused` ones give 503."""

    def __init__(self):
        self.files, self.cut, self.refused, self.asked = {}, set(), set(), []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.lstrip("/")
                outer.asked.append(name)
                if name in outer.refused or name not in outer.files:
                    self.send_error(503 if name in outer.refused else 404)
                    return
                data = outer.files[name]
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data[: len(data) // 2] if name in outer.cut else data)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def noise_bytes(count):
    return b"".join(hashlib.sha256(str(k).encode()).digest() for k in range(count // 32))


def remote_file(server, folder, name="a.gz", content=b"hello", mirrors=("",), md5=None, members=()):
    packed = content if members else gzip.compress(content)
    server.files[name] = packed
    md5 = md5 or hashlib.md5(packed).hexdigest()
    return remote.RemoteFile(name, tuple(server.url + m + name for m in mirrors), md5, len(packed), folder, members)


def everything(folder: Path):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def leftovers(folder: Path):
    return list(folder.glob(".*"))


def test_files_arrive_unpacked_and_progress_ends_at_the_total(server, tmp_path):
    big = noise_bytes(1_000_000)
    files = [
        remote_file(server, tmp_path / "raw", "a.gz", big),
        remote_file(server, tmp_path / "raw", "b.gz", b"small"),
    ]
    steps = list(remote.fetch("set", tmp_path, files))
    assert (tmp_path / "raw" / "a").read_bytes() == big
    assert (tmp_path / "raw" / "b").read_bytes() == b"small"
    total = sum(file.bytes for file in files)
    assert steps[0] == (0, total)
    assert steps[-1] == (total, total)
    assert steps == sorted(steps)
    assert len(steps) > 4
    assert everything(tmp_path) == ["raw/a", "raw/b"]


def test_what_is_in_place_is_not_fetched_again(server, tmp_path):
    files = [remote_file(server, tmp_path, "a.gz"), remote_file(server, tmp_path, "b.gz")]
    (tmp_path / "a").write_bytes(b"mine")
    list(remote.fetch("set", tmp_path, files))
    assert server.asked == ["b.gz"]
    assert (tmp_path / "a").read_bytes() == b"mine"


def test_wrong_md5_keeps_nothing(server, tmp_path):
    file = remote_file(server, tmp_path / "raw", md5="0" * 32)
    with pytest.raises(ConnectionError, match=r"put it into .*raw \(.*md5 differs"):
        list(remote.fetch("set", tmp_path, [file]))
    assert everything(tmp_path) == []
    assert leftovers(tmp_path) == []


def test_what_to_fetch_by_hand_names_every_missing_file(server, tmp_path):
    files = [remote_file(server, tmp_path, name, md5="0" * 32) for name in ("a.gz", "b.gz")]
    with pytest.raises(ConnectionError, match=r"get a\.gz, b\.gz elsewhere and put them into"):
        list(remote.fetch("set", tmp_path, files))


def test_a_second_mirror_stands_in_for_the_first(server, tmp_path):
    file = remote_file(server, tmp_path, mirrors=("gone/", ""))
    list(remote.fetch("set", tmp_path, [file]))
    assert server.asked == ["gone/a.gz", "a.gz"]
    assert (tmp_path / "a").read_bytes() == b"hello"


def test_a_refusing_server_is_one_sentence(server, tmp_path):
    file = remote_file(server, tmp_path)
    server.refused.add("a.gz")
    with pytest.raises(ConnectionError) as caught:
        list(remote.fetch("Fashion-MNIST", tmp_path, [file]))
    text = sentence(caught.value)
    assert text.startswith("Fashion-MNIST could not be downloaded; check the network and try again, or get a.gz")
    assert "the server refused with 503" in text
    assert str(tmp_path) in text
    assert "\n" not in text
    assert text.count(". ") == 0


def test_no_server_at_all_is_one_sentence(server, tmp_path):
    file = remote_file(server, tmp_path)
    server.http.server_close()
    with pytest.raises(ConnectionError, match="check the network"):
        list(remote.fetch("set", tmp_path, [file]))
    assert everything(tmp_path) == []


def test_a_name_that_cannot_be_found_is_one_sentence(tmp_path):
    file = remote.RemoteFile("a.gz", ("http://genstudio.invalid/a.gz",), "0" * 32, 10, tmp_path)
    with pytest.raises(ConnectionError, match=r"a\.gz .*genstudio\.invalid: .*may be no network"):
        list(remote.fetch("set", tmp_path, [file]))


def test_a_lost_connection_keeps_nothing(server, tmp_path):
    file = remote_file(server, tmp_path, content=noise_bytes(500_000))
    server.cut.add("a.gz")
    with pytest.raises(ConnectionError, match=r"connection was lost after \d+ of \d+ bytes"):
        list(remote.fetch("set", tmp_path, [file]))
    assert everything(tmp_path) == []
    assert leftovers(tmp_path) == []


def test_a_file_longer_than_announced_is_refused(server, tmp_path):
    file = remote_file(server, tmp_path, content=noise_bytes(2_000_000))
    short = remote.RemoteFile(file.name, file.urls, file.md5, 1000, file.folder)
    with pytest.raises(ConnectionError, match="longer than it should be"):
        list(remote.fetch("set", tmp_path, [short]))
    assert everything(tmp_path) == []


def test_cancelling_half_way_leaves_no_partial_file(server, tmp_path):
    files = [remote_file(server, tmp_path, "a.gz"), remote_file(server, tmp_path, "b.gz", noise_bytes(2_000_000))]
    steps = remote.fetch("set", tmp_path, files)
    while next(steps)[0] < 300_000:
        pass
    assert leftovers(tmp_path)
    steps.close()
    assert everything(tmp_path) == ["a"]
    assert leftovers(tmp_path) == []


def test_cancelling_while_unpacking_leaves_no_partial_file(server, tmp_path):
    file = remote_file(server, tmp_path, content=bytes(3_000_000))
    steps = remote.fetch("set", tmp_path, [file])
    while next(steps) != (file.bytes, file.bytes):
        pass
    next(steps)
    next(steps)
    steps.close()
    assert everything(tmp_path) == []


def test_an_archive_gives_only_the_named_members_and_only_into_its_folder(server, tmp_path):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in ("x/one", "x/two", "../../evil", "x/three"):
            entry = tarfile.TarInfo(name)
            entry.size = 3
            archive.addfile(entry, io.BytesIO(name[-3:].encode()))
        link = tarfile.TarInfo("x/four")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    data = tmp_path / "data"
    file = remote_file(server, data / "x", "set.tar.gz", packed.getvalue(), members=("one", "two"))
    list(remote.fetch("set", data, [file]))
    assert everything(tmp_path) == ["data/x/one", "data/x/two"]
    assert (data / "x" / "one").read_bytes() == b"one"
    lacking = remote_file(server, data / "x", "set.tar.gz", packed.getvalue(), members=("one", "four"))
    with pytest.raises(ValueError, match=r"set\.tar\.gz lacks four"):
        list(remote.fetch("set", data, [lacking]))
    assert leftovers(data) == []


def test_an_outsized_file_inside_is_not_kept(server, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "MAX_UNPACKED", 1_000_000)
    file = remote_file(server, tmp_path, content=bytes(2_000_000))
    with pytest.raises(ValueError, match="unpacks to more than"):
        list(remote.fetch("set", tmp_path, [file]))
    assert everything(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_said(server, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    file = remote_file(server, tmp_path / "file" / "raw")
    with pytest.raises(OSError, match="file") as caught:
        list(remote.fetch("set", tmp_path / "file" / "data", [file]))
    assert "a file, not a folder" in sentence(caught.value)


def test_torchvisions_lists_name_every_file_and_folder(tmp_path):
    from torchvision import datasets as tv

    mnist = remote.remote_files("mnist", tmp_path)
    assert [file.md5 for file in mnist] == [md5 for _, md5 in tv.MNIST.resources]
    assert mnist[0].urls == tuple(mirror + "train-images-idx3-ubyte.gz" for mirror in tv.MNIST.mirrors)
    assert {file.folder for file in mnist} == {tmp_path / "MNIST" / "raw"}
    assert mnist[0].targets() == ("train-images-idx3-ubyte",)
    (cifar,) = remote.remote_files("cifar10", tmp_path)
    assert cifar.folder == tmp_path / tv.CIFAR10.base_folder
    assert set(cifar.members) == {name for name, _ in tv.CIFAR10.train_list + tv.CIFAR10.test_list}
    for name in remote.BYTES:
        megabytes = sum(file.bytes for file in remote.remote_files(name, tmp_path)) / 1e6
        assert abs(megabytes - datasets.DATASETS[name].download_mb) < 1


def test_what_is_drawn_cannot_be_downloaded(tmp_path):
    with pytest.raises(ValueError, match="'strokes' cannot be downloaded; what can: mnist,"):
        next(datasets.download("strokes", tmp_path))
