from tests.unit.grading.build import attach, fields, find, make_container, see


def test_a_network_that_is_missing_is_named_with_those_there():
    seen = see(make_container(attachments=attach("bridge")))
    (finding,) = find("container", seen, name="web", networks=["net"])
    assert finding.field == "networks"
    assert (finding.expected, finding.found) == ("on net", "on bridge")


def test_further_networks_are_fine_unless_only_these():
    seen = see(make_container(attachments=attach("net", "bridge")))
    assert fields("container", seen, name="web", networks=["net"]) == []
    assert fields("container", seen, name="web", only_networks=["net"]) == [
        "only_networks"
    ]
    both = ["bridge", "net"]
    assert fields("container", seen, name="web", only_networks=both) == []


def test_refuses_a_network_it_must_not_be_on():
    seen = see(make_container(attachments=attach("net")))
    assert fields("container", seen, name="web", not_networks=["bridge"]) == []
    assert fields("container", seen, name="web", not_networks=["net"]) == [
        "not_networks"
    ]


def test_knows_that_default_means_bridge():
    seen = see(make_container(network_mode="default"))
    assert fields("container", seen, name="web", network_mode="bridge") == []
    assert fields("container", seen, name="web", network_mode="none") == [
        "network_mode"
    ]


def test_a_shared_namespace_is_compared_by_the_others_id():
    other = make_container("other", id="ab" * 32)
    shares = make_container(network_mode=f"container:{other.id}")
    wanted = {"name": "web", "network_mode": "container:other"}
    assert fields("container", see(shares, other), **wanted) == []
    assert fields("container", see(shares), **wanted) == ["network_mode"]
    alone = make_container(network_mode="default")
    assert fields("container", see(alone, other), **wanted) == ["network_mode"]


def test_another_containers_network_is_told_without_its_id():
    seen = see(make_container(network_mode="container:" + "ab" * 32))
    (finding,) = find("container", seen, name="web", network_mode="bridge")
    assert finding.found == "the network of another container"
    assert finding.next_step.endswith("again with `--network bridge`")


def test_an_alias_counts_on_its_network_only():
    seen = see(make_container(attachments=attach("a", "b", a=("cache",))))
    assert fields("container", seen, name="web", aliases={"a": ["cache"]}) == []
    assert fields("container", seen, name="web", aliases={"b": ["cache"]}) == [
        "aliases.b"
    ]
    (finding,) = find("container", seen, name="web", aliases={"c": ["cache"]})
    assert finding.found == "not on that network"


def test_process_numbers_are_shared_with_the_one_asked_for():
    room = make_container("room", id="ab" * 32)
    wanted = {"name": "web", "pid_mode": "container:room"}
    for mode, field in (
        (f"container:{room.id}", []),
        ("container:room", []),
        ("container:" + "cd" * 32, ["pid_mode"]),
        ("host", ["pid_mode"]),
        ("", ["pid_mode"]),
    ):
        seen = see(make_container(pid_mode=mode), room)
        assert fields("container", seen, **wanted) == field
