from labkit.grading.observe.inspect import (
    read_container,
    read_image,
    read_network,
    read_volume,
)
from labkit.grading.probes import Attachment, PortBinding, Volume


def _body(**changes):
    body = {
        "Id": "ab" * 32,
        "Name": "/web",
        "Path": "nginx",
        "Args": ["-g", "daemon off;"],
        "State": {"Status": "running", "ExitCode": 0},
        "Config": {
            "Image": "nginx",
            "Hostname": "h",
            "User": "",
            "Env": ["A=1", "B=x=y", "C="],
            "Labels": {"l": "v"},
        },
        "HostConfig": {
            "NetworkMode": "net",
            "Memory": 64,
            "NanoCpus": 5,
            "PidsLimit": None,
            "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
            "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8081"}]},
        },
        "Mounts": [
            {"Destination": "/data", "Name": "store", "Source": "/x"},
            {"Destination": "/src", "Source": "/home/me"},
        ],
        "NetworkSettings": {
            "Ports": {
                "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8081"}],
                "81/tcp": None,
            },
            "Networks": {"net": {"IPAddress": "10.9.0.2", "Aliases": ["cache"]}},
        },
    }
    return body | changes


def test_reads_a_running_container():
    web = read_container(_body())
    assert (web.name, web.status, web.image) == ("web", "running", "nginx")
    assert web.argv == ("nginx", "-g", "daemon off;")
    assert web.env == {"A": "1", "B": "x=y", "C": ""}
    assert web.mounts == {"/data": "store", "/src": "/home/me"}
    assert web.ports == (PortBinding("0.0.0.0", 8081, 80, "tcp"),)
    assert web.attachments == {
        "net": Attachment("net", "10.9.0.2", frozenset({"cache"}))
    }
    assert web.restart == "on-failure:3"
    assert web.health is None


def test_reads_what_a_stopped_container_would_publish():
    stopped = _body(NetworkSettings={"Ports": {}, "Networks": {}})
    assert read_container(stopped).ports == (PortBinding("", 8081, 80, "tcp"),)


def test_reads_health_where_there_is_a_check():
    state = {"Status": "running", "Health": {"Status": "healthy"}}
    assert read_container(_body(State=state)).health == "healthy"


def test_bears_the_nulls_that_go_writes_for_nothing():
    config = {"Image": "nginx", "Env": None, "Labels": None}
    settings = {"Ports": None, "Networks": None}
    body = _body(
        Config=config,
        HostConfig={"PortBindings": None, "RestartPolicy": None},
        Mounts=None,
        Args=None,
        NetworkSettings=settings,
    )
    bare = read_container(body)
    assert (bare.env, bare.labels, bare.mounts, bare.ports) == ({}, {}, {}, ())
    assert bare.restart == "no"


def test_reads_a_network_with_its_members():
    network = read_network(
        {
            "Id": "cd" * 32,
            "Name": "net",
            "Driver": "bridge",
            "Internal": True,
            "IPAM": {"Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}]},
            "Containers": {"ab": {"Name": "web"}, "cd": {"Name": "db"}},
            "Labels": None,
        }
    )
    assert network.members == {"web", "db"}
    assert network.subnets == ("10.9.0.0/24",)
    assert network.internal


def test_reads_a_network_without_addresses():
    body = {"Id": "x", "Name": "none", "Driver": "null", "IPAM": {"Config": None}}
    assert read_network(body).subnets == ()


def test_reads_volumes_and_images():
    volume = {"Name": "data", "Driver": "local", "Labels": None}
    assert read_volume(volume) == Volume("data", "local", {})
    image = read_image(
        {
            "Id": "sha256:x",
            "RepoTags": ["a:1"],
            "Size": 5,
            "Config": {"User": "app", "Env": ["A=1"], "Labels": None},
            "RootFS": {"Layers": ["a", "b"]},
        }
    )
    assert (image.layers, image.user, image.size_bytes) == (2, "app", 5)


def test_a_quota_is_a_share_of_processors_too():
    host = {**_body()["HostConfig"], "NanoCpus": 0, "CpuQuota": 12_500}
    assert read_container(_body(HostConfig=host)).nano_cpus == 125_000_000
    host["CpuPeriod"] = 50_000
    assert read_container(_body(HostConfig=host)).nano_cpus == 250_000_000
    host["CpuQuota"] = -1
    assert read_container(_body(HostConfig=host)).nano_cpus == 0


def test_a_signal_has_its_full_name():
    for spelt in ("USR2", "SIGUSR2", "sigusr2", "12"):
        config = {**_body()["Config"], "StopSignal": spelt}
        assert read_container(_body(Config=config)).stop_signal == "SIGUSR2"
    assert read_container(_body()).stop_signal == ""
    config = {**_body()["Config"], "StopSignal": "77"}
    assert read_container(_body(Config=config)).stop_signal == "77"


def test_reads_what_containers_of_an_image_start_with():
    config = {
        "ExposedPorts": {"80/tcp": {}},
        "Entrypoint": ["app"],
        "Cmd": ["all"],
        "WorkingDir": "/srv",
        "Healthcheck": {"Test": ["CMD", "true"]},
    }
    image = read_image({"Id": "sha256:ab", "Config": config})
    assert (image.entrypoint, image.cmd, image.workdir) == (("app",), ("all",), "/srv")
    assert (image.ports, image.has_health_check) == (frozenset({"80/tcp"}), True)
    config["Healthcheck"] = {"Test": ["NONE"]}
    assert not read_image({"Id": "sha256:ab", "Config": config}).has_health_check
