from labkit.course.xray_elsewhere import HIDDEN, describe

BODY = {
    "Id": "ab" * 32,
    "Name": "/web",
    "Path": "nginx",
    "Args": ["-g", "x"],
    "State": {"Status": "running", "Pid": 7},
    "Config": {"Image": "nginx"},
    "HostConfig": {"NetworkMode": "net", "Memory": 64, "CapAdd": ["NET_ADMIN"]},
    "Mounts": [{"Destination": "/data", "Name": "store", "Type": "volume", "RW": True}],
    "NetworkSettings": {
        "Ports": {"80/tcp": [{"HostIp": "", "HostPort": "8081"}], "81/tcp": None},
        "Networks": {"net": {"IPAddress": "10.9.0.2", "IPPrefixLen": 24}},
    },
}


def test_shows_what_the_api_shows():
    record = describe(BODY)
    assert record["container"]["command"] == "nginx -g x"
    assert record["networks"]["net"]["address"] == "10.9.0.2/24"
    assert record["ports"] == ["0.0.0.0:8081 -> 80/tcp"]
    assert record["security"]["added"] == ["NET_ADMIN"]
    assert record["mounts"][0]["from"] == "store"


def test_says_what_is_not_visible_here():
    record = describe(BODY)
    assert record["namespaces"]["in the kernel"] == HIDDEN
    assert record["cgroup"]["in the kernel"] == HIDDEN
    assert record["bridge, veth pair, NAT rules"] == HIDDEN


def test_bears_a_container_that_never_ran():
    bare = {**BODY, "State": {"Status": "created"}, "Mounts": None}
    bare["NetworkSettings"] = {"Ports": None, "Networks": None}
    record = describe(bare)
    assert record["ports"] == []
    assert record["container"]["pid"] is None
