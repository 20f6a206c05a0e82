"""Files and repositories from elsewhere, all of it on this machine's loopback."""

from hashlib import sha384
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.remote import Fetched, Remote, fetch_remote, is_remote
from tests.unit.builder.conftest import BODY, CHECKSUM
from tests.unit.builder.workshop import Workshop


@pytest.mark.parametrize(
    ("source", "remote"),
    [
        ("a/b", False),
        ("http://x/y", True),
        ("HTTPS://x/y.tgz", True),
        ("git@x:y/z.git", True),
        ("ftp://x/y", False),
    ],
)
def test_tells_what_comes_from_elsewhere(source: str, remote: bool) -> None:
    assert is_remote(source) == remote


def test_fetches_a_file(url: str, tmp_path: Path) -> None:
    assert (
        fetch_remote(Remote(f"{url}/a/x.bin?q=1", CHECKSUM), tmp_path).name == "x.bin"
    )
    file = tmp_path / "x.bin"
    assert (file.read_bytes(), file.stat().st_mtime) == (BODY, 1000)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("path", "checksum", "message"),
    [
        ("/no", "", r"\Afailed to GET .*/no with status 404"),
        ("/x", "sha256:" + "0" * 64, "digest mismatch"),
        ("/x", "sha512:" + "0" * 128, "digest mismatch sha512:"),
        ("/x", "sha256:" + "A" * 64, "^invalid checksum digest format$"),
        ("/x", "sha256:000", "^invalid checksum digest length$"),
        ("/x", "md5:" + "0" * 32, "^unsupported digest algorithm$"),
        ("/x", "0" * 64, "^invalid checksum digest format$"),
        ("/to-file", "", "cannot get|failed to GET"),
    ],
)
def test_says_what_cannot_be_had(
    url: str, tmp_path: Path, path: str, checksum: str, message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        fetch_remote(Remote(url + path, checksum), tmp_path)


def test_any_of_three_algorithms_will_do(url: str, tmp_path: Path) -> None:
    checksum = "sha384:" + sha384(BODY).hexdigest()
    assert fetch_remote(Remote(f"{url}/x", checksum), tmp_path) == Fetched("x")


def test_adds_a_url(url: str, shop: Workshop) -> None:
    built = shop.build("FROM base", f"ADD {url}/d/x.bin /dest/")
    assert shop.files(built)["dest/x.bin"] == BODY.decode()
    built = shop.build("FROM base", f"ADD --checksum={CHECKSUM} {url}/ /name")
    assert shop.files(built)["name"] == BODY.decode()
    with pytest.raises(InvalidInputError, match="cannot determine filename"):
        shop.build("FROM base", f"ADD {url}/ /dest/")
