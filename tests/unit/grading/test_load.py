from pathlib import Path

import pytest
import yaml

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.grading.load import (
    find_exercise,
    find_exercises,
    load_exercise,
    load_exercises,
    read_exercise,
)
from labkit.grading.source import parse_source

GOOD = {
    "id": "c05-e1",
    "title": "A network",
    "points": 5,
    "values": {"net": {"name": "shop"}},
    "task": "Make ${net}.",
    "owns": {"networks": ["${net}"]},
    "checks": [
        {"id": "net", "title": "${net}", "points": 2, "network": {"name": "${net}"}},
        {
            "id": "web",
            "title": "web",
            "points": 3,
            "needs": ["net"],
            "container": {"name": "web"},
        },
    ],
    "hints": [{"tiers": ["a", "b", "c"]}],
    "solution": "docker network create $net",
    "also": [{"title": "other", "run": "true"}],
    "wrong": [
        {"title": str(number), "run": "true", "caught_by": "net"} for number in range(3)
    ],
    "debrief": "Done with ${net}.",
}


def _read(**changes):
    tree = {**GOOD, **changes}
    text = yaml.safe_dump(tree, sort_keys=False)
    return read_exercise(parse_source(Path("c05-e1.yaml"), text), "seed")


def _check(**changes):
    return [{**GOOD["checks"][0], **changes}, GOOD["checks"][1]]


def test_fills_the_learners_values_in():
    exercise = _read()
    net = exercise.values["net"]
    assert net.startswith("shop-")
    assert exercise.task == f"Make {net}."
    assert exercise.owns.networks == (net,)
    assert exercise.checks[0].title == net


def test_scripts_keep_their_variables_and_the_debrief_its_placeholders():
    exercise = _read()
    assert exercise.solution == "docker network create $net"
    assert exercise.debrief == "Done with ${net}."


def test_checks_are_typed():
    first, second = _read().checks
    assert first.family.word == "network"
    assert second.needs == ("net",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"titel": "x"},
            r":\d+: titel: unknown key 'titel' \(did you mean 'title'\?\)",
        ),
        ({"points": 6}, r":3: points: 6, but the checks' points add up to 5"),
        ({"task": "Make ${nte}."}, r"task: unknown value \$\{nte\} \(known: net\)"),
        ({"id": "e1"}, r":1: id: String should match"),
        ({"wrong": GOOD["wrong"][:2]}, r"wrong: expected at least 3, found 2"),
        ({"also": []}, r"also: expected at least 1, found 0"),
        ({"hints": [{"tiers": ["a"]}]}, r"hints.0.tiers"),
        (
            {"hints": [{"when": "nte.driver", "tiers": ["a"] * 3}]},
            r"no check 'nte' above",
        ),
        (
            {"values": {"net": {"nam": "x"}}},
            r":6: values.net.nam: unknown kind of value 'nam' \(did you mean 'name'",
        ),
        ({"values": {"net": {}}}, r":5: values.net: expected one of name, word,"),
        ({"values": ["net"]}, r":4: values: expected a mapping"),
        (
            {"values": {"net": {"name": 5}}},
            r"values.net.name: expected a text, found 5: put it in quotes",
        ),
        ({"values": {"n": {"number": 5}}}, r"values.n.number: expected a list"),
        ({"values": {"n": {"number": [9, 3]}}}, r"9 is more than 3: the lower one"),
        ({"values": {"n": {"choice": []}}}, r"choice: expected at least 2, found 0"),
        ({"values": {"n": {"port": 80}}}, r"n.port: expected nothing after it: `~`"),
        ({"debrief": "Done with ${nte}."}, r"debrief: unknown value \$\{nte\}"),
        (
            {"live": {"ip": {"show": "ip", "container": "${wbe}"}}},
            r"live.ip.container: unknown value \$\{wbe\}",
        ),
        (
            {"checks": _check(network={"name": "${nte}"})},
            r":1\d: checks.0.network.name: unknown value \$\{nte\}",
        ),
        ({"checks": _check(network=None)}, r"checks.0.network"),
        (
            {"checks": _check(netwrk={"name": "x"})},
            r"unknown word 'netwrk' \(did you mean 'network'\?\)",
        ),
        (
            {"checks": _check(network={"nmae": "x", "name": "y"})},
            r"checks.0.network.nmae: unknown key 'nmae' \(did you mean 'name'\?\)",
        ),
        ({"checks": _check(volume={"name": "x"})}, r"expected one word .* found 2"),
        ({"checks": _check(id="web")}, r"checks.1.id: id 'web' is there twice"),
        ({"checks": _check(needs=["web"])}, r"checks.0.needs: no check 'web' above"),
        ({"checks": ["net"]}, r"checks.0: expected keys such as id"),
        (
            {"wrong": [{**attempt, "caught_by": "nett"} for attempt in GOOD["wrong"]]},
            r"wrong.0.caught_by: no check 'nett' above \(did you mean 'net'\?\)",
        ),
    ],
)
def test_says_where_and_what_is_wrong(changes, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        _read(**changes)
    assert str(caught.value).startswith("c05-e1.yaml:")


@pytest.mark.parametrize("key", ["title", "task", "owns", "solution", "debrief"])
def test_says_what_is_missing(key):
    tree = {name: value for name, value in GOOD.items() if name != key}
    source = parse_source(Path("c05-e1.yaml"), yaml.safe_dump(tree))
    with pytest.raises(InvalidInputError, match=f"{key}: missing"):
        read_exercise(source, "seed")


def test_refuses_a_file_that_is_no_mapping_or_no_text(tmp_path):
    with pytest.raises(InvalidInputError, match="expected keys"):
        read_exercise(parse_source(Path("x.yaml"), "- a\n"), "seed")
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InvalidInputError, match=r"x.yaml:1: not UTF-8"):
        load_exercise(path, "seed")


def test_finds_chapters_and_exercises_in_their_order():
    ids = [path.stem for path in find_exercises("chapter05")]
    assert ids[:2] == ["c05-e1", "c05-e2"]
    assert len(ids) >= 6


def test_suggests_a_chapter_or_exercise_for_a_near_miss():
    with pytest.raises(
        NotFoundError, match=r"'chapter5' \(did you mean 'chapter05'\?\)"
    ):
        find_exercises("chapter5")
    with pytest.raises(NotFoundError, match=r"no exercise 'c05-e' \(did you mean"):
        find_exercise("c05-e", "seed")


def test_names_the_exercises_of_a_chapter_when_one_is_not_there():
    with pytest.raises(NotFoundError) as caught:
        find_exercise("c02-e9", "seed")
    assert caught.value.message == (
        "no exercise 'c02-e9'; chapter02 has c02-e1, c02-e2, c02-e3, c02-e4, c02-e5"
    )
    with pytest.raises(NotFoundError, match="an id is spelled as c01-e1, and `labkit"):
        find_exercise("e1", "seed")


def test_every_exercise_of_the_course_loads_with_five_points_or_more():
    for exercise in load_exercises(None, "any seed"):
        assert exercise.points >= 5
        assert "${" not in exercise.task
        assert len(exercise.wrong) >= 3
