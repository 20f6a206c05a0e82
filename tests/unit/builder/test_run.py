"""RUN: what is executed, in which environment, and what the history says of it."""

import pytest

from labkit.builder.model import BuildRequest, StepError
from labkit.builder.picture import empty_picture
from labkit.builder.run import resolve_command
from labkit.dockerfile.instructions import Run
from labkit.dockerfile.stages import read_dockerfile
from tests.unit.builder.workshop import Ran, Workshop, history


def _resolve(*lines: str) -> tuple[tuple[str, ...], str]:
    dockerfile = read_dockerfile("\n".join(("FROM scratch", *lines)))
    (run,) = dockerfile.stages[0].instructions
    assert isinstance(run, Run)
    args, script = resolve_command(run.command, empty_picture())
    return args, script.content if script else ""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("RUN echo $A",), (("/bin/sh", "-c", "echo $A"), "")),
        (('RUN ["echo", "$A"]',), (("echo", "$A"), "")),
        (("RUN <<EOF", "one", "two", "EOF"), (("/bin/sh", "-c", "one\ntwo\n"), "")),
        (
            ("RUN python <<EOF", "print()", "EOF"),
            (("/bin/sh", "-c", "python <<EOF\nprint()\nEOF"), ""),
        ),
        (
            ("RUN <<EOF", "#!/bin/x", "one", "EOF"),
            (("/bin/sh", "-c", "/dev/pipes/EOF"), "#!/bin/x\none\n"),
        ),
        (("RUN <<-EOF", "\tone", "EOF"), (("/bin/sh", "-c", "one\n"), "")),
    ],
)
def test_resolves_commands(
    lines: tuple[str, ...], expected: tuple[tuple[str, ...], str]
) -> None:
    assert _resolve(*lines) == expected


def test_takes_shell_user_folder_and_environment(shop: Workshop) -> None:
    shop.build(
        "FROM base",
        'SHELL ["/bin/other", "-x"]',
        "ENV A=1",
        "ARG B=2",
        "ARG A=3",
        "WORKDIR /w",
        "USER app",
        "RUN x",
        request=BuildRequest(arguments={"http_proxy": "p"}, network="none"),
    )
    (order,) = shop.orders
    assert order.args == ("/bin/other", "-x", "x")
    assert (order.user, order.working_dir, order.network) == ("app", "/w", "none")
    assert {"A=3", "B=2", "http_proxy=p"} <= set(order.environment)


def test_arguments_show_in_the_history_and_proxies_do_not(shop: Workshop) -> None:
    request = BuildRequest(arguments={"http_proxy": "p", "B": "given"})
    lines = ("FROM base", "ARG B", "ARG C", "RUN x")
    built = shop.build(*lines, request=request)
    assert history(built)[-1] == "RUN |2 B=given C= /bin/sh -c x # buildkit"
    assert "p" not in str(built.image.config.config.env)
    shop.build(*lines, request=BuildRequest(arguments={"B": "given"}))
    assert 4 in [step - 0 for step in shop.cached]


def test_an_argument_that_changes_makes_it_run_again(shop: Workshop) -> None:
    lines = ("FROM base", "ARG B", "RUN x")
    for value in ("1", "2"):
        shop.build(*lines, request=BuildRequest(arguments={"B": value}))
    assert len(shop.orders) == 2


def test_a_step_that_changes_nothing_is_an_empty_layer(shop: Workshop) -> None:
    built = shop.build("FROM base", "RUN nothing")
    assert len(built.image.chain_ids) == 1
    assert built.image.config.history[-1].empty_layer


def test_the_same_command_twice_runs_twice(shop: Workshop) -> None:
    shop.build("FROM base", "RUN nothing", "RUN nothing")
    assert len(shop.orders) == 2


def test_a_network_of_its_own(shop: Workshop) -> None:
    request = BuildRequest(entitlements=frozenset({"network.host"}))
    shop.build("FROM base", "RUN --network=host x", request=request)
    assert shop.orders[0].network == "host"
    shop.build("FROM base", "RUN --network=none x")
    assert shop.orders[1].network == "none"


def test_says_that_memory_ran_out(shop: Workshop) -> None:
    def hungry(ran: Ran) -> int:
        ran.out("stderr", b"Killed\n")
        return 137

    shop.commands["hungry"] = hungry
    with pytest.raises(StepError, match="non-zero code: 137"):
        shop.build("FROM base", "RUN hungry")


def test_a_script_lies_where_the_command_finds_it(shop: Workshop) -> None:
    seen = []

    def look(ran: Ran) -> int:
        (bind,) = ran.order.binds
        assert bind.source is not None
        seen.append((bind.target, (bind.source / "EOF").read_text()))
        (ran.upper / "dev").mkdir()
        (ran.upper / "dev/pipes").mkdir()
        return 0

    shop.commands["/dev/pipes/EOF"] = look
    built = shop.build("FROM base", "RUN <<EOF", "#!/bin/sh", "true", "EOF")
    assert seen == [("/dev/pipes", "#!/bin/sh\ntrue\n")]
    assert len(built.image.chain_ids) == 1  # what the mount left is no layer
