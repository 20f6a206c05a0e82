"""``RUN --mount``: what a command finds in its place and no layer keeps.

    bind     a file or folder of the context, a stage or an image; what is written into
             one that may be written is dropped
    cache    a folder that later builds find again
    tmpfs    memory
    secret   a file or a variable that was handed in for this build
    ssh      the socket of an agent

Secrets lie in a folder in memory as long as the command runs, never on the disk that
holds layers.
"""

import os
import posixpath
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.builder import messages
from labkit.builder.agents import relayed
from labkit.builder.bench import Bench
from labkit.builder.contents import digest_entry, digest_folder
from labkit.builder.copying import Copier, CopyRules
from labkit.builder.missing import missing_mount
from labkit.builder.picture import Picture
from labkit.builder.place import Destination, NewFolder, Place
from labkit.builder.ports import BoundFolder
from labkit.builder.sources import Origin
from labkit.dockerfile.mounts import Mount, MountType, Sharing

_MEMORY = Path("/dev/shm")
_SECRETS = "/run/secrets"
_SSH = "/run/buildkit/ssh_agent.{}"
_SECRET_MODE, _CACHE_MODE, _AGENT_MODE = 0o400, 0o755, 0o600


@dataclass(frozen=True, slots=True)
class Prepared:
    """Mounts that are ready, and variables that come with them."""

    binds: tuple[BoundFolder, ...] = ()
    environment: tuple[str, ...] = ()


