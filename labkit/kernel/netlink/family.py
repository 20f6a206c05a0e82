"""Which address family a spelling belongs to."""

import ipaddress
import socket


def family_of(address: str) -> int:
    version = ipaddress.ip_address(address).version
    return int(socket.AF_INET if version == 4 else socket.AF_INET6)
