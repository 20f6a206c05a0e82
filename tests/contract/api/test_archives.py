"""What one engine saves the other loads, under the same ids; and what they drop."""

import gzip
import io
import tarfile
import uuid
from collections.abc import Callable, Iterator

import pytest
import zstandard

from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

MINE = "labarchive"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.fixture
def pair(both: tuple[Engine, Engine]) -> Iterator[tuple[Engine, Engine]]:
    yield both
    for engine in both:
        drop(engine)


def drop(engine: Engine) -> None:
    found = engine.docker("images", "-q", "--filter", f"label={MINE}").stdout.split()
    if found:
        engine.docker("rmi", "-f", *set(found))


def make(engine: Engine, name: str) -> str:
    """Import an image with content that no other has; return its id."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        content = uuid.uuid4().hex.encode()
        member = tarfile.TarInfo("content")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    change = ("-c", f"LABEL {MINE}={name}", "-c", 'CMD ["x"]')
    done = engine.docker("import", *change, "-", name, data=tar.getvalue())
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def save(engine: Engine, *names: str) -> bytes:
    status, _, body = engine.request(
        "GET", "/images/get?" + "&".join(f"names={name}" for name in names)
    )
    assert status == 200
    return body


def find(engine: Engine, name: str) -> tuple[str, object, object]:
    status, image = engine.json("GET", f"/images/{name}/json")
    assert status == 200, image
    return image["Id"], image["Config"]["Cmd"], image["RootFS"]


@pytest.mark.parametrize("packer", PACKERS)
def test_ids_are_equal_on_both_sides(pair: tuple[Engine, Engine], packer: str) -> None:
    for by, to in (pair[::-1], pair):
        if packer == "zstd" and to is pair[1]:
            return  # only newer ones read that
        one, two = f"{MINE}/{by.name}:1", f"{MINE}/{by.name}:2"
        nameless = make(by, f"{MINE}/{by.name}:3")
        made = {name: make(by, name) for name in (one, two)}
        by.request("POST", f"/images/{one}/tag?repo={MINE}/{by.name}&tag=also")
        archive = save(by, one, two, f"{MINE}/{by.name}:also", nameless)
        told = to.docker("load", data=PACKERS[packer](archive))
        assert told.stdout.count("Loaded image: ") == 3
        assert f"Loaded image ID: {nameless}" in told.stdout
        for name, image in made.items():
            assert find(to, name) == find(by, name)
            assert find(to, name)[0] == image
        assert find(to, nameless) == find(by, nameless)
        assert find(to, f"{MINE}/{by.name}:also")[0] == made[one]
        for engine in pair:
            drop(engine)


def test_an_oci_layout_is_loaded_alike(pair: tuple[Engine, Engine]) -> None:
    """Without Docker's manifest.json, as other tools write it: newer ones read that."""
    ours, theirs = pair
    name = f"{MINE}/oci:1"
    image = make(ours, name)
    plain = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(save(ours, name))) as whole,
        tarfile.open(fileobj=plain, mode="w") as layout,
    ):
        for member in whole:
            if member.name != "manifest.json":
                layout.addfile(member, whole.extractfile(member))
    drop(ours)
    assert name in ours.docker("load", data=plain.getvalue()).stdout
    assert find(ours, name)[0] == image
    theirs.docker("load", data=save(ours, name))
    assert find(theirs, name)[0] == image


def test_filters_of_prune_are_alike(pair: tuple[Engine, Engine]) -> None:
    """The last one goes to the build cache, too, which has no labels."""
    told = []
    for engine in pair:
        for tag in ("1", "2"):
            make(engine, f"{MINE}/prune:{tag}")
            engine.request("DELETE", f"/images/{MINE}/prune:{tag}?noprune=1")
        kept = make(engine, f"{MINE}/prune:3")
        asked: list[object] = []
        for command, *filters in (
            ("image", f"label={MINE}=none"),
            ("image", f"label={MINE}", "until=1h"),
            ("image", f"label={MINE}={MINE}/prune:1"),
            ("system", f"label={MINE}=none"),
            ("image", "until=yesterday"),
        ):
            options = [f"--filter={text}" for text in filters]
            done = engine.docker(command, "prune", "-f", *options)
            asked.append((done.returncode, done.stdout.count("deleted: "), done.stderr))
        assert find(engine, kept)
        told.append(asked)
    assert told[0] == told[1]


def test_saving_what_is_not_there_is_refused_alike(
    pair: tuple[Engine, Engine],
) -> None:
    path = f"/images/get?names={MINE}/nosuch"
    ours, theirs = (engine.json("GET", path) for engine in pair)
    assert ours == theirs
