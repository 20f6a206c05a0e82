"""The real command line with our plug-in, in a folder."""

import subprocess
from pathlib import Path

from labkit.base.environment import ensure_docker_config
from tests.engines import OurEngine, require_docker_cli


def docker(
    engine: OurEngine, folder: Path, *words: str, data: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command; what is set up in the folder's ``home`` counts."""
    config = ensure_docker_config(folder / "home")
    environ = {**engine.environ(), "DOCKER_CONFIG": str(config)}
    return subprocess.run(
        [require_docker_cli(), *words],
        cwd=folder,
        env=environ,
        input=data,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
