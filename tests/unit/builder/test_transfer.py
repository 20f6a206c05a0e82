"""COPY and ADD: where things go, what they look like, and when it is done again."""

import io
import os
import stat
import tarfile
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.model import BuildRequest
from tests.unit.builder.workshop import Ran, Workshop, history


def _modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): stat.filemode(path.lstat().st_mode)
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COPY a.txt /", {"a.txt"}),
        ("COPY a.txt /b.txt", {"b.txt"}),
        ("COPY a.txt /new/", {"new/a.txt"}),
        ("COPY a.txt .", {"a.txt"}),
        ("COPY a.txt etc", {"etc/a.txt"}),
        ("COPY ./a.txt /x/y/z", {"x/y/z"}),
        ("COPY ../../a.txt /", {"a.txt"}),
        ("COPY dir /d", {"d/one", "d/sub/two"}),
        ("COPY dir/ /d/", {"d/one", "d/sub/two"}),
        ("COPY dir/sub a.txt /d/", {"d/two", "d/a.txt"}),
        ("COPY *.txt /t/", {"t/a.txt", "t/b.txt"}),
        ("COPY d*/s*/t?o /", {"two"}),
        ("COPY d* /d/", {"d/one", "d/sub/two"}),
        ("COPY --parents dir/sub/two /p/", {"p/dir/sub/two"}),
        ("COPY --parents dir/./sub/two /p/", {"p/sub/two"}),
        ("COPY --parents **/two /p/", {"p/dir/sub/two"}),
        ("COPY --exclude=*.txt . /all/", {"all/dir/one", "all/dir/sub/two", "all/ln"}),
        ("COPY --exclude=dir/sub --exclude=*.txt . /a/", {"a/dir/one", "a/ln"}),
        ("COPY --link a.txt /l/", {"l/a.txt"}),
        ("COPY ln /copied", {"copied"}),
        ("ADD a.txt /added/", {"added/a.txt"}),
    ],
)
def test_puts_files_in_their_place(
    shop: Workshop, line: str, expected: set[str]
) -> None:
    shop.write("a.txt", "a")
    shop.write("b.txt", "b")
    shop.write("dir/one", "1")
    shop.write("dir/sub/two", "2")
    (shop.context / "ln").symlink_to("a.txt")
    built = shop.build("FROM base", line)
    top = shop.top(built)
    found = {
        str(path.relative_to(top))
        for path in top.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    assert found == expected
    assert history(built)[-1].endswith("# buildkit")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("COPY no /", "file not found in build context .*: stat no: file does not"),
        ("COPY *.zip /", "no source files were specified"),
        ("COPY a.txt b.txt /x", "the destination must be a directory"),
        ("COPY *.txt /x", "the destination must be a directory"),
        ("COPY dir /etc/passwd", "passwd is not a directory"),
        ("COPY a.txt /etc/passwd/x", "passwd is not a directory"),
        ("COPY --from=base no /", "COPY failed: stat no: file does not exist"),
        ("COPY --chown=nobody a.txt /", "no such user: nobody"),
        ("COPY --chmod=9 a.txt /", "invalid chmod parameter: '9'"),
        ("COPY https://example.com/x /", "source can't be a URL for COPY"),
        ("ADD --checksum=sha256:0 a.txt /", "checksum requires HTTP.S. or Git sources"),
        ("ADD --checksum=sha256:0 a.txt b.txt /", "can't be specified for multiple"),
        ("COPY [b-a] /", "no source files were specified"),
        ("COPY a[ /", "COPY failed: syntax error in pattern"),
        ("COPY --parents dir/[ /", "COPY failed: syntax error in pattern"),
        ("COPY --exclude=[ . /x/", "COPY failed: syntax error in pattern"),
    ],
)
def test_says_what_cannot_be_copied(shop: Workshop, line: str, message: str) -> None:
    shop.write("a.txt", "a")
    shop.write("b.txt", "b")
    shop.write("dir/one", "1")
    with pytest.raises(InvalidInputError, match=message):
        shop.build("FROM base", line)


def test_keeps_modes_links_and_times(shop: Workshop) -> None:
    run = shop.write("run", "x", 0o4750)
    os.utime(run, (1000, 1000))
    (shop.context / "there").symlink_to("/nowhere")
    (shop.context / "empty").mkdir(mode=0o700)
    top = shop.top(shop.build("FROM base", "COPY . /app/"))
    assert _modes(top / "app") == {
        "empty": "drwx------",
        "run": "-rwsr-x---",
        "there": "lrwxrwxrwx",
    }
    assert os.readlink(top / "app/there") == "/nowhere"
    assert (top / "app/run").stat().st_mtime == 1000


def test_follows_links_of_the_image_inside_it(shop: Workshop) -> None:
    def link(ran: Ran) -> int:
        (ran.upper / "data").mkdir()
        (ran.upper / "app").symlink_to("/data")
        (ran.upper / "out").symlink_to("/../../..")
        return 0

    shop.commands["link"] = link
    shop.write("a.txt", "a")
    top = shop.top(shop.build("FROM base", "RUN link", "COPY a.txt /app/x/"))
    assert _modes(top) == {
        "data": "drwxr-xr-x",
        "data/x": "drwxr-xr-x",
        "data/x/a.txt": "-rw-r--r--",
    }
    top = shop.top(shop.build("FROM base", "RUN link", "COPY a.txt /out/y/"))
    assert "y/a.txt" in _modes(top)


