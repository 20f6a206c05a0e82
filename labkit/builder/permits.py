"""What a build has to be allowed, and what can be known to fail before it begins.

The host's network and a command without a cage are entitlements: who builds grants
them (``--allow``), no Dockerfile takes them for itself. A mount that is wrong whatever
its variables are is told of now, not after the steps before it.
"""

import re
from collections.abc import Iterable

from labkit.base.errors import InvalidInputError
from labkit.builder import messages
from labkit.dockerfile.errors import located
from labkit.dockerfile.instructions import Instruction, Run
from labkit.dockerfile.mounts import parse_mount

NETWORK_HOST = "network.host"
INSECURE = "security.insecure"
_LATER = re.compile(r"[$'\"\\`]")  # what is another text once it is expanded
ENTITLEMENTS = frozenset({NETWORK_HOST, INSECURE})


def check_entitlements(names: Iterable[str]) -> frozenset[str]:
    """Return what is granted.

    Raises:
        InvalidInputError: one of them is unknown.
    """
    granted = frozenset(names)
    for name in sorted(granted - ENTITLEMENTS):
        raise InvalidInputError(messages.unknown_entitlement(name))
    return granted


def check_run(instruction: Instruction, granted: frozenset[str]) -> None:
    """Refuse what is not allowed or can't be.

    Raises:
        InvalidInputError: it needs an entitlement that was not given.
        DockerfileError: one of its mounts is none.
    """
    if not isinstance(instruction, Run):
        return
    needs = {NETWORK_HOST: instruction.network == "host"}
    needs[INSECURE] = instruction.security == "insecure"
    for name, is_needed in needs.items():
        if is_needed and name not in granted:
            raise InvalidInputError(messages.not_allowed(name))
    with located(instruction.lines):
        for mount in instruction.mounts:
            if not _LATER.search(mount.text):
                parse_mount(mount.text, str)
