"""What create refuses, and how it says so."""

import os

import pytest

from labkit.base.errors import LabError
from labkit.engine.containers.validate import validate
from labkit.engine.model import (
    ContainerConfig,
    HostConfig,
    LogConfig,
    ResourceLimits,
    RestartPolicy,
)
from labkit.network.model import PortBinding
from labkit.spec.image import Healthcheck


def limits(**values: object) -> HostConfig:
    return HostConfig(resources=ResourceLimits(**values))


PLAIN = ContainerConfig()
SHARED = HostConfig(network_mode="container:x")
CPUS = os.cpu_count() or 1


@pytest.mark.parametrize(
    ("config", "host", "text"),
    [
        (
            ContainerConfig(working_dir="rel"),
            HostConfig(),
            "the working directory 'rel' is invalid, it needs to be an absolute path",
        ),
        (
            ContainerConfig(env=("=x",)),
            HostConfig(),
            "invalid environment variable: =x",
        ),
        (ContainerConfig(stop_signal="FOO"), HostConfig(), "Invalid signal: FOO"),
        (
            ContainerConfig(exposed_ports=("80/foo",)),
            HostConfig(),
            "invalid proto: foo",
        ),
        (PLAIN, limits(memory=1 << 20), "Minimum memory limit allowed is 6MB"),
        (
            PLAIN,
            limits(memory=10 << 20, memory_swap=5 << 20),
            "Minimum memoryswap limit should be larger than memory limit, see usage",
        ),
        (
            PLAIN,
            limits(nano_cpus=(CPUS + 1) * 10**9),
            f"Range of CPUs is from 0.01 to {CPUS:.2f}, as there are only {CPUS} CPUs"
            " available",
        ),
        (
            PLAIN,
            limits(nano_cpus=1, cpu_period=5000),
            "Conflicting options: Nano CPUs and CPU Period cannot both be set",
        ),
        (
            PLAIN,
            HostConfig(oom_score_adj=2000),
            "Invalid value 2000, range for oom score adj is [-1000, 1000]",
        ),
        (
            PLAIN,
            HostConfig(cap_add=("FOO",)),
            'invalid CapAdd: unknown capability: "CAP_FOO"',
        ),
        (
            PLAIN,
            HostConfig(cap_drop=("cap_foo",)),
            'invalid CapDrop: unknown capability: "CAP_FOO"',
        ),
        (
            PLAIN,
            HostConfig(restart_policy=RestartPolicy("foo")),
            "invalid restart policy 'foo'",
        ),
        (
            PLAIN,
            HostConfig(restart_policy=RestartPolicy("always", 3)),
            "maximum retry count cannot be used with restart policy 'always'",
        ),
        (
            PLAIN,
            HostConfig(restart_policy=RestartPolicy("always"), auto_remove=True),
            "can't create 'AutoRemove' container with restart policy",
        ),
        (
            ContainerConfig(healthcheck=Healthcheck(interval=1000)),
            HostConfig(),
            "Interval in Healthcheck cannot be less than 1ms",
        ),
        (
            ContainerConfig(healthcheck=Healthcheck(retries=-1)),
            HostConfig(),
            "Retries in Healthcheck cannot be negative",
        ),
        (
            PLAIN,
            limits(memory_reservation=1000),
            "Minimum memory reservation allowed is 6MB",
        ),
        (PLAIN, HostConfig(runtime="foo"), "Unknown runtime specified foo"),
        (
            PLAIN,
            HostConfig(isolation="foo"),
            "Invalid isolation: \"foo\" - linux only supports 'default'",
        ),
        (
            PLAIN,
            HostConfig(log_config=LogConfig("foo")),
            'error looking up logging plugin foo: plugin "foo" not found',
        ),
        (
            ContainerConfig(hostname="x"),
            SHARED,
            "conflicting options: hostname and the network mode",
        ),
        (
            PLAIN,
            HostConfig(network_mode="container:x", port_bindings=(PortBinding(80),)),
            "conflicting options: port publishing and the container type network mode",
        ),
        (PLAIN, HostConfig(ipc_mode="foo"), "invalid IPC mode: foo"),
        (PLAIN, HostConfig(pid_mode="container:"), "invalid PID mode: container:"),
        (PLAIN, HostConfig(uts_mode="foo"), "invalid UTS mode: foo"),
        (
            PLAIN,
            HostConfig(security_opt=("foo",)),
            'invalid --security-opt 1: "foo"',
        ),
        (
            PLAIN,
            HostConfig(security_opt=("foo=bar",)),
            'invalid --security-opt 2: "foo=bar"',
        ),
        (
            PLAIN,
            HostConfig(security_opt=("no-new-privileges=maybe",)),
            'invalid --security-opt 2: "no-new-privileges=maybe"',
        ),
        (PLAIN, HostConfig(storage_opt={"foo": "1"}), "Unknown option foo"),
        (
            PLAIN,
            HostConfig(network_mode="container:"),
            "invalid network mode: invalid container format container:<name|id>",
        ),
        (
            PLAIN,
            HostConfig(resources=ResourceLimits(blkio_weight=5)),
            "Range of blkio weight is from 10 to 1000",
        ),
        (
            PLAIN,
            HostConfig(resources=ResourceLimits(cpu_shares=-5)),
            "invalid CPU shares (-5): value must be a positive integer",
        ),
        (PLAIN, HostConfig(shm_size=-1), "SHM size can not be less than 0"),
    ],
)
def test_refuses(config: ContainerConfig, host: HostConfig, text: str) -> None:
    with pytest.raises(LabError) as caught:
        validate(config, host)
    assert caught.value.message == text


@pytest.mark.parametrize(
    "host",
    [
        HostConfig(),
        HostConfig(cap_add=("ALL",), cap_drop=("net_raw",)),
        HostConfig(restart_policy=RestartPolicy("on-failure", 3)),
        HostConfig(security_opt=("no-new-privileges", "seccomp=unconfined")),
        HostConfig(ipc_mode="container:x", pid_mode="host", uts_mode="host"),
        limits(memory=10 << 20, memory_swap=-1, memory_swappiness=-1, pids_limit=0),
    ],
)
def test_accepts(host: HostConfig) -> None:
    validate(PLAIN, host)
