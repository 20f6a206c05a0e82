from tests.unit.grading.build import fields, find, make_container, see


def test_the_right_thing_must_be_mounted():
    web = make_container(mounts={"/data": "store"})
    assert fields("container", see(web), name="web", mounts={"/data": "store"}) == []
    findings = find("container", see(web), name="web", mounts={"/data": "x", "/b": "y"})
    assert [finding.found for finding in findings] == ["store", "nothing mounted"]


def test_a_mount_may_have_to_be_read_only():
    web = make_container(mounts={"/a": "x", "/b": "y"}, read_only_mounts={"/a"})
    wanted = {"read_only_mounts": ["/a", "/b", "/c"]}
    findings = find("container", see(web), name="web", **wanted)
    assert [finding.found for finding in findings] == [
        "can be written",
        "nothing mounted",
    ]


def test_nothing_may_be_mounted():
    web = make_container(mounts={"/run/engine.sock": "/run/docker.sock"})
    assert fields("container", see(web), name="web", no_mounts=True) == ["no_mounts"]
    assert fields("container", see(web), name="web", no_mounts=False) == []
    web = make_container()
    assert fields("container", see(web), name="web", no_mounts=True) == []


def test_a_folder_of_the_machine_may_be_asked_for():
    web = make_container(mounts={"/a": "/home/ada/site", "/b": "store"})
    findings = find("container", see(web), name="web", bind_mounts=["/a", "/b", "/c"])
    assert [finding.found for finding in findings] == [
        "the volume store",
        "nothing mounted",
    ]
