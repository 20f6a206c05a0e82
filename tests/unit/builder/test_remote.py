"""Files and repositories from elsewhere, all of it on this machine's loopback."""

import subprocess
from functools import partial
from hashlib import sha384
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.remote import Remote, clone, fetch_remote, is_git, is_remote
from tests.serving import serving
from tests.unit.builder.conftest import BODY, CHECKSUM
from tests.unit.builder.workshop import Workshop


@pytest.mark.parametrize(
    ("source", "remote", "git"),
    [
        ("a/b", False, False),
        ("http://x/y", True, False),
        ("HTTPS://x/y.tgz", True, False),
        ("https://x/y.git", True, True),
        ("https://x/y.git#v1:d", True, True),
        ("git@x:y/z.git", True, True),
        ("git://x/y", True, True),
        ("ftp://x/y", False, False),
    ],
)
def test_tells_what_comes_from_elsewhere(source: str, remote: bool, git: bool) -> None:
    assert (is_remote(source), is_git(source)) == (remote, git)


def test_fetches_a_file(url: str, tmp_path: Path) -> None:
    assert fetch_remote(Remote(f"{url}/a/x.bin?q=1", CHECKSUM), tmp_path) == "x.bin"
    file = tmp_path / "x.bin"
    assert (file.read_bytes(), file.stat().st_mtime) == (BODY, 1000)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("path", "checksum", "message"),
    [
        ("/no", "", "failed to GET .*/no with status 404"),
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
    assert fetch_remote(Remote(f"{url}/x", checksum), tmp_path) == "x"


def test_adds_a_url(url: str, shop: Workshop) -> None:
    built = shop.build("FROM base", f"ADD {url}/d/x.bin /dest/")
    assert shop.files(built)["dest/x.bin"] == BODY.decode()
    built = shop.build("FROM base", f"ADD --checksum={CHECKSUM} {url}/ /name")
    assert shop.files(built)["name"] == BODY.decode()
    with pytest.raises(InvalidInputError, match="cannot determine filename"):
        shop.build("FROM base", f"ADD {url}/ /dest/")


@pytest.mark.slow
def test_clones_a_ref_and_a_folder_of_it(repository: str, tmp_path: Path) -> None:
    for number, (ref, expected) in enumerate(
        (
            ("", {"Dockerfile", "sub"}),
            ("#v1", {"Dockerfile", "sub"}),
            ("#main:sub", {"f"}),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        clone(Remote(repository + ref), folder)
        assert {path.name for path in folder.iterdir()} == expected


@pytest.mark.slow
def test_clones_from_a_server_of_mere_files(repository: str, tmp_path: Path) -> None:
    git = Path(repository.removeprefix("file://")) / ".git"
    subprocess.run(("git", "-C", git, "update-server-info"), check=True)
    handler = partial(SimpleHTTPRequestHandler, directory=str(git.parent))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        url = f"http://127.0.0.1:{server.server_port}/.git#v1:sub"
        clone(Remote(url), tmp_path)
    assert (tmp_path / "f").read_text() == "in git"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("#nosuch", "unable to 'git clone'"),
        ("#:..", "no folder '..'"),
        ("#--upload-pack=x", "invalid git reference"),
    ],
)
def test_says_what_a_repository_lacks(
    repository: str, tmp_path: Path, ref: str, message: str
) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    with pytest.raises(InvalidInputError, match=message):
        clone(Remote(repository + ref), folder)
