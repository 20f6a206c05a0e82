"""What ``--change`` may say, and Docker's words where it may not."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.images.instructions import apply_changes
from labkit.spec.image import ContainerDefaults


def changed(*lines: str, **before: object) -> ContainerDefaults:
    return apply_changes(ContainerDefaults(**before), lines)


def test_commands_are_lists_or_the_shells() -> None:
    assert changed('CMD ["a", "b"]').cmd == ("a", "b")
    assert changed("cmd echo hi").cmd == ("/bin/sh", "-c", "echo hi")
    assert changed("ENTRYPOINT x", shell=("ash",)).entrypoint == ("ash", "x")
    assert changed("CMD").cmd == ("/bin/sh", "-c", "")
    assert changed("CMD []", cmd=("a",)).cmd is None
    assert changed("ENTRYPOINT", entrypoint=("a",)).entrypoint is None


def test_an_entrypoint_clears_a_command_that_came_before() -> None:
    assert changed("ENTRYPOINT x", cmd=("a",)).cmd is None
    assert changed("CMD a", "ENTRYPOINT x").cmd == ("/bin/sh", "-c", "a")
    assert changed("ENTRYPOINT x", "CMD a").cmd == ("/bin/sh", "-c", "a")


def test_changes_are_one_file_with_variables() -> None:
    found = changed(
        "ENV A=1 B=$A \\", "  C=2", "# why", "LABEL l=$A$PATH", env=("PATH=/x",)
    )
    assert found.env == ("PATH=/x", "A=1", "B=", "C=2")
    assert found.labels == {"l": "1/x"}


def test_variables_and_labels_are_added_or_replaced() -> None:
    assert changed('ENV A=1 B="x y"', env=("A=0", "C=3")).env == (
        *("A=1", "C=3", "B=x y"),
    )
    assert changed("ENV old style value").env == ("old=style value",)
    assert changed("LABEL a=b", labels={"c": "d"}).labels == {"c": "d", "a": "b"}


def test_ports_and_volumes_are_sets() -> None:
    assert changed("EXPOSE 80 90/udp 1.2.3.4:8:80").exposed_ports == {
        **{"80/tcp": {}, "90/udp": {}},
    }
    assert changed('VOLUME ["/a", "/b"]').volumes == {"/a": {}, "/b": {}}
    assert changed("VOLUME /a /b", volumes={"/a": {}}).volumes == {"/a": {}, "/b": {}}


def test_a_relative_folder_continues_the_one_before() -> None:
    assert changed("WORKDIR a/../b", working_dir="/x").working_dir == "/x/b"
    assert changed("WORKDIR /a", "WORKDIR b").working_dir == "/a/b"
    assert changed("USER app\nWORKDIR /w").user == "app"


def test_a_health_check_has_flags() -> None:
    check = changed("HEALTHCHECK --interval=1m30s --retries=2 CMD true").healthcheck
    assert check is not None
    assert check.test == ("CMD-SHELL", "true")
    assert (check.interval, check.retries) == (90_000_000_000, 2)
    none = changed("HEALTHCHECK NONE").healthcheck
    assert none is not None
    assert none.test == ("NONE",)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("RUN foo", "run is not a valid change command"),
        ("", "file with no instructions"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV a", "ENV must have two arguments"),
        ("ENV a=b c", 'Syntax error - can\'t find = in "c"'),
        ("LABEL =x", "LABEL names can not be blank"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("USER", "USER requires exactly one argument"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("EXPOSE abc", "invalid containerPort: abc"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD"),
        ("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"),
        ("HEALTHCHECK FOO x", 'Unknown type "FOO" in HEALTHCHECK'),
        ("HEALTHCHECK --foo=1 CMD x", "unknown flag: --foo"),
        ("HEALTHCHECK --interval=soon CMD x", 'invalid duration "soon"'),
        ("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative"),
    ],
)
def test_refuses_in_dockers_words(line: str, text: str) -> None:
    with pytest.raises(InvalidInputError, match=text.replace("(", r"\(")):
        changed(line)
