import io
import tarfile

import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.build_context import open_context


@pytest.fixture
def folder(tmp_path):
    context = tmp_path / "ctx"
    (context / "node_modules" / "deep").mkdir(parents=True)
    (context / "src").mkdir()
    for name in ("Dockerfile", "a.md", "README.md", "src/app", "node_modules/deep/x"):
        (context / name).write_text("FROM scratch\n")
    return context


def names(context):
    with tarfile.open(fileobj=io.BytesIO(b"".join(context.pieces))) as tar:
        members = tar.getmembers()
    assert {(m.uid, m.gid, m.uname) for m in members} == {(0, 0, "")}
    return [member.name for member in members]


def test_sends_the_folder(folder):
    context = open_context(str(folder), "")
    assert context.dockerfile == "Dockerfile"
    assert names(context) == [
        "Dockerfile",
        "README.md",
        "a.md",
        "node_modules",
        "src",
        "node_modules/deep",
        "node_modules/deep/x",
        "src/app",
    ]


def test_leaves_out_what_is_to_be_ignored_but_never_the_dockerfile(folder):
    (folder / ".dockerignore").write_text(
        "*.md\n!README.md\nnode_modules\nDockerfile*\n"
    )
    assert names(open_context(str(folder), "")) == [
        ".dockerignore",
        "Dockerfile",
        "README.md",
        "src",
        "src/app",
    ]


def test_a_dockerfile_of_elsewhere_gets_a_name_of_its_own(folder, tmp_path):
    (tmp_path / "Other").write_text("FROM other\n")
    context = open_context(str(folder), str(tmp_path / "Other"))
    assert context.dockerfile.startswith(".dockerfile.")
    assert context.dockerfile in names(context)


@pytest.mark.parametrize(
    ("place", "dockerfile", "said"),
    [
        ("none", "", 'unable to prepare context: path "none" not found'),
        ("-", "-", "can't use stdin for both build context and dockerfile"),
    ],
)
def test_refuses_what_is_no_context(place, dockerfile, said):
    with pytest.raises(CliError, match=said):
        open_context(place, dockerfile)


def test_refuses_a_dockerfile_that_is_not_there_and_a_file_for_a_folder(folder):
    with pytest.raises(CliError, match=r"lstat .*/none: no such file or directory"):
        open_context(str(folder), "none")
    with pytest.raises(CliError, match="context must be a directory"):
        open_context(str(folder / "a.md"), "")


def test_the_engine_fetches_urls():
    context = open_context("https://example.com/x.git#main", "")
    assert context.remote == "https://example.com/x.git#main"
    assert list(context.pieces) == []
