"""``/build`` through HTTP."""

import json
from pathlib import Path
from typing import Any

from labkit.builder.cache import Record
from labkit.builder.model import Step, StepError, StepStarted
from labkit.engine.builds.cancel import cancellable
from tests.contract.fakes.builder import IMAGE
from tests.unit.api.lab import Lab, open_api

STEP = StepStarted(Step(0, 1, 1, "FROM x"))


async def _build(lab: Lab, query: str) -> tuple[int, list[dict[str, Any]]]:
    status, body = await lab.ask_bytes("POST", f"/build?{query}", b"a tar")
    return status, [json.loads(line) for line in body.splitlines()]


async def test_builds_and_tells(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.events = [STEP]
        status, lines = await _build(lab, "t=app&dockerfile=D")
        assert status == 200
        texts = [line["stream"] for line in lines]
        assert texts[0] == "Step 1/1 : FROM x"
        assert texts[-1] == "Successfully tagged app:latest\n"
        assert lab.world.builder.received == b"a tar"


async def test_says_nothing_but_the_id(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.events = [STEP]
        _, lines = await _build(lab, "q=1")
        assert lines == [{"stream": f"{IMAGE.id}\n"}]


async def test_a_failed_step_is_a_line(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        lab.world.builder.events = [STEP]
        lab.world.builder.fails = StepError("it failed", 9)
        for query in ("", "q=1"):
            status, lines = await _build(lab, query)
            assert status == 200
            assert lines[0] == {"stream": "Step 1/1 : FROM x"}
            assert lines[-1]["errorDetail"] == {"code": 9, "message": "it failed"}


async def test_what_is_wrong_before_is_an_answer(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        status, lines = await _build(lab, "buildargs=x")
        assert status == 400
        assert "error reading build args" in lines[0]["message"]


async def test_prunes(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert await lab.ask("POST", "/build/prune") == (
            200,
            {"CachesDeleted": None, "SpaceReclaimed": 0},
        )
        lab.world.builder.kept = [Record("k", "regular", "RUN x", size=5)]
        for space in ("max-used-space=9", "reserved-space=9", "min-free-space=1"):
            assert await lab.ask("POST", f"/build/prune?{space}") == (
                200,
                {"CachesDeleted": None, "SpaceReclaimed": 0},
            )
        assert await lab.ask("POST", "/build/prune?all=1") == (
            200,
            {"CachesDeleted": ["k"], "SpaceReclaimed": 5},
        )


async def test_cancels_by_id(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        ended: list[str] = []
        with cancellable(lab.engine, "mine", lambda: ended.append("mine")):
            assert await lab.ask_bytes("POST", "/build/cancel?id=mine") == (200, b"")
            assert await lab.ask_bytes("POST", "/build/cancel?id=other") == (200, b"")
        assert ended == ["mine"]
        status, answer = await lab.ask("POST", "/build/cancel")
        assert (status, answer) == (400, {"message": "build ID not provided"})
