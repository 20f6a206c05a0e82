"""A kernel as `labkit lab` starts it, with an engine: what a learner does in cells."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from labkit.cli.lab import write_kernel
from tests.course.learner import learner_environment
from tests.engines import TEST_IMAGE, OurEngine
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.root,
    pytest.mark.slow,
    pytest.mark.timeout(120),
    # The kernel talks over loopback; jupyter_client warns of that.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]
NAME = "deaf-to-ctrl-c"
DEAF = f"docker run --rm --name {NAME} {TEST_IMAGE} sleep 1000"
SECONDS = 30


@pytest.fixture
def kernel(lab_engine: OurEngine, tmp_path: Path) -> Iterator[KernelManager]:
    """Start a kernel for chapter 8's notebook, whose first cell nobody runs."""
    write_kernel(tmp_path)
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec_manager.kernel_dirs = [str(tmp_path / "kernels")]
    environment = learner_environment(lab_engine.host, tmp_path)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    manager.start_kernel(
        cwd=str(tmp_path),
        env={**environment, "PATH": programs, "JPY_SESSION_NAME": "chapter08.ipynb"},
    )
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)
        lab_engine.docker("rm", "-f", NAME)


@pytest.fixture
def client(kernel: KernelManager) -> Iterator[BlockingKernelClient]:
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=SECONDS)
    yield client
    client.stop_channels()


def test_a_step_runs_without_the_first_cell(client: BlockingKernelClient) -> None:
    shown = answer(client, client.execute("%%step create\ndocker volume create c08-t"))
    try:
        assert "in chapter01" not in shown
        assert "mongo-data" in shown  # chapter 8's step wants a volume of this name
    finally:
        answer(client, client.execute("!docker volume rm c08-t"))


@pytest.mark.parametrize("magic", ["%%bash", "%%docker", "%%step create"])
def test_ctrl_c_names_the_container_that_takes_no_notice(
    magic: str,
    lab_engine: OurEngine,
    kernel: KernelManager,
    client: BlockingKernelClient,
) -> None:
    asked = client.execute(f"{magic}\n{DEAF}")
    wait_until(
        lambda: NAME in lab_engine.docker("ps", "--format", "{{.Names}}").stdout,
        "the container runs",
        SECONDS,
    )
    kernel.interrupt_kernel()
    shown = answer(client, asked)
    assert f"stopped by ctrl-c; still running is {NAME}" in shown


def test_a_grade_is_shown_once(client: BlockingKernelClient) -> None:
    shown = answer(client, client.execute("%check c08-e1"))
    assert shown.count("A volume with a word in it") == 1


def test_bash_says_how_it_failed_and_leaves_options_to_ipython(
    client: BlockingKernelClient,
) -> None:
    shown = answer(client, client.execute("%%bash\necho out; echo err >&2; exit 3"))
    assert "out\nerr\n" in shown
    assert "exit code 3" in shown
    assert "Traceback" not in shown
    answer(client, client.execute("%%bash --out found\necho kept"))
    assert "kept" in answer(client, client.execute("print(found)"))


def answer(client: BlockingKernelClient, asked: str) -> str:
    """Return all that a cell shows, until the kernel is idle again."""
    parts: list[str] = []
    while True:
        try:
            message: dict[str, Any] = client.get_iopub_msg(timeout=SECONDS)
        except Empty:
            raise AssertionError(f"no end of the cell; so far: {parts}") from None
        if message["parent_header"].get("msg_id") != asked:
            continue
        content = message["content"]
        if content.get("execution_state") == "idle":
            return "".join(parts)
        parts += [
            content.get("text", ""),
            *map(str, content.get("data", {}).values()),
            *content.get("traceback", ()),
        ]
