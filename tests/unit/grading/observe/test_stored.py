import io
import tarfile

import docker.errors
import pytest

from labkit.grading.observe.made import Made
from labkit.grading.observe.stored import read_stored_files
from labkit.grading.probes import StoredFileProbe, Text


class _Client:
    """The calls of an API client that reading what is stored makes, from memory."""

    def __init__(self, files, volumes=(), images=("busybox", "app")):
        self.files, self.volumes, self.images = files, volumes, images
        self.binds: list[str] = []
        self.made = 0
        self.containers: list[str] = []

    def inspect_volume(self, name):
        if name not in self.volumes:
            raise docker.errors.NotFound(f"no such volume: {name}")

    def create_host_config(self, binds):
        self.binds = binds
        return {}

    def create_container(self, image, **options):
        if image not in self.images:
            raise docker.errors.ImageNotFound(f"no such image: {image}")
        self.containers.append("made")
        self.made += 1
        return {"Id": "made"}

    def remove_container(self, name, **options):
        self.containers.remove(name)

    def get_archive(self, name, path):
        if path not in self.files:
            raise docker.errors.NotFound(f"no such file: {path}")
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as tar:
            member = tarfile.TarInfo("file")
            member.size = len(self.files[path])
            tar.addfile(member, io.BytesIO(self.files[path]))
        return iter([stream.getvalue()]), {}


def test_reads_a_file_of_an_image():
    client = _Client({"/etc/motd": b"hello"})
    probe = StoredFileProbe("image", "app", "/etc/motd")
    assert read_stored_files(client, Made(client), [probe]) == {probe: Text("hello")}
    assert client.containers == []


def test_reads_a_file_of_a_volume_which_it_can_not_change():
    client = _Client({"/.labkit-volume/a/b": b"hello"}, volumes=("data",))
    probe = StoredFileProbe("volume", "data", "/a/b")
    assert read_stored_files(client, Made(client), [probe]) == {probe: Text("hello")}
    assert client.binds == ["data:/.labkit-volume:ro"]
    assert client.containers == []


@pytest.mark.parametrize(
    "probe",
    [
        StoredFileProbe("image", "app", "/missing"),
        StoredFileProbe("image", "missing", "/etc/motd"),
        StoredFileProbe("volume", "data", "/missing"),
        StoredFileProbe("volume", "missing", "/etc/motd"),
    ],
)
def test_what_is_not_there_is_no_file(probe):
    client = _Client({"/etc/motd": b"hello"}, volumes=("data",))
    assert read_stored_files(client, Made(client), [probe]) == {probe: None}
    assert client.containers == []


def test_one_container_is_enough_for_all_files_of_a_holder():
    client = _Client({"/a": b"one", "/b": b"two"})
    probes = [StoredFileProbe("image", "app", path) for path in ("/a", "/none", "/b")]
    found = read_stored_files(client, Made(client), probes)
    assert list(found.values()) == [Text("one"), None, Text("two")]
    assert client.made == 1
