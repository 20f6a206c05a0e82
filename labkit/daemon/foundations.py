"""The processes that an engine stands on, on their way while the engine is imported.

Spawner and netd are interpreters that take their time to come up, and so is the daemon,
which imports more than either. Side by side they cost the time of the slowest.

    main thread   imports the engine and the API            wait()
    two threads   start the spawner; adopt or start netd  ---^
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType

from labkit.cgroups.hierarchy import read_hierarchy
from labkit.cgroups.manager import Manager, open_manager
from labkit.daemon.config import Config
from labkit.daemon.strays import end_stray_netd
from labkit.network.service import NetworkService
from labkit.runtime.runtime import Runtime


class Foundations:
    """Runtime and network service, being opened; a context that closes them.

    What becomes of the networks then depends on how far the engine came:

        not ``opened``   the engine never stood: what was found stays for the containers
                         that live on it, what this start made goes
        ``opened``       containers may run and live on: all stays
        ``emptied``      a graceful stop has ended the containers: all goes
    """

    def __init__(self, config: Config) -> None:
        self.opened = False
        self.emptied = False
        self._hierarchy = read_hierarchy()
        self._cgroup_parent = config.engine.cgroup_parent
        self._network_home = config.data_root / "network"
        self.runtime = Runtime(config.data_root / "containers", self.cgroup)
        self.network = NetworkService(self._network_home, config.engine_id)
        self._opening: tuple[Future[None], ...] = ()

    def __enter__(self) -> "Foundations":
        pool = ThreadPoolExecutor(2, "labkit-start")
        works = (self.runtime.open, self._open_network)
        self._opening = tuple(pool.submit(work) for work in works)
        pool.shutdown(wait=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        wait(self._opening)
        keep = not self.emptied and (self.opened or self.network.is_adopted)
        self.network.close(keep)
        self.runtime.close()
        if self.emptied:
            self.cgroup(self._cgroup_parent).delete()

    def cgroup(self, path: str) -> Manager:
        return open_manager(self._hierarchy, path)

    def wait(self) -> None:
        """Wait until both are open.

        Raises:
            LabError: one of them can't be opened.
        """
        for failure in [work.exception() for work in self._opening]:
            if failure is not None:
                raise failure

    def _open_network(self) -> None:
        end_stray_netd(self._network_home)
        self.network.open()
