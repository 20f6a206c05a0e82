"""COPY and ADD: gather what is meant, know it by its digest, put it in its place."""

import posixpath
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder import messages
from labkit.builder.archives import is_archive, unpack_archive
from labkit.builder.bench import Bench, Proof, Work, make_layer
from labkit.builder.chmod import fixed_mode, parse_chmod
from labkit.builder.contents import digest_entry, digest_folder
from labkit.builder.copying import Copier, CopyRules
from labkit.builder.halt import Halt
from labkit.builder.keys import digest_of
from labkit.builder.missing import missing_context, missing_file
from labkit.builder.model import Step
from labkit.builder.owners import find_owner
from labkit.builder.parents import copy_with_parents
from labkit.builder.picture import Picture
from labkit.builder.place import DEFAULT_MODE, Destination, NewFolder, Target
from labkit.builder.remote import Remote, fetch_remote, is_remote
from labkit.builder.sources import Found, Origin, find_sources
from labkit.dockerfile.ignore import compile_patterns
from labkit.dockerfile.instructions import Add, Copy, Transfer
from labkit.dockerfile.match import has_wildcards
from labkit.snapshots.folders import Folder

_UNNAMED = "__unnamed__"


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to copy. ``unpack`` says that an archive's content is meant."""

    origin: Origin
    found: Found
    digest: bytes
    unpack: bool = False


def transfer(
    bench: Bench, step: Step, picture: Picture, what: Transfer, origin: Origin | None
) -> Picture:
    """Do a COPY or an ADD; its variables are expanded.

    Raises:
        InvalidInputError: a source isn't there, or can't go where it shall.
    """
    rules = _Rules(bench, picture, what)
    if isinstance(what, Add) and what.checksum:
        _check_checksum(what)
    with ExitStack() as stack:
        picks = _gather(bench, what, origin, rules, stack)
        _check(what, picks)
        work = Work(
            step,
            words=(*rules.words, *_words_of(picks)),
            history=_history(what),
            kind="source.local",
            apart=what.link,
            proof=Proof.FILES,
        )
        return make_layer(bench, picture, work, lambda: _upper(bench, rules, picks))


def _check_checksum(what: Add) -> None:
    if len(what.sources) + len(what.files) != 1:
        raise InvalidInputError(messages.checksum_of_many())
    if what.files or not is_remote(what.sources[0]):
        raise InvalidInputError(messages.checksum_of_file())


class _Rules:
    """An instruction's flags, read: where to and how."""

    def __init__(self, bench: Bench, picture: Picture, what: Transfer) -> None:
        self._bench = bench
        self._picture = picture
        self.what = what
        self.parents = isinstance(what, Copy) and what.parents
        workdir = picture.config.working_dir or "/"
        self.target = posixpath.join("/", workdir, what.destination)
        self.into_folder = what.destination.endswith(("/", "/.")) or (
            what.destination in (".", "..")
        )
        self.mode = parse_chmod(what.chmod) if what.chmod else None
        self.skips = compile_patterns(what.excludes).excludes if what.excludes else None

    @property
    def words(self) -> tuple[str, ...]:
        """What the layer depends on, beside the files."""
        what = self.what
        flags = (what.chown, what.chmod, str(self.parents), *what.excludes)
        user = "" if not what.chown else self._picture.files
        return (what.name, self.target, str(self.into_folder), user, *flags)

    def destination(self, upper: Path) -> Destination:
        """Open what is written to; a layer apart sees nothing below it."""
        if self.what.link:
            return Destination(upper, ())
        chains = reversed(self._picture.chain_ids)
        layers = tuple(self._bench.layers.layer_path(chain) for chain in chains)
        return Destination(upper, layers)

    def owner(self) -> tuple[int, int] | None:
        if not self.what.chown:
            return None
        chains = reversed(self._picture.chain_ids)
        layers = tuple(self._bench.layers.layer_path(chain) for chain in chains)
        return find_owner(self.what.chown, Origin(layers).view)


def _gather(
    bench: Bench,
    what: Transfer,
    origin: Origin | None,
    rules: _Rules,
    stack: ExitStack,
) -> list[Pick]:
    picks: list[Pick] = []
    for source in what.sources:
        if is_remote(source):
            if not isinstance(what, Add):
                raise InvalidInputError(messages.url_in_copy(what.name))
            folder = stack.enter_context(bench.folder())
            picks.append(_fetched(what, source, folder, bench.halt))
        else:
            picks += _picked(what, source, origin, rules)
    if what.files:
        folder = stack.enter_context(bench.folder())
        for file in what.files:
            (folder / file.name).write_text(file.content)
            (folder / file.name).chmod(0o644)
            name = Found(file.name, f"/{file.name}", False)
            picks.append(_pick(Origin((folder,)), name, rules))
    return picks


