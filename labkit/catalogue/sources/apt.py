"""Debian packages, by apt itself: signed, and without being root.

apt keeps its state where its configuration says. Ours says: in our cache folder, with
an empty list of installed packages, one suite, and Debian's own key. So apt checks the
signature on the index and the hash of each package exactly as it does for the system,
but neither reads nor changes anything of the system, and needs no root.

Where the archive is, the machine knows: ``LABKIT_DEBIAN_MIRROR`` if set, else the
mirror that apt uses already, else (on Ubuntu) the one that python-apt's template names.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from labkit.base.errors import InternalError, LabError, UnsupportedError
from labkit.catalogue.deb import read_deb
from labkit.catalogue.sources.checksum import has_sha256
from labkit.catalogue.sources.commands import run_client

MIRROR_VARIABLE = "LABKIT_DEBIAN_MIRROR"
_KEYRING_PACKAGE = "debian-archive-keyring"
_KEYRING = Path(f"/usr/share/keyrings/{_KEYRING_PACKAGE}.gpg")
_TEMPLATE = Path("/usr/share/python-apt/templates/Debian.info")
_OFFER = re.compile(r"'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha>\w+)")
_REMEDY = (
    "install apt (Debian, Ubuntu), or ask for a file made by 'labkit images export' "
    "on another machine and load it with 'labkit images import'"
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the archive gives for a name: the version and the hash it signs for."""

    name: str
    version: str
    file: str
    size: int
    sha256: str


class AptArchive:
    """One suite of Debian's archive, with its state in a folder of ours."""

    def __init__(self, folder: Path, suite: str, architecture: str) -> None:
        self._folder = folder / suite
        self._suite = suite
        self._architecture = architecture
        self._packages = self._folder / "packages"
        self._environment = {
            **os.environ,
            "APT_CONFIG": str(self._folder / "apt.conf"),
            "LC_ALL": "C.UTF-8",
        }

    def fetch(self, names: Sequence[str]) -> dict[str, tuple[Offer, Path]]:
        """Bring packages into the cache, those in it already excepted."""
        self._prepare()
        offers = self._ask(names)
        absent = [
            offer
            for offer in offers.values()
            if not has_sha256(self._packages / offer.file, offer.sha256)
        ]
        if absent:
            exact = [f"{offer.name}={offer.version}" for offer in absent]
            self._run(self._packages, "apt-get", "download", "--quiet=2", *exact)
        for offer in absent:
            if not has_sha256(self._packages / offer.file, offer.sha256):
                raise InternalError(
                    f"package {offer.file!r} is not what Debian's index signs for"
                )
        return {
            name: (offer, self._packages / offer.file) for name, offer in offers.items()
        }

    def _ask(self, names: Sequence[str]) -> dict[str, Offer]:
        # In a folder of its own: apt says nothing about a file that is there already.
        command = ["apt-get", "download", "--print-uris", *sorted(names)]
        printed = self._run(self._folder / "archives", *command)
        offers = {offer.name: offer for offer in map(_offer, _OFFER.finditer(printed))}
        if lost := sorted(set(names) - set(offers)):
            raise UnsupportedError(f"Debian {self._suite} has no package {lost[0]!r}")
        return offers

    def _prepare(self) -> None:
        """Write the configuration and fetch the index; an old one is better than none.

        Without network the index of the last time still tells which of the packages in
        the cache are the right ones.
        """
        for name in ("lists/partial", "archives/partial", "etc/apt.conf.d",
                     "etc/preferences.d", "packages"):  # fmt: skip
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        (self._folder / "apt.conf").write_text(self._configuration())
        (self._folder / "sources.list").write_text(self._source())
        try:
            command = ["apt-get", "update", "--quiet=2", "--error-on=any"]
            self._run(self._folder, *command)
        except LabError:
            if not any((self._folder / "lists").glob("*_Packages*")):
                raise

    def _configuration(self) -> str:
        options = {
            "Dir::State": self._folder,
            "Dir::State::status": self._folder / "status",
            "Dir::State::lists": self._folder / "lists",
            "Dir::Cache": self._folder,
            "Dir::Etc": self._folder / "etc",
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "APT::Architecture": self._architecture,
            "APT::Architectures": self._architecture,
            "APT::Sandbox::User": "",  # no other user to drop to when we are no root
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Acquire::http::Timeout": "30",
            "Acquire::https::Timeout": "30",
        }
        return "".join(f'{key} "{value}";\n' for key, value in options.items())

    def _source(self) -> str:
        mirrors = find_mirrors()
        signed = f"deb [signed-by={self._keyring()}]"
        lines = [f"{signed} {mirrors.main} {self._suite} main\n"]
        if mirrors.security:
            lines.append(f"{signed} {mirrors.security} {self._suite}-security main\n")
        return "".join(lines)

    def _keyring(self) -> Path:
        """Find Debian's key; Ubuntu has it in a package that its own key signs."""
        if _KEYRING.exists():
            return _KEYRING
        own = self._folder / f"{_KEYRING_PACKAGE}.gpg"
        if not own.exists():
            run_client(
                ["apt-get", "download", "--quiet=2", _KEYRING_PACKAGE],
                "fetch Debian's signing key",
                os.environ,
                self._packages,
            )
            (package,) = self._packages.glob(f"{_KEYRING_PACKAGE}_*.deb")
            tree = read_deb(package, _KEYRING_PACKAGE)
            own.write_bytes(tree[str(_KEYRING).lstrip("/")].data)
        return own

    def _run(self, folder: Path, *command: str) -> str:
        what = f"fetch packages of Debian {self._suite}"
        try:
            return run_client(command, what, self._environment, folder)
        except UnsupportedError as error:
            raise UnsupportedError(f"{error.message}: {_REMEDY}") from error


@dataclass(frozen=True, slots=True)
class Mirrors:
    """Where Debian's archive is, and where its security updates are, if known."""

    main: str
    security: str | None = None


def find_mirrors() -> Mirrors:
    """Find a Debian archive that this machine knows.

    Raises:
        UnsupportedError: it knows none; the message says what to set.
    """
    if named := os.environ.get(MIRROR_VARIABLE):
        return Mirrors(named)
    known = [*_configured(), *_from_template()]
    # A mirror may have any host, but Debian's archives are always below these two.
    main = [uri for uri in known if _ends_with(uri, "/debian")]
    security = [uri for uri in known if _ends_with(uri, "/debian-security")]
    if not main:
        raise UnsupportedError(
            f"this machine knows no Debian archive: set {MIRROR_VARIABLE} to the "
            f"address of one, or {_REMEDY}"
        )
    return Mirrors(main[0], security[0] if security else None)


def _configured() -> list[str]:
    question = ["--format=$(REPO_URI)", "Created-By: Packages"]
    command = ["apt-get", "indextargets", *question]
    try:
        return run_client(command, "ask apt for its mirrors", os.environ).split()
    except UnsupportedError as error:
        raise UnsupportedError(f"{error.message}: {_REMEDY}") from error


def _from_template() -> list[str]:
    if not _TEMPLATE.exists():
        return []
    lines = _TEMPLATE.read_text(errors="replace").splitlines()
    return [line.partition(":")[2].strip() for line in lines if "BaseURI:" in line]


def _ends_with(uri: str, path: str) -> bool:
    return urlsplit(uri).path.rstrip("/").endswith(path)


def _offer(match: re.Match[str]) -> Offer:
    """Read a line of ``--print-uris``; the file name holds the version."""
    name, version, _ = match["file"].split("_", 2)
    return Offer(
        name, unquote(version), match["file"], int(match["size"]), match["sha"]
    )
