"""``docker-buildx``: found by the docker command line and by Compose as a plug-in.

For each build the docker command line asks twice what this is, by the words
``docker-buildx docker-cli-plugin-metadata``, and waits. So the answer needs next to no
module; those for all other words are imported when they come.
"""

import sys
from _signal import SIG_DFL, SIGPIPE  # type: ignore[import-not-found]
from _signal import signal as set_signal

from labkit.docker_cli.buildx.release import VERSION

_METADATA = f"""{{
    "SchemaVersion": "0.1.0",
    "Vendor": "labkit",
    "Version": "{VERSION}",
    "ShortDescription": "Docker Buildx",
    "URL": "https://docs.docker.com/build/"
}}
"""


def main() -> None:
    """Run the plug-in as the program that it is, which a closed pipe ends."""
    set_signal(SIGPIPE, SIG_DFL)
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """Say what this is, or do what the words say; return the code to end with."""
    if words[:1] == ["docker-cli-plugin-metadata"]:
        sys.stdout.write(_METADATA)
        return 0
    from labkit.docker_cli.buildx import verbs

    return verbs.run_alone(words)


if __name__ == "__main__":
    main()