def _picked(
    what: Transfer, source: str, origin: Origin | None, rules: _Rules
) -> list[Pick]:
    if origin is None:
        raise missing_context(what, source)
    if rules.parents:
        return [_pick(origin, Found(source, "/", True), rules)]
    found = find_sources(origin, source)
    if not found and not has_wildcards(source):
        raise missing_file(what, source, origin)
    wants_archives = isinstance(what, Add) and what.unpack is not False
    return [_pick(origin, one, rules, wants_archives) for one in found]


def _pick(
    origin: Origin, found: Found, rules: _Rules, wants_archives: bool = False
) -> Pick:
    parent = origin.open(posixpath.dirname(found.path))
    if found.is_folder:
        folder = origin.open(found.path)
        assert folder is not None
        with folder:
            digest = digest_folder(folder, rules.skips)
        if parent is not None:
            parent.__exit__(None, None, None)
        return Pick(origin, found, digest)
    assert parent is not None
    with parent:
        name = posixpath.basename(found.path)
        unpack = wants_archives and is_archive(parent, name)
        return Pick(origin, found, digest_entry(parent, name) or b"", unpack)


def _fetched(what: Add, source: str, folder: Path, halt: Halt) -> Pick:
    remote = Remote(source, what.checksum, what.keep_git_dir)
    fetched = fetch_remote(remote, folder, halt)
    name, origin = fetched.name, Origin((folder,))
    if not name:
        digest = bytes.fromhex(digest_of("git", fetched.tree))
        return Pick(origin, Found("", "/", True), digest)
    if name == _UNNAMED and what.destination.endswith("/"):
        raise InvalidInputError(messages.no_file_name(source))
    with _opened(origin) as tree:
        unpack = what.unpack is True and is_archive(tree, name)
        digest = digest_entry(tree, name) or b""
    return Pick(origin, Found(name, f"/{name}", False), digest, unpack)


@contextmanager
def _opened(origin: Origin) -> Iterator[Folder]:
    folder = origin.open("/")
    assert folder is not None
    with folder:
        yield folder


def _check(what: Transfer, picks: list[Pick]) -> None:
    if not picks:
        raise InvalidInputError(messages.no_sources(what.name))
    many = len(picks) > 1 or len(what.sources) + len(what.files) > 1
    if many and not what.destination.endswith(("/", "/.")) and what.destination != ".":
        raise InvalidInputError(messages.not_a_folder(what.name))


def _words_of(picks: list[Pick]) -> Iterator[str | bytes]:
    for pick in picks:
        yield pick.found.name
        yield "unpack" if pick.unpack else "folder" if pick.found.is_folder else "file"
        yield pick.digest


@contextmanager
def _upper(bench: Bench, rules: _Rules, picks: list[Pick]) -> Iterator[Path]:
    with bench.folder() as folder:
        upper = folder / "upper"
        upper.mkdir()
        destination = rules.destination(upper)
        owner = rules.owner()
        mode = fixed_mode(rules.what.chmod) if rules.what.chmod else None
        new = NewFolder(DEFAULT_MODE if mode is None else mode, owner or (0, 0))
        copier = Copier(CopyRules(owner, rules.mode, rules.skips))
        for pick in picks:
            bench.check()
            _put(copier, destination, rules, new, pick)
        yield upper


def _put(
    copier: Copier, destination: Destination, rules: _Rules, new: NewFolder, pick: Pick
) -> None:
    if rules.parents:
        source = pick.found.name
        whole = Target(rules.target, new)
        copy_with_parents(copier, pick.origin, source, destination, whole)
        return
    target = destination.view.resolve(rules.target)
    if pick.unpack:
        into = Target(target, new)
        unpack_archive(copier, pick.origin, pick.found.path, destination, into)
    elif pick.found.is_folder:
        source_folder = pick.origin.open(pick.found.path)
        assert source_folder is not None
        with source_folder, destination.open(target, new) as place:
            copier.fill(source_folder, place)
    else:
        if rules.into_folder or destination.is_folder(target):
            target = posixpath.join(target, pick.found.name)
        _put_file(copier, destination, Target(target, new), pick)


def _put_file(
    copier: Copier, destination: Destination, target: Target, pick: Pick
) -> None:
    folder, name = posixpath.split(target.path)
    source, source_name = posixpath.split(pick.found.path)
    parent = pick.origin.open(source)
    assert parent is not None
    with parent, destination.open(folder, target.new) as place:
        copier.put(parent, source_name, place, name)


def _history(what: Transfer) -> str:
    words = [what.name]
    if isinstance(what, Copy) and what.parents:
        words.append("--parents")
    if what.chown:
        words.append(f"--chown={what.chown}")
    if what.chmod:
        words.append(f"--chmod={what.chmod}")
    words += what.sources
    words += [f"<<{file.name}" for file in what.files]
    return " ".join((*words, what.destination, "# buildkit"))