def test_chmod_counts_for_all_that_is_copied(shop: Workshop) -> None:
    shop.write("dir/one", "1")
    top = shop.top(shop.build("FROM base", "COPY --chmod=0711 dir /new/d/"))
    assert _modes(top) == {
        "new": "drwx--x--x",
        "new/d": "drwx--x--x",
        "new/d/one": "-rwx--x--x",
    }
    top = shop.top(shop.build("FROM base", "COPY --chmod=go-r,u+x dir /d/"))
    assert _modes(top)["d/one"] == "-rwx------"


@pytest.mark.root
def test_chown_knows_the_users_of_the_image(shop: Workshop) -> None:
    shop.write("a", "a")
    for owner, expected in (
        ("app", (7, 8)),
        ("app:12", (7, 12)),
        ("5", (5, 5)),
        ("5:6", (5, 6)),
    ):
        top = shop.top(shop.build("FROM base", f"COPY --chown={owner} a /n/a"))
        for path in (top / "n/a", top / "n"):
            assert (path.stat().st_uid, path.stat().st_gid) == expected


def test_takes_what_a_here_document_says(shop: Workshop) -> None:
    built = shop.build(
        "FROM base", "ENV A=1", "COPY <<one <<'two' /d/", "$A", "one", "$A", "two"
    )
    files = shop.files(built)
    assert (files["d/one"], files["d/two"]) == ("1\n", "$A\n")
    assert history(built)[-1] == "COPY <<one <<two /d/ # buildkit"


def test_is_done_again_only_if_what_is_copied_changed(shop: Workshop) -> None:
    file = shop.write("a", "1")
    lines = ("FROM base", "COPY a /", "COPY --from=base /etc/passwd /p")
    shop.build(*lines)
    os.utime(file, (5, 5))
    shop.write("other", "not copied")
    shop.build(*lines)
    assert shop.cached == [2, 3]
    file.write_text("2")
    shop.build(*lines)
    assert shop.cached == []


def test_a_linked_layer_survives_a_change_below(shop: Workshop) -> None:
    shop.write("a", "1")
    shop.write("b", "1")
    lines = ("FROM base", "COPY a /", "COPY --link b /")
    shop.build(*lines)
    shop.write("a", "2")
    built = shop.build(*lines)
    assert shop.cached == [3]
    assert shop.files(built)["a"] == "2"


def test_unchanged_files_share_their_bytes(shop: Workshop) -> None:
    file = shop.write("a", "1")
    top = shop.top(shop.build("FROM base", "COPY a /"))
    assert (top / "a").stat().st_ino == file.stat().st_ino


def test_adds_what_an_archive_holds(shop: Workshop) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, mode in (("d", 0o700), ("d/f", 0o640)):
            entry = tarfile.TarInfo(name)
            entry.mode = mode
            entry.type = tarfile.DIRTYPE if name == "d" else tarfile.REGTYPE
            tar.addfile(entry)
    (shop.context / "x.tgz").write_bytes(packed.getvalue())
    top = shop.top(shop.build("FROM base", "ADD x.tgz /o/"))
    assert _modes(top) == {
        "o": "drwxr-xr-x",
        "o/d": "drwx------",
        "o/d/f": "-rw-r-----",
    }
    top = shop.top(shop.build("FROM base", "COPY x.tgz /o/"))
    assert "o/x.tgz" in _modes(top)
    top = shop.top(shop.build("FROM base", "ADD --unpack=false x.tgz /o/"))
    assert "o/x.tgz" in _modes(top)


def test_copies_from_a_named_context(shop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/m").write_text("m")
    built = shop.build(
        "FROM base", "COPY --from=more m /", contexts={"more": tmp_path / "more"}
    )
    assert shop.files(built)["m"] == "m"


def test_a_file_replaces_a_link_and_no_folder(shop: Workshop) -> None:
    def make(ran: Ran) -> int:
        (ran.upper / "d/f").mkdir(parents=True)
        (ran.upper / "d/l").symlink_to("/etc/passwd")
        return 0

    shop.commands["make"] = make
    shop.write("new/l", "mine")
    built = shop.build("FROM base", "RUN make", "COPY new /d/")
    assert shop.files(built)["d/l"] == "mine"
    assert shop.files(built)["etc/passwd"].startswith("root")
    shop.write("other/f", "x")
    with pytest.raises(InvalidInputError, match="cannot replace to directory f"):
        shop.build("FROM base", "RUN make", "COPY other /d/")
    shop.write("third/l/x", "x")
    with pytest.raises(InvalidInputError, match="cannot copy to non-directory: l"):
        shop.build("FROM base", "RUN make", "COPY third /d/")


def test_without_a_context_nothing_can_be_copied(shop: Workshop) -> None:
    bench = shop.bench("FROM base\nCOPY a /", BuildRequest())
    assert bench.input.context is not None
    with pytest.raises(InvalidInputError, match="missing build context"):
        shop.build_without_context("FROM base", "COPY a /")
