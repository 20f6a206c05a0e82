"""``docker context inspect``."""

from __future__ import annotations

from labkit.docker_cli.arguments import ANY
from labkit.docker_cli.contexts import DEFAULT, load, meta_folder, tls_folder
from labkit.docker_cli.inspecting import inspect_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = ANY
_IN_MEMORY = "<IN MEMORY>"


def run(cli: Cli, call: Call) -> int:
    """Print all that is known of contexts."""
    call.arguments = call.arguments or [cli.context_name]

    def find(name: str) -> Json:
        return describe(cli, name)

    return inspect_each(cli, call, find, "context.contextWithTLSListing")


def describe(cli: Cli, name: str) -> Json:
    """Return a context as Docker's command line shows it."""
    if name == DEFAULT:
        host, skip = cli.endpoint.host, False
        metadata: Json = {}
        storage = {"MetadataPath": _IN_MEMORY, "TLSPath": _IN_MEMORY}
    else:
        context = load(cli.config, name)
        host, skip = context.host, context.skip_tls_verify
        metadata = {"Description": context.description} if context.description else {}
        storage = {
            "MetadataPath": meta_folder(cli.config, name),
            "TLSPath": tls_folder(cli.config, name),
        }
    return {
        "Name": name,
        "Metadata": metadata,
        "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": skip}},
        "TLSMaterial": {},
        "Storage": storage,
    }
