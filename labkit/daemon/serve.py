"""The engine and its API on foundations that stand, until somebody says stop."""

import asyncio
import contextlib
import gc
import logging
import resource
import socket
from concurrent.futures import ThreadPoolExecutor

from labkit.api.routes.table import ROUTES
from labkit.api.server import ApiServer
from labkit.base.clock import SystemClock
from labkit.daemon.config import Config
from labkit.daemon.doors import BoundDoors
from labkit.daemon.foundations import Foundations
from labkit.daemon.open_doors import open_doors
from labkit.daemon.rest import Rest
from labkit.daemon.stops import Stops
from labkit.daemon.wiring import open_machine
from labkit.engine.opening import open_engine, shut_down
from labkit.kernel.libc import return_freed_memory

_log = logging.getLogger(__name__)

STOP_SECONDS = 10
WORKERS = 32
"""Threads for blocking calls; asyncio's default of processors + 4 would let five slow
calls hold up everybody on a small machine."""


def raise_file_limit() -> None:
    """Take all the files that we may have: each client is one, and may bring hundreds.

    Many systems give 1024 to begin with, for the sake of programs that use select(2).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def serve(
    config: Config,
    foundations: Foundations,
    listener: socket.socket,
    doors: BoundDoors,
    stops: Stops,
) -> None:
    """Serve until it is time to stop, and stop all containers."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(WORKERS, "labkit-worker"))
    stopping = asyncio.Event()
    stops.hand_over(loop.add_signal_handler, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        machine = await stack.enter_async_context(open_machine(config, foundations))
        opening = open_engine(config.engine, machine.ports, SystemClock())
        engine = await stack.enter_async_context(opening)
        foundations.opened = True
        raise_file_limit()  # after the spawner's owner noted what containers get
        rest = stack.enter_context(contextlib.closing(Rest(return_freed_memory)))
        api = ApiServer(engine, machine, ROUTES, rest.stir)
        server = await stack.enter_async_context(api)
        await server.listen(listener)
        opened = await open_doors(doors, server, stack)
        # What was imported and built so far lives as long as the daemon: the collector
        # need not walk it again and again.
        gc.freeze()
        gc.enable()
        _log.info("serving %s, engine %s", config.socket, config.engine_id)
        await stopping.wait()
        _log.info("stopping")
        server.stop_listening()
        opened.stop_listening()
        await shut_down(engine, timeout=STOP_SECONDS)
        foundations.emptied = True
