"""Getting repositories, all of them on this machine's loopback."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.git import clone
from labkit.builder.git_reference import parse_git
from labkit.builder.halt import Halt
from labkit.builder.model import BuildCancelledError
from tests.serving import serving
from tests.unit.builder.workshop import Workshop

pytestmark = pytest.mark.slow  # each call of git takes a while
WHO = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


def _git(repository: str | Path, *words: str) -> str:
    root = str(repository).removeprefix("file://")
    command = ("git", "-C", root, *WHO, "-c", "protocol.file.allow=always", *words)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def served(repository: str, tmp_path: Path) -> Iterator[str]:
    """The repository on a server of mere files."""
    bare = tmp_path / "served" / "repo.git"
    _git(repository, "clone", "-q", "--bare", ".", str(bare))
    _git(bare, "update-server-info")
    handler = partial(_Silent, directory=str(bare.parent))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/repo.git"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", {"Dockerfile", "sub"}),
        ("#v1", {"Dockerfile", "sub"}),
        ("#main:sub", {"f"}),
        ("?tag=v1&subdir=sub", {"f"}),
        ("?branch=main&keep-git-dir", {"Dockerfile", "sub", ".git"}),
    ],
)
def test_gets_a_ref_and_a_folder_of_it(
    repository: str, tmp_path: Path, rest: str, expected: set[str]
) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    commit = clone(parse_git(repository + rest), folder)
    assert {path.name for path in folder.iterdir()} == expected
    assert commit == _git(repository, "rev-parse", "HEAD").strip()
    if ".git" in expected:
        assert _git(folder, "remote", "get-url", "origin").strip() == repository


def test_checks_what_it_got(repository: str, tmp_path: Path) -> None:
    commit = _git(repository, "rev-parse", "HEAD").strip()
    for number, checksum in enumerate((commit, commit[:7].upper())):
        folder = tmp_path / str(number)
        folder.mkdir()
        clone(parse_git(f"{repository}?checksum={checksum}"), folder)
    folder = tmp_path / "wrong"
    folder.mkdir()
    with pytest.raises(InvalidInputError) as caught:
        clone(parse_git(f"{repository}?commit=123"), folder)
    said = f"expected checksum to match 123, got {commit}"
    assert caught.value.message == said


def test_gets_a_commit_that_no_ref_is_at_any_more(
    repository: str, tmp_path: Path
) -> None:
    commit = _git(repository, "rev-parse", "HEAD").strip()
    _git(repository, "commit", "--allow-empty", "-qm", "two")
    wanted = f"{repository}?branch=main&checksum={commit}&keep-git-dir=1"
    (tmp_path / "by-ref").mkdir()
    with pytest.raises(InvalidInputError, match=f"expected checksum to match {commit}"):
        clone(parse_git(wanted), tmp_path / "by-ref")
    folder = tmp_path / "by-commit"
    folder.mkdir()
    assert clone(parse_git(f"{wanted}&fetch-by-commit=1"), folder) == commit
    assert _git(folder, "rev-parse", "refs/heads/main").strip() == commit


def test_dates_everything_with_the_commit(repository: str, tmp_path: Path) -> None:
    moment = int(_git(repository, "log", "-1", "--format=%ct"))
    (Path(repository.removeprefix("file://")) / "link").symlink_to("nowhere")
    _git(repository, "add", "link")
    date = f"--date={moment + 60} +0000"
    _git(repository, "commit", "-qm", "two", date)  # when it was written is another one
    folder = tmp_path / "target"
    folder.mkdir()
    clone(parse_git(f"{repository}?mtime=commit&keep-git-dir=1"), folder)
    committed = int(_git(repository, "log", "-1", "--format=%ct"))
    found = [folder, *folder.rglob("*")]
    assert {path.lstat().st_mtime_ns for path in found} == {committed * 10**9}


def test_gets_it_from_a_server_of_mere_files(served: str, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    clone(parse_git(f"{served}#v1:sub"), folder)
    assert (folder / "f").read_text() == "in git"


def test_gets_modules_with_it(repository: str, served: str, tmp_path: Path) -> None:
    _git(repository, "submodule", "--quiet", "add", served, "module")
    _git(repository, "commit", "-qm", "two")
    names: dict[str, set[str]] = {}
    for rest in ("", "?submodules=false"):
        folder = tmp_path / f"target{len(names)}"
        folder.mkdir()
        clone(parse_git(repository + rest), folder)
        names[rest] = {path.name for path in (folder / "module").iterdir()}
    assert names == {"": {"Dockerfile", "sub"}, "?submodules=false": set()}


def test_a_module_cannot_be_this_machines_own(
    repository: str, served: str, tmp_path: Path
) -> None:
    """A repository from elsewhere may name any path here."""
    _git(repository, "submodule", "--quiet", "add", repository, "mine")
    _git(repository, "commit", "-qm", "two")
    bare = tmp_path / "served" / "repo.git"
    _git(repository, "push", "-q", str(bare), "main")
    _git(bare, "update-server-info")
    folder = tmp_path / "target"
    folder.mkdir()
    with pytest.raises(InvalidInputError, match="transport 'file' not allowed"):
        clone(parse_git(served), folder)


@pytest.mark.parametrize(
    ("rest", "message"),
    [("#nosuch", "unable to 'git clone'"), ("#:..", "no folder '..'")],
)
def test_says_what_a_repository_lacks(
    repository: str, tmp_path: Path, rest: str, message: str
) -> None:
    folder = tmp_path / "target"
    folder.mkdir()
    with pytest.raises(InvalidInputError, match=message):
        clone(parse_git(repository + rest), folder)


def test_adds_a_tree_that_is_known_by_its_commit(served: str, shop: Workshop) -> None:
    lines = ("FROM base", f"ADD --keep-git-dir=true {served}?ref=v1 /src/")
    built = shop.build(*lines)
    assert (shop.top(built) / "src/sub/f").read_text() == "in git"
    assert (shop.top(built) / "src/.git/HEAD").is_file()
    shop.build(*lines)
    assert shop.cached == [2]  # though a .git folder is never the same
    with pytest.raises(InvalidInputError, match="expected checksum to match 123"):
        shop.build("FROM base", f"ADD --checksum=123 {served} /src/")


def test_a_halt_ends_git_and_whom_it_started(tmp_path: Path) -> None:
    halt = Halt()
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def serve() -> None:
            client, _ = silent.accept()
            with client:
                assert client.recv(3) == b"GET"
                halt.stop()
                while client.recv(1000):  # until git-remote-http has ended
                    pass

        server = threading.Thread(target=serve)
        server.start()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/repo.git"
        with pytest.raises(BuildCancelledError):
            clone(parse_git(url), tmp_path, halt)
        server.join()
