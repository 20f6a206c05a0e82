"""The servers of the catalogue at work: each is asked by a second container."""

import json
from collections.abc import Iterator

import pytest

from labkit.base.home import content_folder
from labkit.catalogue.engine import load_images
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.progress import SilentReporter
from tests.engines import OurEngine
from tests.system.catalogue.things import READY_SECONDS, Things
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]


@pytest.fixture
def things(
    lab_engine: OurEngine, layout: Layout, built: tuple[StoredImage, ...]
) -> Iterator[Things]:
    load_images(lab_engine.host, layout, built, SilentReporter())
    made = Things(lab_engine)
    yield made
    made.remove()


def test_redis_keeps_what_another_container_sets(things: Things) -> None:
    server = things.start("redis", "redis:7")
    things.wait_for_log(server, "Ready to accept connections")
    client = ("redis", "redis-cli", "-h", "redis")
    assert things.run(*client, "SET", "colour", "green").strip() == "OK"
    assert things.run(*client, "GET", "colour").strip() == "green"
    things.check("exec", server, "redis-cli", "SAVE")
    things.check("restart", server)
    things.wait_for_log(server, "Ready to accept connections", 2)
    assert things.run(*client, "GET", "colour").strip() == "green"
    owner = things.check("exec", server, "stat", "-c", "%U", "/proc/1").strip()
    assert owner == "redis"  # and it is the first process: docker stop reaches it


def test_postgres_lets_its_user_in(things: Things) -> None:
    server = things.start(
        "db",
        *("-e", "POSTGRES_USER=lab", "-e", "POSTGRES_PASSWORD=s'cret"),
        *("-e", "POSTGRES_DB=shop", "postgres:16-alpine"),
    )
    things.wait_for_log(server, "init process complete")
    things.wait_for_log(server, "ready to accept connections", 2)
    ask = (
        "-e",
        "PGPASSWORD=s'cret",
        "postgres",
        "psql",
        "-h",
        "db",
        "-U",
        "lab",
        "-tA",
    )
    assert things.run(*ask, "-c", "SELECT 6*7", "shop").strip() == "42"
    refused = things.engine.docker(
        *("run", "--rm", "--network", things.network, "-e", "PGPASSWORD=wrong"),
        *("postgres", "psql", "-h", "db", "-U", "lab", "shop"),
    )
    assert 'password authentication failed for user "lab"' in refused.stderr
    things.check("exec", server, "psql", "-U", "lab", "shop", "-c", "CREATE TABLE t()")
    things.check("restart", server)
    tables = ("exec", server, "psql", "-U", "lab", "-tAc", "\\dt", "shop")
    wait_until(
        lambda: "public|t|" in things.engine.docker(*tables).stdout,
        "the table is there again",
        READY_SECONDS,
    )


def test_databases_ask_for_a_password_first(things: Things) -> None:
    for image, sentence in {
        "postgres": "You must specify POSTGRES_PASSWORD",
        "mysql": "MYSQL_ROOT_PASSWORD",
    }.items():
        done = things.engine.docker("run", "--rm", image)
        assert done.returncode == 1
        assert sentence in done.stderr


def test_mysql_lets_its_user_in(things: Things) -> None:
    server = things.start(
        "db",
        *("-e", "MYSQL_ROOT_PASSWORD=it's secret", "-e", "MYSQL_DATABASE=shop"),
        *("-e", "MYSQL_USER=lab", "-e", "MYSQL_PASSWORD=lab", "mysql:8"),
    )
    things.wait_for_log(server, "ready for connections")
    client = ("mysql", "mysql", "-h", "db", "-N")
    lab = (*client, "-u", "lab", "-plab", "shop", "-e")
    things.run(*lab, "CREATE TABLE t(n INT); INSERT INTO t VALUES (42)")
    root = (*client, "-u", "root", "-pit's secret", "shop", "-e")
    assert things.run(*root, "SELECT n FROM t").strip() == "42"
    refused = things.engine.docker(
        "run", "--rm", "--network", things.network, *client, "-u", "lab", "-pno"
    )
    assert "Access denied for user 'lab'" in refused.stderr


def test_registry_takes_a_blob_and_gives_it_back(things: Things) -> None:
    server = things.start("registry", "registry:2")
    wait_until(
        lambda: things.fetch("http://registry:5000/v2/") == "{}",
        "the registry answers",
        READY_SECONDS,
    )
    assert json.loads(things.fetch("http://registry:5000/v2/_catalog")) == {
        "repositories": []
    }
    push = """
const base = 'http://registry:5000/v2/lab/thing';
const { createHash } = require('node:crypto');
const data = 'a layer';
const digest = 'sha256:' + createHash('sha256').update(data).digest('hex');
(async () => {
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const where = new URL(begun.headers.get('location'), base);
  where.searchParams.set('digest', digest);
  const done = await fetch(where, { method: 'PUT', body: data });
  const read = await fetch(`${base}/blobs/${digest}`);
  console.log(done.status, await read.text());
})();
"""
    assert things.run("node:20-alpine", "-e", push).strip() == "201 a layer"
    assert "response completed" in things.logs(server)


