"""A network's view."""

from labkit.engine.members import Member, Members, make_member
from labkit.engine.model import Attachment, ContainerConfig, EndpointRequest
from labkit.network.model import Endpoint
from tests.unit.engine.build import ID, container


def member(container_id: str, ip: str, *names: str) -> Member:
    return Member(
        container_id, names[0], names, Endpoint("e", "n", container_id, "", ip)
    )


def test_tables() -> None:
    members = Members()
    members.join("n", member("a", "10.0.0.2", "web", "www"))
    members.join("n", member("b", "10.0.0.3", "db", "www"))
    assert members.name_table("n") == {
        "web": ("10.0.0.2",),
        "db": ("10.0.0.3",),
        "www": ("10.0.0.2", "10.0.0.3"),
    }
    assert members.reverse_table("n", "net") == {
        "10.0.0.2": "web.net",
        "10.0.0.3": "db.net",
    }
    assert list(members.addresses("n")) == ["10.0.0.2", "10.0.0.3"]


def test_leaving_twice_is_fine() -> None:
    members = Members()
    members.join("n", member("a", "10.0.0.2", "web"))
    members.leave("n", "a")
    members.leave("n", "a")
    assert members.of("n") == ()
    assert members.get("n", "a") is None


def test_answers_to_name_aliases_short_id_and_host_name() -> None:
    record = container(ContainerConfig(hostname="box"))
    attachment = Attachment("n", "net", EndpointRequest(aliases=("alias", "web")))
    found = make_member(record, attachment, Endpoint("e", "n", ID))
    assert found.names == ("web", "alias", ID[:12], "box")
