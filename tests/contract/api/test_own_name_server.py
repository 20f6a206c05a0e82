"""A container that is a name server itself, in a network that has names."""

import pytest

from tests.contract.api.world import PREFIX, network
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_LISTEN = (
    "nc -l -p 53 -e echo mine & "
    "until grep -qE ' 0+:0035 0+:0000 0A' /proc/net/tcp /proc/net/tcp6; "
    "do kill -0 $! || exit 3; done; "
)


def test_port_53_is_free_and_names_are_found(engine: Engine) -> None:
    name = f"{PREFIX}dns"
    ask = f"nslookup {PREFIX}self 127.0.0.11 && echo q | nc 127.0.0.1 53"
    with network(engine, "dns"):
        done = engine.docker(
            *("run", "--rm", "--network", name, "--name", f"{PREFIX}self"),
            *(TEST_IMAGE, "sh", "-c", _LISTEN + ask),
        )
    assert done.returncode == 0, done.stderr + done.stdout
    assert f"Name:\t{PREFIX}self" in done.stdout
    assert done.stdout.endswith("mine\n")