class MountMaker:
    """Makes the mounts of one command; the stack takes them away."""

    def __init__(
        self, bench: Bench, picture: Picture, folder: Path, stack: ExitStack
    ) -> None:
        self._bench = bench
        self._picture = picture
        self._folder = folder
        self._stack = stack
        self._binds: list[BoundFolder] = []
        self._environment: list[str] = []
        self._make = {
            MountType.BIND: self._bind,
            MountType.CACHE: self._cache,
            MountType.TMPFS: self._tmpfs,
            MountType.SECRET: self._secret,
            MountType.SSH: self._ssh,
        }

    def add(self, mount: Mount, origin: Origin | None) -> None:
        """Prepare a mount.

        Raises:
            InvalidInputError: its source isn't there, or its target makes no sense.
        """
        self._make[mount.type](mount, origin)

    def finish(self) -> Prepared:
        return Prepared(tuple(self._binds), tuple(self._environment))

    def _target(self, text: str) -> str:
        workdir = self._picture.config.working_dir or "/"
        path = posixpath.normpath(posixpath.join("/", workdir, text))
        if path == "/":
            raise InvalidInputError(f'invalid mount target "{path}"')
        return path

    def _bind(self, mount: Mount, origin: Origin | None) -> None:
        if origin is None:
            raise InvalidInputError(messages.no_context("RUN"))
        target = self._target(mount.target)
        found = origin.view.find(mount.source or "/") if origin.layers else None
        if found is None:
            raise missing_mount(mount, origin)
        read_only = mount.read_only is not False
        if len(origin.layers) == 1 and read_only:
            source = origin.layers[0] / found.path.lstrip("/")
        else:
            source = self._copied(origin, found.path, found.is_folder, read_only)
        self._binds.append(BoundFolder(target, source, read_only))

    def _copied(self, origin: Origin, path: str, is_folder: bool, shared: bool) -> Path:
        """Put a tree of several layers together, out of links where none writes."""
        root = self._folder / f"bind-{len(self._binds)}"
        root.mkdir(mode=0o755)
        copier = Copier(CopyRules(share=shared))
        with Destination(root, ()).open("/", NewFolder()) as place:
            if not is_folder:
                name = posixpath.basename(path)
                self._copy_file(copier, origin, path, place)
                return root / name
            folder = origin.open(path)
            assert folder is not None
            with folder:
                copier.fill(folder, place)
                copier.finish_folder(folder.fd, place.fd)
        return root

    def _copy_file(
        self, copier: Copier, origin: Origin, path: str, place: Place
    ) -> None:
        parent = origin.open(posixpath.dirname(path))
        assert parent is not None
        name = posixpath.basename(path)
        with parent:
            copier.put(parent, name, place, name)

    def _cache(self, mount: Mount, origin: Origin | None) -> None:
        target = self._target(mount.target)
        sharing = mount.sharing or Sharing.SHARED
        name = mount.id or posixpath.normpath(mount.target)
        held = self._bench.cache.mount(name, sharing.value)
        folder, is_new = self._stack.enter_context(held)
        if is_new:
            self._begin_cache(mount, origin, folder)
        self._binds.append(BoundFolder(target, folder, mount.read_only is True))

    def _begin_cache(self, mount: Mount, origin: Origin | None, folder: Path) -> None:
        if origin is not None and mount.from_:
            found = origin.view.find(mount.source or "/") if origin.layers else None
            source = origin.open(found.path) if found and found.is_folder else None
            if source is not None:
                with source, Destination(folder, ()).open("/", NewFolder()) as place:
                    Copier(CopyRules(share=False)).fill(source, place)
        _give(folder, mount, _CACHE_MODE)

    def _tmpfs(self, mount: Mount, _: Origin | None) -> None:
        target = self._target(mount.target)
        self._binds.append(
            BoundFolder(target, read_only=False, size_bytes=mount.size_bytes)
        )

    def _secret(self, mount: Mount, _: Origin | None) -> None:
        name = mount.id or mount.source or posixpath.basename(mount.target)
        data = self._bench.input.secrets.get(name)
        if data is None:
            if mount.required:
                raise InvalidInputError(messages.no_secret(name))
            return
        if mount.env is not None:
            text = data.decode(errors="surrogateescape")
            self._environment.append(f"{mount.env}={text}")
            if not mount.target:
                return
        path = self._memory() / f"secret-{len(self._binds)}"
        path.touch(mode=0o600)
        path.write_bytes(data)
        _give(path, mount, _SECRET_MODE)
        target = self._target(mount.target or f"{_SECRETS}/{name}")
        self._binds.append(BoundFolder(target, path))

    def _ssh(self, mount: Mount, _: Origin | None) -> None:
        name = mount.id or "default"
        agent = self._bench.input.ssh.get(name)
        if agent is None:
            if mount.required:
                raise InvalidInputError(messages.no_agent(name))
            return
        count = sum(one.startswith("SSH_AUTH_SOCK=") for one in self._environment)
        target = self._target(mount.target or _SSH.format(count))
        path = self._memory() / f"agent-{len(self._binds)}"
        self._stack.enter_context(relayed(agent, path))
        _give(path, mount, _AGENT_MODE)
        self._binds.append(BoundFolder(target, path, read_only=False))
        if not count:
            self._environment.append(f"SSH_AUTH_SOCK={target}")

    def _memory(self) -> Path:
        where = _MEMORY if os.path.ismount(_MEMORY) else None
        folder = tempfile.mkdtemp(prefix="labkit-secret-", dir=where)
        self._stack.callback(shutil.rmtree, folder, True)
        return Path(folder)


def mount_words(mount: Mount, origin: Origin | None) -> tuple[str | bytes, ...]:
    """Name what a command's result may depend on: not a cache's content, no secret."""
    words = (
        mount.type.value,
        *(mount.target, mount.id, mount.source, mount.env or ""),
        f"required {mount.required}",
        *(f"{name} {value}" for name, value in _owner(mount) if value is not None),
    )
    if mount.type is not MountType.BIND or origin is None or not origin.layers:
        return words
    found = origin.view.find(mount.source or "/")
    if found is None:
        raise missing_mount(mount, origin)
    if found.is_folder:
        folder = origin.open(found.path)
        assert folder is not None
        with folder:
            return (*words, digest_folder(folder))
    parent = origin.open(posixpath.dirname(found.path))
    assert parent is not None
    with parent:
        digest = digest_entry(parent, posixpath.basename(found.path))
        return (*words, digest or b"")


def _owner(mount: Mount) -> tuple[tuple[str, int | None], ...]:
    return ("uid", mount.uid), ("gid", mount.gid), ("mode", mount.mode)


def _give(path: Path, mount: Mount, mode: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, mount.uid or 0, mount.gid or 0)
    path.chmod(mode if mount.mode is None else mount.mode)
