"""Every command has a module and a page; every flag on a page can be read."""

import pytest

from labkit.docker_cli import commands
from labkit.docker_cli.flags import Rules, parse
from labkit.docker_cli.main import page_of

EVERY = [[name] for name in commands.TOP] + [
    [group, verb] for group, verbs in commands.GROUPS.items() for verb in verbs.split()
]
GOOD = {
    "": "true",
    "string": "x",
    "int": "3",
    "uint": "3",
    "uint16": "500",
    "bytes": "64m",
    "decimal": "1.5",
    "duration": "5s",
    "filter": "label=x",
    "strings": "a,b",
    "list": "x=y",
    "map": "a=b",
    "stringToString": "host=unix:///x",
    "mount": "type=tmpfs,dst=/x",
    "network": "net",
    "ulimit": "nofile=5:6",
    "gpu-request": "all",
}
SPECIAL = {
    "add-host": "db:10.0.0.1",
    "attach": "stdout",
    "blkio-weight-device": "/dev/sda:500",
    "device-cgroup-rule": "c 1:3 rwm",
    "device-read-bps": "/dev/sda:1mb",
    "device-write-bps": "/dev/sda:1mb",
    "device-read-iops": "/dev/sda:100",
    "device-write-iops": "/dev/sda:100",
    "dns": "1.1.1.1",
    "dns-search": "example.com",
    "link": "db:alias",
    "link-local-ip": "169.254.1.1",
    "sysctl": "net.core.somaxconn=1024",
    "tag": "app:1",
}


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_flag_of_every_page_is_read(words):
    command, rest = commands.find(words)
    assert command is not None
    assert rest == []
    module = commands.load(command)
    assert callable(module.run)
    page = page_of(command)
    assert page.head.startswith(f"Usage:  docker {' '.join(words)}")
    rules = getattr(module, "RULES", Rules())
    for flag in page.flags:
        if flag.name == "help":
            continue
        value = GOOD[flag.kind]
        if flag.kind:
            value = SPECIAL.get(flag.name, value)
        typed = parse(page.flags, [f"--{flag.name}={value}"], rules)
        assert typed.values.changed == [flag.name]
        if flag.short:
            short = f"-{flag.short}={value}" if flag.kind else f"-{flag.short}"
            assert parse(page.flags, [short], rules).values.changed == [flag.name]


def test_other_words_for_the_same():
    command, _ = commands.find(["container", "list"])
    assert command is not None
    assert command.module == "container/ls"
    assert commands.find(["container", "odd"])[0] is None
    assert commands.find(["container"])[0] is None
    assert commands.find(["odd"])[0] is None
    build, rest = commands.find(["builder", "build", "."])
    assert build is not None
    assert (build.module, rest) == ("image/build", ["."])