def test_java_serves_todos_from_mongo(things: Things) -> None:
    """The way of chapter 6: compile in the JDK's image, run the JAR, ask it."""
    mongo = things.start(
        "mongodb",
        *("-e", "MONGO_INITDB_ROOT_USERNAME=admin"),
        *("-e", "MONGO_INITDB_ROOT_PASSWORD=pass=word", "mongo:4.4"),
    )
    source = content_folder("labs") / "chapter06" / "todo-api"
    jar = things.start(
        "todo-api",
        *("-v", f"{source}:/source:ro", "-w", "/work"),
        *("-e", "SPRING_DATA_MONGODB_HOST=mongodb"),
        *("-e", "SPRING_DATA_MONGODB_USERNAME=admin"),
        *("-e", "SPRING_DATA_MONGODB_PASSWORD=pass=word"),
        "openjdk:18-jdk-alpine",
        *(
            "sh",
            "-c",
            "cp -r /source/. . && sh build.sh && exec java -jar target/*.jar",
        ),
    )
    things.wait_for_log(jar, "Started TodoApi on port 8080")
    things.wait_for_log(mongo, "Waiting for connections")
    page = "http://todo-api:8080/api/todos"
    made = json.loads(
        things.fetch(page, "--post-data", '{"title": "say \\"h\\u00e9\\""}')
    )
    assert made["title"] == 'say "hé"'
    things.check("restart", mongo)
    things.wait_for_log(mongo, "Waiting for connections", 2)
    assert json.loads(things.fetch(page)) == [made]
    assert json.loads(things.fetch("http://todo-api:8080/actuator/health")) == {
        "status": "UP"
    }


def test_javac_and_jar_are_there(things: Things) -> None:
    script = """
cat > A.java <<'END'
public class A { public static void main(String[] a) { System.out.println(6*7); } }
END
javac --release 17 A.java && jar cfe a.jar A A.class && java -jar a.jar && jar tf a.jar
javac B.java || echo refused
"""
    printed = things.run("-w", "/tmp", "openjdk:17-jdk", "sh", "-c", script)
    assert printed.split() == ["42", "META-INF/MANIFEST.MF", "A.class", "refused"]


def test_debian_is_a_server_to_install_docker_on(things: Things) -> None:
    """The way of chapter 3: install, hold, join the group, enable."""
    script = """
set -e
old=$(apt-cache madison docker-ce | tail -1 | cut -d'|' -f2 | tr -d ' ')
apt-get install docker-ce=$old docker-ce-cli=$old containerd.io
apt-mark hold docker-ce
apt-get update
apt-get upgrade
usermod -aG docker $USER
systemctl enable docker
"""
    server = things.start("server", "debian", "sleep", "1000")
    printed = things.check("exec", server, "bash", "-c", script)
    assert "kept back:\n  docker-ce\n" in printed
    asked = {
        ("apt-mark", "showhold"): "docker-ce",
        ("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "docker-ce"): "hi ",
        ("id", "-Gn", "learner"): "learner docker",
        ("systemctl", "is-enabled", "docker"): "enabled",
        ("readlink", "/etc/systemd/system/multi-user.target.wants/docker.service"): (
            "/usr/lib/systemd/system/docker.service"
        ),
        ("dpkg", "--audit"): "",
    }
    for command, answer in asked.items():
        assert things.check("exec", server, *command).rstrip("\n") == answer
    started = things.engine.docker("exec", server, "systemctl", "start", "docker")
    assert "has not been booted with systemd" in started.stderr


def test_alpine_adds_a_user(things: Things) -> None:
    script = "adduser -D app && addgroup -S web && adduser app web && su app -c id"
    printed = things.run("alpine", "sh", "-c", script)
    assert printed == "uid=1000(app) gid=1000(app) groups=100(web),1000(app)\n"


def test_pip_and_npm_work_without_a_network(things: Things) -> None:
    pip = things.run("python:3-slim", "python", "-m", "pip", "--version")
    assert pip.startswith("pip ")
    script = (
        "mkdir a && cd a && npm init -y >/dev/null && cd .. && mkdir b && cd b && "
        "npm init -y >/dev/null && npm install --offline ../a && ls -l node_modules"
    )
    printed = things.run("-w", "/tmp", "node:20-alpine", "sh", "-c", script)
    assert "a -> ../../a" in printed
