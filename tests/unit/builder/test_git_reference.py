"""How a repository is named, and what is asked of it."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.git_reference import (
    GitReference,
    is_git,
    parse_git,
    with_git_folder,
)

URL = "https://x/y.git"
COMMIT = "12ab" * 10


@pytest.mark.parametrize(
    ("source", "git"),
    [
        ("a/b", False),
        ("http://x/y", False),
        (URL, True),
        (f"{URL}#v1:d", True),
        (f"{URL}?ref=v1", True),
        ("https://x/y?z=a.git", False),
        ("git@x:y/z.git", True),
        ("git://x/y", True),
        ("ssh://git@x/y", True),
    ],
)
def test_tells_repositories_from_files(source: str, git: bool) -> None:
    assert is_git(source) == git


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("", GitReference(URL)),
        ("#v1:a/b", GitReference(URL, "v1", "a/b")),
        ("#:a", GitReference(URL, "", "a")),
        ("?ref=v1&subdir=a%2Fb", GitReference(URL, "v1", "a/b")),
        ("?ref=v1#v1:a", GitReference(URL, "v1", "a")),
        ("?tag=v1", GitReference(URL, "refs/tags/v1")),
        ("?tag=refs/tags/v1", GitReference(URL, "refs/tags/v1")),
        ("?branch=main", GitReference(URL, "refs/heads/main")),
        ("?commit=12AB", GitReference(URL, checksum="12AB")),
        ("?checksum=12", GitReference(URL, checksum="12")),
        (
            "?keep-git-dir&submodules=0",
            GitReference(URL, keeps_git_folder=True, submodules=False),
        ),
        ("?keep-git-dir=false", GitReference(URL, keeps_git_folder=False)),
        ("?mtime=checkout", GitReference(URL)),
        ("?mtime=commit", GitReference(URL, dates_by_commit=True)),
        ("?fetch-by-commit", GitReference(URL, fetches_by_commit=True)),
        ("?fetch-by-commit=0", GitReference(URL)),
    ],
)
def test_takes_a_reference_apart(rest: str, found: GitReference) -> None:
    assert parse_git(URL + rest) == found


def test_a_name_without_a_scheme_has_no_query() -> None:
    assert parse_git("git@x:y?z#v1") == GitReference("git@x:y?z", "v1")


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("?ref=a#b", 'ref conflicts: "b" vs "a"'),
        ("?ref=a&tag=a", 'ref conflicts: "a" vs "refs/tags/a"'),
        ("?branch=a&tag=a", "branch conflicts with tag"),
        ("?subdir=a#:b", 'subdir conflicts: "b" vs "a"'),
        ("?ref=a&ref=b", 'query "ref" has multiple values'),
        ("?ref=", 'query "ref" has no value'),
        ("?depth=1", 'unexpected query "depth"'),
        ("?submodules=maybe", 'invalid submodules value: "maybe"'),
        ("?fetch-by-commit=2", 'invalid fetch-by-commit value: "2"'),
        ("?mtime=", 'query "mtime" has no value'),
        (
            "?mtime=now",
            'invalid mtime value: "now" (must be "checkout" or "commit")',
        ),
        ("?checksum=xyz", "invalid checksum xyz for Git URL, expected hex commit hash"),
        ("#--upload-pack=x", f"invalid git reference '{URL}#--upload-pack=x'"),
    ],
)
def test_refuses_what_makes_no_sense(rest: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_git(URL + rest)
    assert caught.value.message == said


@pytest.mark.parametrize(
    ("rest", "wanted", "name"),
    [
        ("", "HEAD", ""),
        ("?ref=v1", "v1", ""),
        (f"?ref={COMMIT}&fetch-by-commit", COMMIT, ""),
        (f"?ref=v1&checksum={COMMIT}", "v1", ""),
        (f"?checksum={COMMIT}&fetch-by-commit", COMMIT, ""),
        (f"?ref=v1&checksum={COMMIT}&fetch-by-commit", COMMIT, "refs/heads/v1"),
        (f"?tag=v1&checksum={COMMIT}&fetch-by-commit", COMMIT, "refs/tags/v1"),
    ],
)
def test_a_commit_may_be_asked_for_whatever_the_ref_is(
    rest: str, wanted: str, name: str
) -> None:
    found = parse_git(URL + rest)
    assert (found.wanted(), found.name) == (wanted, name)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "fetch-by-commit requires a checksum or a commit SHA ref"),
        (
            "&checksum=12",
            'fetch-by-commit requires a full commit SHA checksum, got "12"',
        ),
    ],
)
def test_a_commit_can_be_asked_for_by_its_whole_id_only(rest: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_git(f"{URL}?fetch-by-commit{rest}").wanted()
    assert caught.value.message == said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{URL}#v1:a", f"{URL}?keep-git-dir=1#v1:a"),
        (f"{URL}?ref=v1", f"{URL}?ref=v1&keep-git-dir=1"),
        (f"{URL}?keep-git-dir=0", f"{URL}?keep-git-dir=0"),
        ("https://x/y.tgz", "https://x/y.tgz"),
        ("git@x:y", "git@x:y"),
    ],
)
def test_the_git_folder_can_be_asked_for(text: str, kept: str) -> None:
    assert with_git_folder(text) == kept


def test_flags_are_added_unless_they_contradict() -> None:
    found = parse_git(f"{URL}?checksum=12&keep-git-dir=1")
    assert found.with_options("", None) == found
    assert found.with_options("12", True) == found
    assert GitReference(URL).with_options("12", True).keeps_git_folder
    with pytest.raises(InvalidInputError, match="inconsistent keep-git-dir"):
        found.with_options("", False)
    with pytest.raises(InvalidInputError, match='checksum mismatch "34" != "12"'):
        found.with_options("34", None)
