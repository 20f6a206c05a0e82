"""From the command line to a serving engine, and back to nothing.

Start and end mirror each other: what is opened last is closed first, by the stack of
context managers in ``_serve``. Two ways lead out of it.

    SIGTERM, SIGINT   containers are stopped, all at once; networks, netd, spawner and
                      socket go; those with restart policy ``always`` come back
    kill -9           nothing of this runs: containers live on and are adopted
"""

import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from labkit.api.routes.table import ROUTES
from labkit.api.server import ApiServer
from labkit.base.clock import SystemClock
from labkit.base.errors import LabError
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
from labkit.daemon.trial import require_machine
from labkit.daemon.wiring import open_machine
from labkit.engine.opening import open_engine, shut_down

_log = logging.getLogger(__name__)

STOP_SECONDS = 10
WORKERS = 32
"""Threads for blocking calls; asyncio's default of processors + 4 would let five slow
calls hold up everybody on a small machine."""


def main(arguments: Sequence[str]) -> int:
    """Run the daemon; the exit code is 1 if it could not start."""
    try:
        config = parse_arguments(arguments, os.environ)
        open_journal(config.log_level)
        require_linux()
        make_folders(config)
        with single_instance(config):
            empty_scratch(config)
            require_machine(config.data_root, config.run_folder / "machine")
            asyncio.run(_serve(config))
    except LabError as error:
        # Not by the log: this is one sentence for the person who started us.
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def raise_file_limit() -> None:
    """Take all the files that we may have: each client is one, and may bring hundreds.

    Many systems give 1024 to begin with, for the sake of programs that use select(2).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(config: Config) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(WORKERS, "labkit-worker"))
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        # First of all, for it is what a wrong setting breaks, and nothing is made yet.
        listener = stack.enter_context(open_listener(config))
        doors = bind_doors(config.doors, stack)
        machine = await stack.enter_async_context(open_machine(config))
        engine = await stack.enter_async_context(
            open_engine(
                config.engine,
                machine.ports,
                SystemClock(),
            )
        )
        machine.opened = True
        raise_file_limit()  # after the spawner's owner noted what containers get
        server = await stack.enter_async_context(ApiServer(engine, machine, ROUTES))
        await server.listen(listener)
        await doors.open(server, stack)
        # What was imported and built so far lives as long as the daemon: the collector
        # need not walk it again and again.
        gc.freeze()
        _log.info("serving %s, engine %s", config.socket, config.engine_id)
        await stopping.wait()
        _log.info("stopping")
        server.stop_listening()
        doors.stop_listening()
        await shut_down(engine, timeout=STOP_SECONDS)
        machine.emptied = True
    _log.info("stopped")
