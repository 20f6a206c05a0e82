"""The bundled images at work, on our engine and on a real dockerd."""

import json
from collections.abc import Iterator, Sequence

import pytest

from labkit.catalogue.engine import load_images, loaded_names
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.progress import SilentReporter
from tests.engines import Engine
from tests.system.catalogue.things import READY_SECONDS, Things
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]
LOGIN = ("-u", "admin", "-p", "password")


@pytest.fixture(
    params=["lab_engine", pytest.param("real_dockerd", marks=pytest.mark.dockerd)]
)
def engine(
    request: pytest.FixtureRequest, layout: Layout, built: tuple[StoredImage, ...]
) -> Engine:
    """Return an engine that has the bundled images."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Engine)
    load_images(found.host, layout, built, SilentReporter())
    return found


@pytest.fixture
def things(engine: Engine) -> Iterator[Things]:
    made = Things(engine)
    yield made
    made.remove()


def test_all_images_are_there(engine: Engine, built: Sequence[StoredImage]) -> None:
    assert loaded_names(engine.host, built) == {
        name.familiar for image in built for name in image.names
    }


def test_hello_world_greets(engine: Engine) -> None:
    done = engine.docker("run", "--rm", "hello-world")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Hello from Docker!" in done.stdout


@pytest.mark.parametrize(("tag", "version"), [("1.25", "1.26"), ("1.24", "1.22")])
def test_nginx_serves_and_stops(things: Things, tag: str, version: str) -> None:
    name = things.start("web", f"nginx:{tag}")
    wait_until(
        lambda: "Welcome to nginx!" in things.fetch("http://web/"),
        "nginx answers",
        READY_SECONDS,
    )
    assert (
        f"nginx/{version}" in things.engine.docker("exec", name, "nginx", "-v").stderr
    )
    assert '"GET / HTTP/1.1" 200' in things.logs(name)
    things.check("stop", name)
    state = json.loads(things.check("inspect", "-f", "{{json .State}}", name))
    assert state["ExitCode"] == 0


def test_python_and_node_run(engine: Engine) -> None:
    code = "import ssl, sqlite3, ctypes, lzma, readline; print(6 * 7)"
    done = engine.docker("run", "--rm", "python:3-slim", "python", "-c", code)
    assert done.stdout == "42\n", done.stderr
    done = engine.docker("run", "--rm", "node:20-alpine", "-e", "console.log(6 * 7)")
    assert done.stdout == "42\n", done.stderr


def test_mongo_asks_for_the_login_and_express_shows_it(things: Things) -> None:
    express = things.start(
        "express",
        *("-e", "ME_CONFIG_MONGODB_SERVER=mongodb"),
        *("-e", "ME_CONFIG_MONGODB_ADMINUSERNAME=admin"),
        *("-e", "ME_CONFIG_MONGODB_ADMINPASSWORD=password"),
        "mongo-express",
    )
    mongo = things.start(
        "mongodb",
        *("-e", "MONGO_INITDB_ROOT_USERNAME=admin"),
        *("-e", "MONGO_INITDB_ROOT_PASSWORD=password"),
        "mongo:4.4",
    )
    wait_until(
        lambda: "Waiting for connections" in things.logs(mongo),
        "mongo answers",
        READY_SECONDS,
    )
    shell = ("exec", mongo, "mongosh", "--quiet", "--eval")
    insert = "db.getSiblingDB('shop').things.insertOne({a: 1}).acknowledged"
    assert things.check(*shell, insert, *LOGIN).strip() == "true"
    refused = things.engine.docker(*shell, "show dbs")
    assert refused.returncode != 0
    assert "requires authentication" in refused.stdout + refused.stderr
    wait_until(
        lambda: "shop" in things.fetch("http://express:8081/"),
        "mongo-express shows the database",
        READY_SECONDS,
    )
    things.check("restart", mongo)
    wait_until(
        lambda: things.logs(mongo).count("Waiting for connections") == 2,
        "mongo answers again",
        READY_SECONDS,
    )
    count = "db.getSiblingDB('shop').things.countDocuments()"
    assert things.check(*shell, count, *LOGIN).strip() == "1"
    assert "mongo-express" in things.check("inspect", express)
