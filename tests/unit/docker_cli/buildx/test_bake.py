"""``docker buildx bake``: several builds of one file."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.bake import BAKE, bake
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import parse
from labkit.docker_cli.buildx.shop import Shop
from tests.unit.docker_cli.buildx.fake_engine import FakeEngine, fake_engine
from tests.unit.docker_cli.buildx.readings import ANSWERS
from tests.unit.docker_cli.buildx.updates import vertex

STEP = vertex("d", "[1/1] RUN a", started=0, completed=1).raw
RESULT = {"result": {"ID": "sha256:1", "Names": ["x"]}}


def baked(
    folder: Path, file: dict[str, Any], *words: str, lines: Any = (STEP, RESULT)
) -> FakeEngine:
    (folder / "Dockerfile").write_text("FROM a\n")
    path = folder / "bake.json"
    path.write_text(json.dumps(file))
    answers = {**ANSWERS, "POST /labkit/build": (200, list(lines))}
    with fake_engine(folder, answers=answers) as fake:
        given = parse(BAKE, ["-f", str(path), *words])
        assert bake(Shop(fake.engine, folder), given) == 0
    return fake


def options(fake: FakeEngine) -> list[dict[str, Any]]:
    return [json.loads(one.body.partition(b"\n")[0]) for one in fake.asked if one.body]


def test_builds_each_and_writes_what_it_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = {"context": str(tmp_path), "tags": ["x"]}
    about = tmp_path / "meta"
    baked(
        tmp_path,
        {
            "group": {"default": {"targets": ["a", "b"]}},
            "target": {"a": target, "b": target},
        },
        *("--progress", "plain", "--metadata-file", str(about)),
    )
    said = capsys.readouterr().err
    assert "[a 1/1] RUN a\n" in said
    assert "[b 1/1] RUN a\n" in said
    found = json.loads(about.read_text())
    assert {name: one["containerimage.digest"] for name, one in found.items()} == {
        "a": "sha256:1",
        "b": "sha256:1",
    }


def test_a_result_is_a_context_of_another(tmp_path: Path) -> None:
    target = {"context": str(tmp_path)}
    file = {"target": {"a": target, "b": {**target, "contexts": {"base": "target:a"}}}}
    fake = baked(tmp_path, file, "b", "--set", "*.network=none", "--no-cache")
    assert [one["images"] for one in options(fake)] == [{}, {"base": "sha256:1"}]
    assert all(one["networkmode"] == "none" and one["nocache"] for one in options(fake))


def test_one_target_is_drawn_without_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = {"target": {"default": {"context": str(tmp_path)}}}
    baked(tmp_path, file, "--progress=rawjson")
    lines = capsys.readouterr().err.splitlines()
    assert STEP in [json.loads(line) for line in lines]


def test_prints_and_builds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = {"target": {"a": {"tags": ["x"]}}}
    fake = baked(tmp_path, file, "a", "--print", "--set", "a.target=t")
    assert fake.asked == []
    assert json.loads(capsys.readouterr().out) == {
        "group": {"default": {"targets": ["a"]}},
        "target": {
            "a": {
                "context": ".",
                "dockerfile": "Dockerfile",
                "tags": ["x"],
                "target": "t",
            }
        },
    }


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        ((), {"default": ["g"], "g": ["a"]}),
        (("g",), {"default": ["g"], "g": ["a"]}),
        (("default", "a"), {"default": ["a", "g"], "g": ["a"]}),
        (("a",), {"default": ["a"]}),
    ],
)
def test_prints_the_groups_that_were_asked_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    names: tuple[str, ...],
    groups: dict[str, list[str]],
) -> None:
    file = {
        "group": {"default": {"targets": ["g"]}, "g": {"targets": ["a"]}},
        "target": {"a": {}},
    }
    baked(tmp_path, file, "--print", *names)
    found = json.loads(capsys.readouterr().out)["group"]
    assert found == {name: {"targets": one} for name, one in groups.items()}


def test_says_what_went_wrong(tmp_path: Path) -> None:
    target = {"target": {"a": {"context": str(tmp_path)}}}
    failed = [{"failed": {"message": "exit code: 1"}}]
    with pytest.raises(BuildxError, match=r"^failed to solve: exit code: 1$"):
        baked(tmp_path, target, "a", lines=failed)


def test_a_file_takes_no_privilege_for_itself(tmp_path: Path) -> None:
    target = {"context": str(tmp_path), "entitlements": ["security.insecure"]}
    file = {"target": {"default": target}}
    with pytest.raises(BuildxError, match="pass '--allow=security"):
        baked(tmp_path, file)
    fake = baked(tmp_path, file, "--allow", "security.insecure")
    assert [one["allow"] for one in options(fake)] == [["security.insecure"]]


def test_reads_the_file_from_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"target": {"a": {}}}'))
    given = parse(BAKE, ["--file", "-", "--print", "a"])
    with fake_engine(tmp_path, answers={}) as fake:
        assert bake(Shop(fake.engine, tmp_path), given) == 0
    assert [*json.loads(capsys.readouterr().out)["target"]] == ["a"]


def test_there_must_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with fake_engine(tmp_path, answers={}) as fake:
        shop = Shop(fake.engine, tmp_path)
        with pytest.raises(BuildxError, match="couldn't find a bake definition: "):
            bake(shop, parse(BAKE, []))
        with pytest.raises(BuildxError, match=r"cannot read no.yaml: No such file"):
            bake(shop, parse(BAKE, ["--file", "no.yaml"]))


def test_lists_targets_and_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docker-bake.hcl").write_text(
        'target "b" { description = "about b" }\n'
        'group "default" { targets = ["b"] }\ntarget "a" {}\n'
        'variable "V" {\n default = [1]\n description = "about v"\n}\n'
        'variable "W" { default = null }\n'
    )
    with fake_engine(tmp_path, answers={}) as fake:
        shop = Shop(fake.engine, tmp_path)
        assert bake(shop, parse(BAKE, ["--list", "targets"])) == 0
        assert bake(shop, parse(BAKE, ["--list", "type=variables"])) == 0
        with pytest.raises(BuildxError, match="unknown list 'x'"):
            bake(shop, parse(BAKE, ["--list", "x"]))
    assert [row.split() for row in capsys.readouterr().out.splitlines()] == [
        ["TARGET", "DESCRIPTION"],
        *(["default", "b"], ["a"], ["b", "about", "b"]),
        ["VARIABLE", "VALUE", "DESCRIPTION"],
        *(["V", "[1]", "about", "v"], ["W", "<null>"]),
    ]


def test_compose_files_are_bake_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: ...")
    (tmp_path / "docker-bake.json").write_text('{"target": {"a": {"tags": ["x"]}}}')
    compose = tmp_path / "docker"
    answer = {"services": {"a": {"build": {"context": "c"}}}}
    compose.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n")
    compose.chmod(0o755)
    monkeypatch.setenv("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", str(compose))
    with fake_engine(tmp_path, answers={}) as fake:
        given = parse(BAKE, ["--print"])
        assert bake(Shop(fake.engine, tmp_path), given) == 0
    assert json.loads(capsys.readouterr().out)["target"]["a"] == {
        "context": "c",
        "dockerfile": "Dockerfile",
        "tags": ["x"],
    }


def test_asks_a_target_and_builds_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "FROM scratch\nCMD x\n"
    file = {
        "group": {"default": {"targets": ["a", "b"]}},
        "target": {
            "a": {"context": str(tmp_path), "dockerfile-inline": text},
            "b": {"context": str(tmp_path), "dockerfile-inline": text},
        },
    }
    fake = baked(tmp_path, file, "--set", "b.call=outline", "--progress", "plain")
    assert len(options(fake)) == 1
    assert capsys.readouterr().out.startswith("b\n\n")
    taken = {"contexts": {"other": "target:b"}}
    file["target"]["a"] |= taken  # type: ignore[operator]
    with pytest.raises(BuildxError, match="target a takes files from b, whose 'call'"):
        baked(tmp_path, file, "--set", "b.call=outline")


def test_a_call_for_all_goes_before_what_targets_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = {"context": str(tmp_path), "call": "outline"}
    baked(tmp_path, {"target": {"default": target}}, "--call=check", "--print")
    found = json.loads(capsys.readouterr().out)
    assert found["target"]["default"]["call"] == "lint"
