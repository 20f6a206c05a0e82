"""What is read on this machine for a build."""

from pathlib import Path

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.material import Material, prepare
from labkit.docker_cli.buildx.wish import Context, Kind, Secret, Wish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    (tmp_path / "other.Dockerfile").write_text("FROM b\n")
    (tmp_path / ".dockerignore").write_text("x")
    return tmp_path


def prepared(folder: Path, **values: object) -> Material:
    return prepare(Wish(Context(Kind.FOLDER, str(folder)), **values), {"t": "sha256:1"})  # type: ignore[arg-type]


def test_finds_the_dockerfile(folder: Path) -> None:
    assert prepared(folder).dockerfile_text == "FROM a\n"
    assert prepared(folder).ignore.excludes("x")
    other = prepared(folder, dockerfile=str(folder / "other.Dockerfile"))
    assert (other.dockerfile_text, other.dockerfile_name) == (
        "FROM b\n",
        "other.Dockerfile",
    )
    assert prepared(folder, dockerfile="other.Dockerfile").dockerfile_text == "FROM b\n"
    assert prepared(folder, dockerfile_text="FROM c").dockerfile_text == "FROM c"
    (folder / "Dockerfile").rename(folder / "dockerfile")
    assert prepared(folder).dockerfile_text == "FROM a\n"
    (folder / "dockerfile").unlink()
    missing = (
        "failed to solve: failed to read dockerfile: open Dockerfile: "
        "no such file or directory"
    )
    with pytest.raises(BuildxError, match=missing):
        prepared(folder)


def test_options_are_those_of_the_classic_door(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FROM_HERE", "1")
    found = prepared(
        folder,
        arguments={"A": "x", "FROM_HERE": None, "NOT_HERE": None},
        tags=("a",),
        shm_size="1k",
        ulimits=("nofile=1:2", "core=3"),
        no_cache=True,
    )
    assert found.options == {
        "dockerfile": "Dockerfile",
        "buildargs": {"A": "x", "FROM_HERE": "1", "NOT_HERE": None},
        "nocache": True,
        "shmsize": 1024,
        "ulimits": [
            {"Name": "nofile", "Soft": 1, "Hard": 2},
            {"Name": "core", "Soft": 3, "Hard": 3},
        ],
    }


def test_contexts_by_name_are_folders_images_and_targets(folder: Path) -> None:
    found = prepared(
        folder,
        contexts={
            "f": Context(Kind.FOLDER, str(folder)),
            "i": Context(Kind.IMAGE, "b:1"),
            "t": Context(Kind.TARGET, "t"),
            "r": Context(Kind.REMOTE, "https://x/y.tgz"),
        },
    )
    assert set(found.contexts) == {"", "f"}
    assert found.images == {"i": "b:1", "t": "sha256:1"}
    assert found.remotes == {"r": "https://x/y.tgz"}
    assert b"".join(found.contexts["f"]()).startswith(b".dockerignore")


def test_secrets_are_read_from_files_and_variables(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "t")
    (folder / "s").write_bytes(b"\x00s")
    secrets = (
        Secret("a", str(folder / "s")),
        Secret("b", "", "TOKEN"),
        Secret("TOKEN", "TOKEN", "TOKEN"),
        Secret("none", "", "NO_SUCH"),
    )
    found = prepared(folder, secrets=secrets)
    assert found.secrets == {"a": b"\x00s", "b": b"t", "TOKEN": b"t", "none": b""}
    assert "t'" not in repr(found)


def test_a_remote_context_is_the_engines_to_fetch() -> None:
    found = prepare(Wish(Context(Kind.REMOTE, "https://x/y.git")), {})
    assert found.options["remote"] == "https://x/y.git"
    assert found.contexts == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"dockerfile": "nosuch"},
            "failed to read dockerfile: open nosuch: no such file",
        ),
        (
            {"secrets": (Secret("a", "/no/such"),)},
            "failed to stat /no/such: stat /no/such",
        ),
        (
            {"contexts": {"x": Context(Kind.FOLDER, "/no/such")}},
            'failed to get build context x: "/no/such" not found',
        ),
        (
            {"contexts": {"x": Context(Kind.STDIN, "-")}},
            "build context 'x' can be a folder, an image, a layout",
        ),
        ({"shm_size": "big"}, "invalid size: 'big'"),
        ({"ulimits": ("nofile",)}, "invalid ulimit argument: nofile"),
    ],
)
def test_refuses(folder: Path, values: dict[str, object], said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        prepared(folder, **values)


def test_what_has_no_end_is_refused(folder: Path) -> None:
    with pytest.raises(BuildxError, match="zero is too large"):
        prepared(folder, dockerfile="/dev/zero")
    with pytest.raises(BuildxError, match="secret a is too big"):
        prepared(folder, secrets=(Secret("a", "/dev/zero"),))


def test_a_big_secret_is_refused(folder: Path) -> None:
    (folder / "big").write_bytes(b"x" * 600_000)
    with pytest.raises(BuildxError, match="secret a is too big"):
        prepared(folder, secrets=(Secret("a", str(folder / "big")),))


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BuildxError, match="unable to prepare context: path"):
        prepared(tmp_path / "nosuch")
