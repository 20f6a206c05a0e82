"""How fast it could be: bare namespaces, runc, and a command line that does nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.works import docker, timed
from tests.engines import BUSYBOX, Engine

_BARE = (
    "import os, sys; from labkit.kernel import libc; "
    "from labkit.kernel.flags import CloneFlag as F; import time\n"
    "flags = F.NEWNS | F.NEWPID | F.NEWNET | F.NEWIPC | F.NEWUTS\n"
    "for n in range(int(sys.argv[1])):\n"
    "    begin = time.perf_counter(); pid = libc.clone(int(flags) | 17)\n"
    "    if pid == 0: os.execv(sys.argv[2], ['true'])\n"
    "    os.waitpid(pid, 0); print(time.perf_counter() - begin)\n"
)


def bare_namespaces(rounds: int) -> list[float]:
    """Clone into five new namespaces, execute true, wait."""
    with tempfile.TemporaryDirectory() as folder:
        true = Path(folder, "true")
        shutil.copy(str(BUSYBOX), true)
        done = subprocess.run(
            [sys.executable, "-c", _BARE, str(rounds), str(true)],
            capture_output=True,
            text=True,
            check=True,
        )
    return [float(line) for line in done.stdout.split()]


def runc_run(rounds: int) -> list[float]:
    """Run true by ``runc run``, without an engine; none where there is no runc."""
    runc = shutil.which("runc")
    if runc is None or BUSYBOX is None:
        return []
    with tempfile.TemporaryDirectory(prefix="lk-runc-") as folder:
        bundle = Path(folder)
        (bundle / "rootfs/bin").mkdir(parents=True)
        shutil.copy(BUSYBOX, bundle / "rootfs/bin/true")
        subprocess.run([runc, "spec"], cwd=bundle, check=True)
        spec = json.loads((bundle / "config.json").read_text())
        spec["process"].update(terminal=False, args=["/bin/true"])
        (bundle / "config.json").write_text(json.dumps(spec))
        command = [runc, "--root", str(bundle / "state"), "run", f"lk-{os.getpid()}"]
        return [
            timed(lambda: subprocess.run(command, cwd=bundle, check=True))
            for _ in range(rounds)
        ]


def idle_command_line(engine: Engine, rounds: int) -> list[float]:
    """Time ``docker ps --quiet``: what every other figure has in it."""
    return [timed(lambda: docker(engine, "ps", "--quiet")) for _ in range(rounds)]
