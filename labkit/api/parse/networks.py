"""The body of ``POST /networks/create``."""

from labkit.api.parse.fields import Fields
from labkit.api.versions import ApiVersion
from labkit.engine.networks.request import NetworkRequest, SubnetRequest

_NO_DUPLICATES = ApiVersion(1, 44)
"""Since then two networks of one name are refused, whatever the client says."""


def parse_network(body: Fields, version: ApiVersion) -> NetworkRequest:
    """Read a wanted network; a driver that isn't said is ``bridge``."""
    ipam = body.fields("IPAM")
    return NetworkRequest(
        name=body.text("Name"),
        driver=body.text("Driver") or "bridge",
        subnets=tuple(_subnet(item) for item in ipam.list_of_fields("Config")),
        internal=body.flag("Internal"),
        enable_ipv6=body.flag("EnableIPv6"),
        attachable=body.flag("Attachable"),
        ingress=body.flag("Ingress"),
        scope=body.text("Scope"),
        config_only=body.flag("ConfigOnly"),
        config_from=body.fields("ConfigFrom").text("Network"),
        options=body.text_map("Options"),
        labels=body.text_map("Labels"),
        ipam_driver=ipam.text("Driver") or "default",
        ipam_options=ipam.maybe_text_map("Options"),
        check_duplicate=version >= _NO_DUPLICATES or body.flag("CheckDuplicate"),
    )


def _subnet(item: Fields) -> SubnetRequest:
    return SubnetRequest(
        subnet=item.text("Subnet"),
        gateway=item.text("Gateway"),
        ip_range=item.text("IPRange"),
        auxiliary=item.text_map("AuxiliaryAddresses"),
    )
