"""Where a repository is, and what is wanted of it, as one word of a Dockerfile says it.

    https://host/repo.git#ref:folder
    https://host/repo.git?ref=...&subdir=...&checksum=...&keep-git-dir=1&submodules=0
                         &mtime=commit&fetch-by-commit=1

``tag`` and ``branch`` are refs that can mean nothing else. What both ways say has to be
the same. ``mtime=commit`` dates all files with the commit, instead of with now.
``fetch-by-commit`` asks for the commit that the checksum names, wherever the ref is by
now, which is a name for it and no more.
"""

import re
import urllib.parse
from dataclasses import dataclass, replace

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import TRUTHS, go_quote

_GIT = re.compile(r"(git://|ssh://|git@[\w.-]+:)|https?://[^#?]*\.git(?:[#?]|$)")
_SCHEME = re.compile(r"[a-z]+://")
_FLAGS = ("keep-git-dir", "submodules", "fetch-by-commit")
_TEXTS = ("ref", "tag", "branch", "subdir", "checksum", "commit", "mtime")
_MTIMES = ("checkout", "commit")
_COMMIT = re.compile("[a-f0-9]{40}|[a-f0-9]{64}")
_REFS = "refs/"


@dataclass(frozen=True, slots=True)
class GitReference:
    """A repository at a ref, or a folder of it; None is what nothing was said of."""

    url: str
    ref: str = ""
    folder: str = ""
    checksum: str = ""
    keeps_git_folder: bool | None = None
    submodules: bool | None = None
    dates_by_commit: bool = False
    fetches_by_commit: bool = False

    def wanted(self) -> str:
        """Return what the repository is asked for: a ref, or a commit.

        Raises:
            InvalidInputError: a commit is to be asked for, and none is named.
        """
        if not self.fetches_by_commit or is_commit(self.ref):
            return self.ref or "HEAD"
        if not self.checksum:
            raise InvalidInputError(
                "fetch-by-commit requires a checksum or a commit SHA ref"
            )
        if not is_commit(self.checksum):
            raise InvalidInputError(
                "fetch-by-commit requires a full commit SHA checksum, got "
                + go_quote(self.checksum)
            )
        return self.checksum

    @property
    def name(self) -> str:
        """The ref that a commit goes by which was asked for by itself, if any."""
        if not self.fetches_by_commit or not self.ref or is_commit(self.ref):
            return ""
        return self.ref if self.ref.startswith(_REFS) else f"refs/heads/{self.ref}"

    def with_options(self, checksum: str, keeps: bool | None) -> "GitReference":
        """Add what ADD's flags say.

        Raises:
            InvalidInputError: the reference says something else.
        """
        if keeps is not None and self.keeps_git_folder not in (None, keeps):
            raise InvalidInputError("inconsistent keep-git-dir configuration")
        if checksum and self.checksum not in ("", checksum):
            raise InvalidInputError(
                f"checksum mismatch {go_quote(checksum)} != {go_quote(self.checksum)}"
            )
        return replace(
            self,
            checksum=self.checksum or checksum,
            keeps_git_folder=self.keeps_git_folder if keeps is None else keeps,
        )


def is_commit(text: str) -> bool:
    """Tell whether a text is a commit's whole id."""
    return bool(_COMMIT.fullmatch(text))


def is_git(source: str) -> bool:
    """Tell whether a word means a repository."""
    return bool(_GIT.match(source))


def with_git_folder(text: str) -> str:
    """Ask for a repository's ``.git``, too, unless something is said of it already."""
    rest, hash_, fragment = text.partition("#")
    if not is_git(text) or not _SCHEME.match(rest) or "keep-git-dir" in rest:
        return text
    return f"{rest}{'&' if '?' in rest else '?'}keep-git-dir=1{hash_}{fragment}"


def parse_git(text: str) -> GitReference:
    """Take such a word apart.

    Raises:
        InvalidInputError: it asks for what nobody knows, or contradicts itself.
    """
    rest, _, fragment = text.partition("#")
    ref, _, folder = fragment.partition(":")
    has_query = _SCHEME.match(rest) and "?" in rest
    url, _, query = rest.partition("?") if has_query else (rest, "", "")
    found = _with_query(GitReference(url, ref, folder), query)
    if found.url.startswith("-") or found.ref.startswith("-"):
        raise InvalidInputError(f"invalid git reference {text!r}")
    if found.checksum and not re.fullmatch("[a-fA-F0-9]+", found.checksum):
        raise InvalidInputError(
            f"invalid checksum {found.checksum} for Git URL, expected hex commit hash"
        )
    return found


def _with_query(reference: GitReference, query: str) -> GitReference:
    said = _read_query(query)
    ref = _agreed("ref", reference.ref, said.get("ref", ""))
    if said.get("tag") and said.get("branch"):
        raise InvalidInputError("branch conflicts with tag")
    mtime = said.get("mtime", "checkout")
    if mtime not in _MTIMES:
        raise InvalidInputError(
            f'invalid mtime value: {go_quote(mtime)} (must be "checkout" or "commit")'
        )
    for name, prefix in (("tag", "refs/tags/"), ("branch", "refs/heads/")):
        if value := said.get(name):
            ref = _agreed("ref", ref, prefix + value.removeprefix(prefix))
    return replace(
        reference,
        ref=ref,
        folder=_agreed("subdir", reference.folder, said.get("subdir", "")),
        checksum=said.get("checksum", "") or said.get("commit", ""),
        keeps_git_folder=_read_flag("keep-git-dir", said),
        submodules=_read_flag("submodules", said),
        dates_by_commit=mtime == "commit",
        fetches_by_commit=bool(_read_flag("fetch-by-commit", said)),
    )


def _read_query(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, values in urllib.parse.parse_qs(query, keep_blank_values=True).items():
        if len(values) > 1:
            raise InvalidInputError(f"query {go_quote(name)} has multiple values")
        if name not in _FLAGS and not values[0]:
            raise InvalidInputError(f"query {go_quote(name)} has no value")
        if name not in (*_FLAGS, *_TEXTS):
            raise InvalidInputError(f"unexpected query {go_quote(name)}")
        found[name] = values[0]
    return found


def _agreed(what: str, before: str, value: str) -> str:
    if before and value and before != value:
        raise InvalidInputError(
            f"{what} conflicts: {go_quote(before)} vs {go_quote(value)}"
        )
    return before or value


def _read_flag(name: str, said: dict[str, str]) -> bool | None:
    value = said.get(name)
    if value is None:
        return None
    if value and value not in TRUTHS:
        raise InvalidInputError(f"invalid {name} value: {go_quote(value)}")
    return TRUTHS.get(value, True)  # the name alone means yes
