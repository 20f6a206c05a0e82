"""Bodies of network create."""

from labkit.api.parse.fields import Fields
from labkit.api.parse.networks import parse_network
from labkit.api.versions import ApiVersion
from labkit.engine.networks.create import SubnetRequest

OLD, NEW = ApiVersion(1, 43), ApiVersion(1, 44)


def test_reads_all_of_it() -> None:
    config = {
        "Subnet": "10.0.0.0/24",
        "Gateway": "10.0.0.1",
        "IPRange": "10.0.0.128/25",
        "AuxiliaryAddresses": {"router": "10.0.0.2"},
    }
    request = parse_network(
        Fields({"Name": "net", "Internal": True, "IPAM": {"Config": [config]}}), NEW
    )
    assert (request.name, request.driver, request.internal) == ("net", "bridge", True)
    assert request.subnets == (
        SubnetRequest(
            "10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", {"router": "10.0.0.2"}
        ),
    )


def test_duplicates_are_the_clients_matter_before_1_44() -> None:
    assert parse_network(Fields({}), NEW).check_duplicate
    assert not parse_network(Fields({}), OLD).check_duplicate
    assert parse_network(Fields({"CheckDuplicate": True}), OLD).check_duplicate
