"""What may be larger than the house style says, by name and with its reason."""

LONG_FILES: dict[str, str] = {}

LONG_FUNCTIONS: dict[str, str] = {}

LONG_CLASSES: dict[str, str] = {}

MANY_PARAMETERS: dict[str, str] = {
    "labkit/kernel/calls.py": "mount(2) and clone(2) have the parameters they have",
}

WITHOUT_OWN_TEST: dict[str, str] = {
    "labkit/__init__.py": "holds the version only",
    "labkit/daemon/serve.py": "the second half of main: test_main drives both",
    "labkit/daemon/wiring.py": "builds the whole: every test of an engine needs it",
}

# The kernel and other processes offer no event here: these look again after a pause.
WAITS: dict[str, str] = {
    "labkit/cgroups/files.py": "a cgroup is busy until its last zombie is gone: EBUSY",
    "labkit/cli/engine_process.py": "a starting daemon has no socket to wait at yet",
    "labkit/docker_cli/container/stats.py": "redraws twice a second, as Docker's does",
    "labkit/grading/observe/pages.py": "a page that is not up yet sends no word",
    "labkit/grading/observe/registry.py": "nor does a registry",
    "labkit/runtime/sleep.py": "nobody says when a machine has memory and pids again",
}
