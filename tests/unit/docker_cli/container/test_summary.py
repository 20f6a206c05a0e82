from labkit.docker_cli.container.summary import CONTAINERS, shown_ports


def port(private, public=None, address="", kind="tcp"):
    found = {"PrivatePort": private, "Type": kind}
    if public:
        found |= {"PublicPort": public, "IP": address}
    return found


def test_shows_ports_with_neighbours_as_a_range():
    assert shown_ports([]) == ""
    assert shown_ports([port(80), port(81), port(443)]) == "80-81/tcp, 443/tcp"
    assert shown_ports([port(80, 8080, "0.0.0.0"), port(80, 8080, "::")]) == (
        "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"
    )
    assert shown_ports([port(n, n, "0.0.0.0") for n in (81, 80)]) == (
        "0.0.0.0:80-81->80-81/tcp"
    )


def test_tells_what_templates_ask():
    container = {
        "Id": "a1" * 32,
        "Names": ["/web", "/other/link"],
        "Image": "nginx@sha256:" + "0" * 64,
        "ImageID": "x",
        "Command": "a rather long command line",
        "Created": 0,
        "Ports": [],
        "State": "running",
        "Status": "Up",
        "Labels": {"a": "1"},
        "Mounts": [{"Name": "", "Source": "/a/rather/long/path", "Driver": "local"}],
        "SizeRw": 5,
        "SizeRootFs": 1000,
        "NetworkSettings": {"Networks": {"bridge": {}}},
    }

    def told(name, cut=True):
        return CONTAINERS.fields[name](container, cut)

    assert told("ID") == "a1" * 6
    assert told("Names") == "web"
    assert told("Names", False) == "web,other/link"
    assert told("Image") == "nginx"
    assert told("Command") == '"a rather long comma…"'
    assert told("Size") == "5B (virtual 1kB)"
    assert told("Mounts") == "/a/rather/long…"
    assert told("LocalVolumes") == "1"
    assert told("Networks") == "bridge"
