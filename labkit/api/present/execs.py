"""An exec as ``GET /exec/{id}/json`` shows it."""

from typing import Any

from labkit.engine.model import Exec


def describe_exec(found: Exec) -> dict[str, Any]:
    """Spell an exec; its exit code is null until it has ended."""
    config = found.config
    return {
        "ID": found.id,
        "Running": found.running,
        "ExitCode": found.exit_code,
        "ProcessConfig": {
            "tty": config.tty,
            "entrypoint": config.cmd[0] if config.cmd else "",
            "arguments": list(config.cmd[1:]),
            "privileged": config.privileged,
            **({"user": config.user} if config.user else {}),
        },
        "OpenStdin": config.attach_stdin,
        "OpenStderr": config.attach_stderr,
        "OpenStdout": config.attach_stdout,
        "CanRemove": False,
        "ContainerID": found.container_id,
        "DetachKeys": config.detach_keys,
        "Pid": found.pid,
    }
