"""``docker commit --change`` and ``docker import --change``, at us and at a dockerd.

It takes the instructions that need no build, and not all of those: SHELL, STOPSIGNAL,
ARG and MAINTAINER are refused, as dockerd does.
"""

from typing import Any

import pytest

from tests.engines import TEST_IMAGE, Engine, OurEngine
from tests.unit.snapshots.tars import file, make_tar

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

CONTAINER, IMAGE = "labtest-changes", "labtest/changed"
CHANGES = (
    *("CMD x", 'CMD ["$X"]', "CMD []", "ENTRYPOINT x", "ENTRYPOINT []", "cmd x"),
    *("ENV a=b\nENV c=$a$PATH", "env a b", "ENV", "ENV a", "LABEL a=$PATH b=c"),
    *("EXPOSE 80 81-82/udp", "EXPOSE x", "EXPOSE 99999", "VOLUME /a", "VOLUME []"),
    *("USER x", "USER $NOBODY", "WORKDIR /a", "WORKDIR a", "HEALTHCHECK CMD true"),
    *("HEALTHCHECK NONE", "HEALTHCHECK FOO", "ONBUILD RUN x", "ONBUILD ONBUILD RUN x"),
    *("STOPSIGNAL SIGINT", 'SHELL ["/bin/x"]', "ARG a=b", "MAINTAINER me", "FROM x"),
    *("RUN x", "COPY a b", "ADD a b", "foo x", "CMD x\nRUN y", "\n", "# nothing"),
    *("# escape=`\nENV a=`\nb", "CMD <<E\nx\nE"),
)
_OF_THE_CONTAINER = ("AttachStderr", "AttachStdout", "Hostname", "Image")


@pytest.fixture(scope="module")
def pair(lab_engine: OurEngine, real_dockerd: Engine) -> Any:
    both = (lab_engine, real_dockerd)
    for engine in both:
        done = engine.docker("create", "--name", CONTAINER, TEST_IMAGE, "true")
        assert done.returncode == 0, done.stderr
    yield both
    for engine in both:
        engine.docker("rm", "-f", CONTAINER)
        engine.docker("rmi", "-f", IMAGE)


def configuration(engine: Engine) -> Any:
    found = engine.json("GET", f"/v1.41/images/{IMAGE}/json")[1]["Config"]
    kept = {
        name: value
        for name, value in found.items()
        if value and name not in _OF_THE_CONTAINER
    }
    engine.request("DELETE", f"/images/{IMAGE}")
    return kept


def committed(engine: Engine, change: str) -> Any:
    done = engine.docker("commit", "--change", change, CONTAINER, IMAGE)
    return configuration(engine) if done.returncode == 0 else done.stderr.lower()


def imported(engine: Engine, change: str) -> Any:
    data = make_tar(file("a", b"x"))
    done = engine.docker("import", "--change", change, "-", IMAGE, data=data)
    return configuration(engine) if done.returncode == 0 else done.stderr.lower()


@pytest.mark.parametrize("change", CHANGES)
def test_commit_takes_and_refuses_the_same(
    pair: tuple[Engine, Engine], change: str
) -> None:
    ours, theirs = (committed(engine, change) for engine in pair)
    assert ours == theirs


@pytest.mark.parametrize("change", [*CHANGES[:6:3], *CHANGES[24:30]])
def test_import_takes_and_refuses_the_same(
    pair: tuple[Engine, Engine], change: str
) -> None:
    ours, theirs = (imported(engine, change) for engine in pair)
    assert ours == theirs
