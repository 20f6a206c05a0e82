"""``POST /labkit/build`` through HTTP."""

import base64
import json
from pathlib import Path
from typing import Any

from labkit.builder.model import Step, StepError, StepStarted
from tests.contract.fakes.builder import IMAGE
from tests.unit.api.lab import Lab, open_api
from tests.unit.api.parse.test_build_parts import part_bytes

STEP = StepStarted(Step(0, 1, 1, "FROM x", (1, 1), place=1, places=1))
OPTIONS: dict[str, object] = {"part": "options", "t": ["app"]}


async def _build(lab: Lab, *parts: bytes) -> tuple[int, list[dict[str, Any]]]:
    status, body = await lab.ask_bytes("POST", "/labkit/build", b"".join(parts))
    return status, [json.loads(line) for line in body.splitlines()]


async def test_takes_all_that_comes(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.events = [STEP]
        options = {
            **OPTIONS,
            "buildargs": {"A": "1"},
            "nocache": True,
            "nocachestages": ["One"],
            "dockerfile": "D",
            "ssh": {"default": "/agent"},
            "images": {"base": "busybox"},
        }
        status, lines = await _build(
            lab,
            part_bytes(options),
            part_bytes({"part": "secret", "name": "s"}, b"h1dden"),
            part_bytes({"part": "context", "name": ""}, b"a t", b"ar"),
            part_bytes({"part": "context", "name": "more"}, b"x"),
        )
        assert status == 200
        assert "InvalidDefaultArgInFrom: " in _first_warning(lines)  # of FROM D
        assert lines[1]["vertexes"][0]["name"] == "[1/1] FROM x"
        assert lines[-1]["result"]["ID"] == IMAGE.id.text
        (job,) = lab.world.builder.jobs
        assert (job.request.no_cache, job.request.arguments) == (True, {"A": "1"})
        assert job.request.no_cache_stages == {"one"}
        assert job.source.secrets == {"s": b"h1dden"}
        assert job.source.ssh == {"default": Path("/agent")}
        assert job.source.images == {"base": "busybox"}
        assert set(job.source.contexts) == {"more"}
        assert job.source.context is not None
        assert job.source.dockerfile == "FROM D"


def _first_warning(lines: list[dict[str, Any]]) -> str:
    return base64.b64decode(lines[0]["warnings"][0]["short"]).decode()


async def test_a_warning_may_end_the_build(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.events = [STEP]
        text = b"# check=error=true\nFROM x\nCMD y\n"
        status, lines = await _build(
            lab, part_bytes(OPTIONS), part_bytes({"part": "dockerfile"}, text)
        )
        assert status == 200
        assert "JSONArgsRecommended: " in _first_warning(lines)
        assert lines[1]["failed"]["message"] == (
            "lint violation found for rules: JSONArgsRecommended"
        )
        assert len(lines) == 2  # and no step


async def test_takes_a_dockerfile_without_a_context(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        text = part_bytes({"part": "dockerfile"}, b"FROM scratch")
        await _build(lab, part_bytes(OPTIONS), text)
        (job,) = lab.world.builder.jobs
        assert (job.source.dockerfile, job.source.context) == ("FROM scratch", None)
        remote = part_bytes({**OPTIONS, "remote": "http://x"})
        await _build(lab, remote)
        assert lab.world.builder.jobs[1].source.dockerfile == "FROM http://x"


async def test_says_which_lines_failed(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.fails = StepError("it failed", 9, "sh")
        context = part_bytes({"part": "context", "name": ""}, b"x")
        options = part_bytes({**OPTIONS, "dockerfile": "x"})
        status, lines = await _build(lab, options, context)
        assert status == 200
        assert lines[-1]["failed"]["code"] == 9


async def test_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for parts, message in (
            ((), "no body"),
            ((part_bytes({"part": "secret"}),), "first part"),
            ((part_bytes(OPTIONS),), "no build context"),
            ((part_bytes(OPTIONS), part_bytes({"part": "q"})), "unknown part 'q'"),
            ((part_bytes(OPTIONS), part_bytes({"part": "dockerfile"})), "be empty"),
            ((part_bytes({**OPTIONS, "ssh": []}),), "no build context"),
            ((part_bytes({**OPTIONS, "ssh": ["x"]}),), "ssh has to be a map"),
        ):
            status, lines = await _build(lab, *parts)
            assert status == 400
            assert message in lines[0]["message"]
