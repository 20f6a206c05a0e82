"""What instructions make of a configuration."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.configure import (
    command_words,
    configure,
    configures,
    set_variables,
)
from labkit.dockerfile.instructions import Command, From, Pair, Run, Workdir
from labkit.dockerfile.stages import read_dockerfile
from labkit.spec.image import ContainerDefaults


def configured(line: str, cmd_set: bool = False, **before: object) -> ContainerDefaults:
    stage = read_dockerfile(f"FROM scratch\n{line}").stages[0]
    config = ContainerDefaults(**before)  # type: ignore[arg-type]
    return configure(config, stage.instructions[0], cmd_set)


def test_a_variable_keeps_its_place() -> None:
    assert configured("ENV A=3", env=("A=1", "B=2")).env == ("A=3", "B=2")
    assert configured("ENV AB=3 C=4", env=("A=1",)).env == ("A=1", "AB=3", "C=4")
    assert configured("ENV A=3", env=("A=1", "A=2")).env == ("A=3", "A=3")


def test_an_entrypoint_drops_a_command_of_the_base() -> None:
    assert configured("ENTRYPOINT x", cmd=("a",)).cmd is None
    assert configured("ENTRYPOINT x", True, cmd=("a",)).cmd == ("a",)


def test_the_shell_in_force_gets_the_line() -> None:
    assert configured("CMD a b", shell=("ash",)).cmd == ("ash", "a b")
    words = command_words(Command(("a",), False), ContainerDefaults())
    assert words == ("a",)


def test_a_relative_folder_continues_the_one_before() -> None:
    assert configured("WORKDIR a/../b", working_dir="/x").working_dir == "/x/b"
    assert configured("WORKDIR b").working_dir == "/b"
    assert configured("WORKDIR //b").working_dir == "/b"


def test_refuses_what_makes_no_sense() -> None:
    with pytest.raises(InvalidInputError, match="no-signal"):
        configured("STOPSIGNAL no-signal")
    with pytest.raises(InvalidInputError, match="invalid containerPort: a"):
        configured("EXPOSE a")


def test_knows_whose_an_instruction_is() -> None:
    assert configures(Workdir)
    assert not configures(Run)
    assert not configures(From)


def test_new_names_come_last_and_known_ones_stay_where_they_are() -> None:
    pairs = (Pair("A", "1"), Pair("A", "2"))
    assert set_variables(("B=1",), pairs) == ("B=1", "A=2")
    assert set_variables(("A=0", "B=1"), pairs) == ("A=2", "B=1")
