"""From the command line to a serving engine, and back to nothing.

Start and end mirror each other: what is opened last is closed first, by the stacks of
context managers here and in ``serve``. Two ways lead out of it.

    SIGTERM, SIGINT   containers are stopped, all at once; networks, netd, spawner and
                      socket go; those with restart policy ``always`` come back
    kill -9           nothing of this runs: containers live on and are adopted

This module imports little: what is wrong with a setting is said at once, and the engine
is imported while the processes that it stands on come up (``foundations.py``).
"""

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Sequence

from labkit.base.errors import LabError
from labkit.daemon.authorities import no_authorities
from labkit.daemon.config import Config, parse_arguments
from labkit.daemon.doors import bind_doors
from labkit.daemon.instance import (
    empty_scratch,
    make_folders,
    open_listener,
    single_instance,
)
from labkit.daemon.journal import open_journal
from labkit.daemon.preflight import require_linux
from labkit.daemon.stops import Stops
from labkit.daemon.trial import require_machine
from labkit.kernel.libc import share_one_heap

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Run the daemon; the exit code is 1 if it could not start."""
    try:
        share_one_heap()
        config = parse_arguments(arguments, os.environ)
        open_journal(config.log_level)
        require_linux()
        make_folders(config)
        with single_instance(config):
            empty_scratch(config)
            require_machine(config.data_root, config.run_folder / "machine")
            _run(config)
    except LabError as error:
        # Not by the log: this is one sentence for the person who started us.
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(config: Config) -> None:
    stops = Stops()
    gc.disable()  # until it stands: what an import makes stays, and is walked in vain
    with contextlib.ExitStack() as stack:
        # First of all, for it is what a wrong setting breaks, and nothing is made yet.
        listener = stack.enter_context(open_listener(config))
        doors = bind_doors(config.doors, stack)
        from labkit.daemon.foundations import Foundations

        foundations = stack.enter_context(Foundations(config))
        with no_authorities():
            import asyncio

            from labkit.daemon.serve import serve

        asyncio.run(serve(config, foundations, listener, doors, stops))
    _log.info("stopped")
