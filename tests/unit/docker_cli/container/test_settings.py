import pytest

from labkit.docker_cli.errors import CliError
from tests.unit.docker_cli.container.setting import settings


def test_nothing_said_is_what_docker_sends():
    made = settings()
    host = made["HostConfig"]
    assert made["Image"] == "busybox"
    assert (made["AttachStdin"], made["AttachStdout"], made["Cmd"]) == (
        False,
        True,
        None,
    )
    assert host["NetworkMode"] == "default"
    assert host["RestartPolicy"] == {"Name": "no", "MaximumRetryCount": 0}
    assert host["MemorySwappiness"] == -1
    assert list(made["NetworkingConfig"]["EndpointsConfig"]) == ["default"]


def test_what_is_said_is_where_the_api_has_it():
    made = settings(
        *("-it", "-e", "A=1", "-l", "x=y", "-m", "64m", "--cpus", "1.5", "--init"),
        *(
            "--restart",
            "on-failure:3",
            "-v",
            "/a:/b",
            "-v",
            "/anon",
            "--tmpfs",
            "/t:a=b",
        ),
        *("--health-cmd", "true", "--health-interval", "5s", "--cap-add", "net_admin"),
        *("--entrypoint", "", "--stop-timeout", "3", "--sysctl", "net.a=b"),
        *("--security-opt", "systempaths=unconfined", "--add-host", "a=::1"),
    )
    host = made["HostConfig"]
    assert (made["Tty"], made["StdinOnce"], made["Env"]) == (True, True, ["A=1"])
    assert made["Labels"] == {"x": "y"}
    assert made["Entrypoint"] == [""]
    assert made["Volumes"] == {"/anon": {}}
    assert made["Healthcheck"] == {"Test": ["CMD-SHELL", "true"], "Interval": 5 * 10**9}
    assert (host["Memory"], host["NanoCpus"], host["Init"]) == (
        64 << 20,
        1500000000,
        True,
    )
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
    assert host["Binds"] == ["/a:/b"]
    assert host["Tmpfs"] == {"/t": "a=b"}
    assert host["CapAdd"] == ["CAP_NET_ADMIN"]
    assert host["Sysctls"] == {"net.a": "b"}
    assert host["MaskedPaths"] == []
    assert host["ExtraHosts"] == ["a:::1"]


def test_adding_a_capability_wins_over_dropping_it():
    host = settings("--cap-add", "A", "--cap-drop", "A", "--cap-drop", "b")[
        "HostConfig"
    ]
    assert (host["CapAdd"], host["CapDrop"]) == (["CAP_A"], ["CAP_B"])
    assert settings("--cap-add", "ALL", "--cap-add", "A")["HostConfig"]["CapAdd"] == [
        "ALL"
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rm", "--restart", "always"], "cannot specify both --restart and --rm"),
        (["--memory-swappiness", "200"], "Valid memory swappiness range is 0-100"),
        (["-v", ""], "invalid empty volume spec"),
        (["-v", ":/x"], "empty section between colons"),
        (["--no-healthcheck", "--health-cmd", "x"], "--no-healthcheck conflicts with"),
        (["--health-interval=-5s"], "--health-interval cannot be negative"),
        (["--pid", "x"], "--pid: invalid PID mode"),
        (["--uts", "x"], "--uts: invalid UTS mode"),
        (["--userns", "x"], "--userns: invalid USER mode"),
        (["--cgroupns", "x"], "--cgroupns: invalid CGROUP mode"),
        (["--security-opt", "x"], 'Invalid --security-opt: "x"'),
        (["--security-opt", "seccomp=none"], "opening seccomp profile"),
        (
            ["--log-driver", "none", "--log-opt", "a=b"],
            "invalid logging opts for driver",
        ),
        (["--storage-opt", "x"], "invalid storage option"),
        (["--restart", "on-failure:x"], "maximum retry count must be an integer"),
        (["--restart", ":3"], "no policy provided before colon"),
    ],
)
def test_refuses_in_docker_clis_words(words, said):
    with pytest.raises(CliError, match=said):
        settings(*words)
