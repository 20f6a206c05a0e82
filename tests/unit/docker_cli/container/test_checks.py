import pytest

from labkit.docker_cli.container import checks


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("add-host", "db:10.0.0.1"),
        ("add-host", "db=::1"),
        ("add-host", "box:host-gateway"),
        ("attach", "STDOUT"),
        ("env", "A"),
        ("dns", "1.1.1.1"),
        ("dns-search", "."),
        ("ulimit", "nofile=1:2"),
        ("ulimit", "core=-1"),
        ("link", "db:alias"),
        ("device-cgroup-rule", "c 1:* rwm"),
        ("blkio-weight-device", "/dev/sda:100"),
        ("device-read-bps", "/dev/sda:1mb"),
        ("gpus", "all"),
    ],
)
def test_takes_what_is_good(flag, text):
    checks.CREATE_CHECKS[flag](text)


@pytest.mark.parametrize(
    ("flag", "text", "said"),
    [
        ("add-host", "db", 'bad format for add-host: "db"'),
        ("add-host", "db:x", 'invalid IP address in add-host: "x"'),
        ("attach", "x", "valid streams are STDIN, STDOUT and STDERR"),
        ("env", "=x", "invalid environment variable: =x"),
        ("label", "=x", "invalid label '=x': empty name"),
        ("dns", "x", "IP address is not correctly formatted: x"),
        ("ulimit", "x", "invalid ulimit argument: x"),
        ("ulimit", "x=1", "invalid ulimit type: x"),
        ("ulimit", "core=1:2:3", "too many limit value arguments"),
        ("ulimit", "core=2:1", "soft limit must be less than or equal to hard"),
        ("link", "", "empty string specified for links"),
        ("link", "a:b:c", "bad format for links: a:b:c"),
        ("device-cgroup-rule", "x", "invalid device cgroup format 'x'"),
        ("blkio-weight-device", "x", "bad format: x"),
        ("blkio-weight-device", "/dev/a:5", "invalid weight for device: /dev/a:5"),
        ("device-read-bps", "a:1", "bad format for device path: a:1"),
        ("device-read-bps", "/dev/a:x", "invalid rate for device: /dev/a:x"),
        ("device-read-iops", "/dev/a:1k", "invalid rate for device: /dev/a:1k"),
        ("sysctl", "kernel.hostname=x", "sysctl 'kernel.hostname=x' is not allowed"),
        (
            "sysctl",
            "net.ipv4.ip_forward",
            "sysctl 'net.ipv4.ip_forward' is not allowed",
        ),
        ("gpus", "", "EOF"),
        ("dns-search", "a b", "a b is not a valid domain"),
    ],
)
def test_refuses_in_docker_clis_words(flag, text, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        checks.CREATE_CHECKS[flag](text)
