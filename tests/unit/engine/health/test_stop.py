"""No more questions."""

from pathlib import Path

from labkit.engine.health.stop import stop_asking
from labkit.spec.image import Healthcheck
from tests.unit.engine.lab import make_world, open_lab, run, until_true


async def test_the_task_ends(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        check = Healthcheck(test=("CMD", "true"))
        made = await run(engine, "sleep", healthcheck=check)
        task = engine.monitors[made]
        stop_asking(engine, made)
        await until_true(task.done)
        assert task.cancelled()
        stop_asking(engine, made)  # nobody is asking: fine
