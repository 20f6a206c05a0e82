"""Everything that a set of recipes asks for, fetched side by side."""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.base.machine import host_architecture
from labkit.catalogue.cache import place_for
from labkit.catalogue.lock import Lock, LockedDeb
from labkit.catalogue.model import DebPackage, LayerRecipe
from labkit.catalogue.progress import Reporter
from labkit.catalogue.sources.apt import AptArchive, Offer
from labkit.catalogue.sources.npm import NODE_WHEEL, NpmProjects
from labkit.catalogue.sources.wheels import fetch_wheels

_WHEELS, _NPM = "PyPI", "npm"


@dataclass(frozen=True, slots=True)
class Supply:
    """A package in the cache, and the version that it has."""

    version: str
    path: Path


@dataclass(frozen=True, slots=True)
class Supplies:
    """Packages by what recipes call them."""

    debs: dict[DebPackage, Supply] = field(default_factory=dict)
    wheels: dict[str, Supply] = field(default_factory=dict)
    npm: dict[str, Supply] = field(default_factory=dict)

    def versions(self, layer: LayerRecipe) -> dict[str, str]:
        """Return the versions of all packages that go into a layer."""
        return {
            **{deb.name: self.debs[deb].version for deb in layer.debs},
            **{name: self.wheels[name].version for name in layer.wheels},
            **{name: self.npm[name].version for name in layer.npm},
        }


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Packages on their way: one job for each place that they come from."""

    supplies: Supplies = field(default_factory=Supplies)
    jobs: dict[str, Future[None]] = field(default_factory=dict)

    def wait_for(self, layer: LayerRecipe) -> None:
        """Wait until all that a layer needs is here; fail as its download failed."""
        places = {deb.suite for deb in layer.debs}
        places |= {_WHEELS} if layer.wheels else set()
        places |= {_NPM} if layer.npm else set()
        for place in sorted(places):
            self.jobs[place].result()


@dataclass(frozen=True, slots=True)
class Shopping:
    """Where to fetch to, what to hold it against, and whom to tell."""

    cache: Path
    lock: Lock
    architecture: str
    reporter: Reporter

    @contextmanager
    def begin(self, layers: Iterable[LayerRecipe]) -> Iterator[Deliveries]:
        """Fetch the packages of layers while the caller works with those that are here.

        What the cache has is not fetched again.
        """
        wanted = tuple(layers)
        debs = {deb for layer in wanted for deb in layer.debs}
        wheels = sorted({name for layer in wanted for name in layer.wheels})
        projects = sorted({name for layer in wanted for name in layer.npm})
        coming = Deliveries()
        pool = ThreadPoolExecutor(max_workers=4)
        try:
            for suite in sorted({deb.suite for deb in debs}):
                names = sorted(deb.name for deb in debs if deb.suite == suite)
                job = pool.submit(self._fetch_debs, coming.supplies, suite, names)
                coming.jobs[suite] = job
            job = pool.submit(self._fetch_wheels, coming.supplies, wheels)
            coming.jobs[_WHEELS] = job
            job = pool.submit(self._fetch_npm, coming.supplies, projects)
            coming.jobs[_NPM] = job
            yield coming
            for job in coming.jobs.values():
                job.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _fetch_debs(self, supplies: Supplies, suite: str, names: list[str]) -> None:
        with self.reporter.task(f"{len(names)} packages of Debian {suite}"):
            folder = place_for(self.cache, self.architecture) / "apt"
            archive = AptArchive(folder, suite, self.architecture)
            found = archive.fetch(names)
        for name, (offer, path) in found.items():
            supplies.debs[DebPackage(name, suite)] = Supply(offer.version, path)
            locked = self.lock.deb(name, suite, self.architecture)
            if locked is not None:
                self._compare(suite, offer, locked)

    def _compare(self, suite: str, offer: Offer, locked: LockedDeb) -> None:
        """Refuse other bytes of the same version; tell of another version."""
        if offer.version != locked.version:
            self.reporter.note(
                f"Debian {suite} has {offer.name} {offer.version} now, "
                f"the recipe was tried with {locked.version}"
            )
        elif offer.sha256 != locked.sha256:
            raise InternalError(
                f"package {offer.file!r} has another content than when the recipe "
                "was tried, under the same version"
            )

    def _fetch_wheels(self, supplies: Supplies, names: list[str]) -> None:
        if not names:
            return
        wheels = [self.lock.wheel(name, self.architecture) for name in names]
        with self.reporter.task(f"{len(wheels)} Python wheels"):
            paths = fetch_wheels(self.cache / "wheels", wheels, self.architecture)
        for wheel in wheels:
            supplies.wheels[wheel.project] = Supply(wheel.version, paths[wheel.project])

    def _fetch_npm(self, supplies: Supplies, names: list[str]) -> None:
        here = host_architecture()  # npm and what it brings along run on this machine
        node = self.lock.wheel(NODE_WHEEL, here)
        projects = NpmProjects(self.cache / "npm", node, here)
        for name in names:
            with self.reporter.task(f"npm packages of {name}"):
                folder = projects.fetch(name)
            package = folder / "node_modules" / name / "package.json"
            version = json.loads(package.read_text("utf-8"))["version"]
            supplies.npm[name] = Supply(version, folder)
