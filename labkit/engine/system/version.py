"""``docker version``: what answers here, and on what machine."""

import platform
from dataclasses import dataclass

import labkit
from labkit.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """Names are Docker's; the API's versions are the API's matter."""

    version: str
    os: str
    arch: str
    kernel_version: str
    python_version: str


async def version(engine: Engine) -> EngineVersion:
    """Return the versions of the engine and of what carries it."""
    return EngineVersion(
        version=labkit.__version__,
        os="linux",
        arch=go_architecture(),
        kernel_version=platform.release(),
        python_version=platform.python_version(),
    )


def go_architecture() -> str:
    """Return the machine's name as Go, and so Docker, spells it."""
    machine = platform.machine()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
