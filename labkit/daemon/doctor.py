"""``labkit doctor``: what this machine can and can't do, each with its remedy.

    python -m labkit.daemon.doctor [--json] [--data-root DIR]

Exit code 0: the course can run here. 1: something that it must have is missing.

This file runs anywhere, on macOS and Windows too, where it says in one sentence what to
do. What looks inside a Linux machine (``checkup``) is therefore imported once we know
that we are on one.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from labkit.base.errors import UnsupportedError
from labkit.daemon.docker_host import find_docker_host
from labkit.daemon.preflight import require_linux


def main(arguments: Sequence[str]) -> int:
    """Print the report; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="labkit doctor", description="Say what this machine can and can't do."
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--data-root", type=Path, help="where the engine's data will be"
    )
    options = parser.parse_args(arguments)
    try:
        require_linux()
    except UnsupportedError as error:
        return _elsewhere(str(error), options.json)
    result = importlib.import_module("labkit.daemon.checkup").examine(options.data_root)
    words = importlib.import_module("labkit.daemon.doctor_text")
    document = json.dumps(words.to_document(result), indent=2)
    sys.stdout.write((document if options.json else words.to_text(result)) + "\n")
    return 0 if result.can_run else 1


def _elsewhere(sentence: str, as_json: bool) -> int:
    """No Linux: the course runs all the same if DOCKER_HOST leads to an engine."""
    found = find_docker_host()
    mode = "docker-host" if found.ok else "none"
    if as_json:
        document = {"mode": mode, "can_run": found.ok, "reason": sentence}
        document["docker_host"] = {"ok": found.ok, "detail": found.detail}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    elif found.ok:
        sys.stdout.write(f"the course runs on {found.detail}\n")
    else:
        sys.stdout.write(f"{sentence} ({found.detail})\n")
    return 0 if found.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
