import gzip
import io
import tarfile

import docker.errors
import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.observe import scan
from labkit.grading.observe.scan import find_in_image
from labkit.grading.probes import ImageTextProbe, Text

SECRET = ImageTextProbe("app", "s3cret")


class _Client:
    """The one call of an API client that a scan makes, answered from memory."""

    def __init__(self, archive=None):
        self.archive = archive

    def get_image(self, name):
        if self.archive is None:
            raise docker.errors.ImageNotFound(f"no such image: {name}")
        return iter([self.archive[:900], self.archive[900:]])


def _tar(**files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def _image(*layers, config=b"{}"):
    named = {f"layer{number}": layer for number, layer in enumerate(layers)}
    return _Client(_tar(config=config, **named))


def test_an_image_without_the_text_is_clean():
    client = _image(_tar(etc_motd=b"hello"), _tar(app=b"print()"))
    assert find_in_image(client, SECRET) == Text("")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_finds_what_a_layer_below_still_holds(pack):
    below = pack(_tar(key=b"password: s3cret"))
    client = _image(below, pack(_tar(app=b"print()")))
    assert find_in_image(client, SECRET) == Text("/key of a layer")


@pytest.mark.parametrize("name", [".env", "./.env", "/.env"])
def test_names_a_file_that_begins_with_a_dot(name):
    assert find_in_image(_image(_tar(**{name: b"s3cret"})), SECRET) == Text(
        "/.env of a layer"
    )


def test_finds_what_stands_in_the_settings():
    client = _image(_tar(app=b"print()"), config=b'{"Env": ["KEY=s3cret"]}')
    assert find_in_image(client, SECRET) == Text("the image's settings or history")


def test_what_is_in_several_places_is_told_in_one_order():
    layer, settings = _tar(key=b"s3cret"), b'{"Env": ["KEY=s3cret"]}'
    places = Text("/key of a layer and in the image's settings or history")
    assert find_in_image(_image(layer, config=settings), SECRET) == places
    assert find_in_image(_Client(_tar(layer=layer, config=settings)), SECRET) == places


def test_no_image_is_no_finding():
    assert find_in_image(_Client(), SECRET) is None


def test_gives_up_where_there_is_too_much():
    class Endless(_Client):
        def get_image(self, name):
            while True:
                yield bytes(scan.LIMIT_BYTES // 4)

    with pytest.raises(UnavailableError, match="too big"):
        find_in_image(Endless(), SECRET)
