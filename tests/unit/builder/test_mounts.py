"""``RUN --mount``: what is there for a command, and that none of it stays."""

import os
import stat
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.ports import BoundFolder
from tests.unit.builder.test_agents import agent_at, said_back
from tests.unit.builder.workshop import Command, Ran, Workshop


def _look(seen: list[BoundFolder], read: str = "") -> Command:
    def look(ran: Ran) -> int:
        for bind in ran.order.binds:
            seen.append(bind)
            if bind.source is not None and read:
                path = bind.source / read if bind.source.is_dir() else bind.source
                ran.out("stdout", path.read_bytes())
        return 0

    return look


def test_binds_the_context(shop: Workshop) -> None:
    seen: list[BoundFolder] = []
    shop.commands["look"] = _look(seen, "a")
    shop.write("d/a", "in the context")
    shop.build("FROM base", "RUN --mount=type=bind,source=d,target=/m look")
    assert (seen[0].target, seen[0].read_only) == ("/m", True)
    assert shop.output == "in the context"
    shop.build("FROM base", "RUN --mount=type=bind,source=d,target=/m look")
    assert shop.cached == [2]
    shop.write("d/a", "changed")
    shop.build("FROM base", "RUN --mount=type=bind,source=d,target=/m look")
    assert shop.cached == []


def test_binds_a_stage_and_drops_what_is_written(shop: Workshop) -> None:
    def write(ran: Ran) -> int:
        (bind,) = ran.order.binds
        assert bind.source is not None
        assert not bind.read_only
        (bind.source / "passwd").write_text("changed")
        return 0

    shop.commands["write"] = write
    line = "RUN --mount=from=base,source=/etc,target=/m,rw write"
    built = shop.build("FROM base", line)
    assert shop.files(built)["etc/passwd"].startswith("root")
    assert len(built.image.chain_ids) == 1


def test_a_cache_is_found_again(shop: Workshop) -> None:
    def count(ran: Ran) -> int:
        (bind,) = ran.order.binds
        assert bind.source is not None
        file = bind.source / "count"
        file.write_text(file.read_text() + "x" if file.exists() else "x")
        ran.out("stdout", file.read_bytes())
        return 0

    shop.commands["count"] = count
    line = "RUN --mount=type=cache,target=/c,id=mine{},sharing={} count"
    shop.build("FROM base", "ENV A=1", line.format("", "locked"))
    shop.build("FROM base", "ENV A=2", line.format("", "shared"))
    assert shop.output == "xx"
    shop.build("FROM base", "ENV A=3", line.format("2", "private"))
    assert shop.output == "x"


@pytest.mark.root
def test_a_cache_begins_as_it_is_asked_to(shop: Workshop) -> None:
    seen: list[BoundFolder] = []
    shop.commands["look"] = _look(seen)
    line = "RUN --mount=type=cache,target=c,uid=3,gid=4,mode=0700,from=base look"
    shop.build("FROM base", "WORKDIR /w", line)
    (bind,) = seen
    assert bind.source is not None
    status = bind.source.stat()
    assert (status.st_uid, status.st_gid) == (3, 4)
    assert stat.S_IMODE(status.st_mode) == 0o700
    assert bind.target == "/w/c"
    assert (bind.source / "etc/passwd").exists()


def test_memory_has_no_source(shop: Workshop) -> None:
    seen: list[BoundFolder] = []
    shop.commands["look"] = _look(seen)
    shop.build("FROM base", "RUN --mount=type=tmpfs,target=/t,size=1m look")
    assert seen == [BoundFolder("/t", None, False, 1 << 20)]


def test_a_secret_is_there_and_leaves_no_trace(shop: Workshop) -> None:
    seen: list[BoundFolder] = []
    shop.commands["look"] = _look(seen, "secret")
    line = "RUN --mount=type=secret,id=token,env=TOKEN,target=/s,mode=0440 look"
    built = shop.build("FROM base", line, secrets={"token": b"h1dden"})
    assert shop.output == "h1dden"
    assert "TOKEN=h1dden" in shop.orders[0].environment
    (bind,) = seen
    assert bind.source is not None
    assert bind.source is not None
    assert not bind.source.exists()
    assert shop.root not in bind.source.parents
    shop.cache.flush()
    for path in shop.root.rglob("*"):
        assert not path.is_file() or b"h1dden" not in path.read_bytes(), path
    assert "h1dden" not in str(built.image.config)
    shop.build("FROM base", line, secrets={"token": b"an0ther"})
    assert shop.cached == [2]


def test_a_secret_may_be_missing_unless_it_must_not(shop: Workshop) -> None:
    shop.build("FROM base", "RUN --mount=type=secret,id=no look")
    assert shop.orders[0].binds == ()
    with pytest.raises(InvalidInputError, match="secret no: not found"):
        shop.build("FROM base", "RUN --mount=type=secret,id=no,required look")


def test_an_agent_is_passed_on(shop: Workshop, tmp_path: Path) -> None:
    def ask(ran: Ran) -> int:
        (bind,) = ran.order.binds
        assert bind.source is not None
        assert stat.S_IMODE(bind.source.stat().st_mode) == 0o666
        assert said_back(bind.source, b"hello\n") == b"HELLO\n"
        return 0

    agent = tmp_path / "agent"
    line = "RUN --mount=type=ssh,mode=0666 ask"
    shop.commands["ask"] = ask
    with agent_at(agent):
        shop.build("FROM base", line, ssh={"default": agent})
    (order,) = shop.orders
    (bind,) = order.binds
    target = "/run/buildkit/ssh_agent.0"
    assert bind == BoundFolder(target, bind.source, read_only=False)
    assert not bind.source.exists()
    assert f"SSH_AUTH_SOCK={target}" in order.environment
    with pytest.raises(InvalidInputError, match="ssh forward key other"):
        shop.build("FROM base", "RUN --mount=type=ssh,id=other,required look")


@pytest.mark.parametrize(
    ("mount", "message"),
    [
        ("type=bind,source=no,target=/m", "'no': not found"),
        ("type=tmpfs,target=/", "invalid mount target"),
        ("type=bind,from=nosuch,target=/m", "No such image"),
    ],
)
def test_says_what_cannot_be_mounted(shop: Workshop, mount: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        shop.build("FROM base", f"RUN --mount={mount} look")
    assert os.listdir(shop.root / "work") == []
