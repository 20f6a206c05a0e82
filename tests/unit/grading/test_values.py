import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.errors import InvalidInputError
from labkit.grading.values import (
    FIRST_PORT,
    PORTS_PER_EXERCISE,
    fill,
    fill_tree,
    learner_seed,
    make_seed,
    make_values,
)

RECIPES = {
    "net": {"name": "shop"},
    "word": {"word": None},
    "port": {"port": None},
    "number": {"number": [3, 5]},
    "choice": {"choice": ["red", "blue"]},
    "password": {"password": None},
}


@given(st.text(max_size=20))
def test_each_kind_stays_within_its_bounds(seed):
    values = make_values(RECIPES, seed, "c05-e4")
    assert values["net"].startswith("shop-")
    assert values["word"].isalpha()
    assert FIRST_PORT < int(values["port"]) < 32768
    assert values["number"] in {"3", "4", "5"}
    assert values["choice"] in {"red", "blue"}
    assert len(values["password"]) == 8
    assert values["password"].isalnum()


def test_one_seed_gives_one_set_of_values():
    assert make_values(RECIPES, "s", "c05-e1") == make_values(RECIPES, "s", "c05-e1")


def test_two_learners_get_different_values():
    sets = {str(make_values(RECIPES, str(seed), "c05-e1")) for seed in range(50)}
    assert len(sets) == 50


def test_values_of_one_exercise_differ_from_one_another():
    recipes = {f"p{number}": {"port": None} for number in range(20)}
    assert len(set(make_values(recipes, "s", "c05-e1").values())) == 20


def test_ports_of_two_exercises_never_meet():
    def block(exercise):
        port = make_values({"p": {"port": None}}, "s", exercise)["p"]
        return (int(port) - FIRST_PORT) // PORTS_PER_EXERCISE

    ids = [
        f"c{chapter:02}-e{number}"
        for chapter in range(1, 13)
        for number in range(1, 10)
    ]
    assert len({block(exercise) for exercise in ids}) == len(ids)


def test_fills_values_in_and_leaves_shell_alone():
    assert fill("${net} $net ${NET} $${net}", {"net": "a"}) == "a $net ${NET} $a"


def test_names_a_value_that_is_unknown_and_those_known():
    with pytest.raises(InvalidInputError, match=r"\$\{nte\} \(known: net\)"):
        fill("${nte}", {"net": "a"})


def test_fills_a_whole_tree_keys_included():
    tree = {"${a}": ["${a}", 1, None, {"k": "x${a}"}]}
    assert fill_tree(tree, {"a": "v"}) == {"v": ["v", 1, None, {"k": "xv"}]}


def test_the_seed_is_made_once_and_kept(tmp_path):
    home = tmp_path / "home"
    assert learner_seed(home) == learner_seed(home)
    assert learner_seed(tmp_path / "other") != learner_seed(home)


@pytest.mark.parametrize("damaged", [b"", b"\n", b"\xff\xfe\x00", b"a b", b"x" * 101])
def test_a_damaged_seed_is_no_seed(tmp_path, damaged):
    (tmp_path / "seed").write_bytes(damaged)
    with pytest.raises(InvalidInputError, match="holds no seed: put it back"):
        learner_seed(tmp_path)
    (tmp_path / "seed").write_text("ada\n")
    assert learner_seed(tmp_path) == "ada"


def test_a_seed_is_made_where_there_are_no_hard_links(tmp_path):
    def refuse(source, target):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), source, target)

    make_seed(tmp_path / "home" / "seed", refuse)
    assert learner_seed(tmp_path / "home")
    assert [item.name for item in (tmp_path / "home").iterdir()] == ["seed"]


def test_of_two_seeds_that_are_made_at_once_the_first_stays(tmp_path):
    first = learner_seed(tmp_path)
    make_seed(tmp_path / "seed")
    assert learner_seed(tmp_path) == first
    assert [item.name for item in tmp_path.iterdir()] == ["seed"]
