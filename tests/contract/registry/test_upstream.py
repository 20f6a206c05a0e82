"""A registry's repository as a source."""

from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.images.registry.model import Settings
from labkit.images.registry.retry import Patience
from labkit.images.registry.transport import Transport
from labkit.images.upstream import registry_sources
from labkit.spec.image import Descriptor
from tests.contract.fakes.registry import FakeRegistry


def test_gives_what_the_registry_has() -> None:
    with FakeRegistry() as registry:
        digest = registry.put_manifest("a/b", "1", {})
        registry.put_blob("a/b", b"data")
        transport, settings = Transport(Settings()), Settings()
        reference = parse_reference(f"{registry.host}/a/b")
        (source,) = registry_sources(reference, settings, transport)
        assert source.repository == f"{registry.host}/a/b"
        assert source.tags() == ("1",)
        assert source.find_digest("1") == Digest(digest)
        assert source.manifest("1").digest.text == digest
        blob = Descriptor("", Digest.of(b"data"), 4)
        told: list[int] = []
        with source.open_blob(blob, Patience(), told.append, print) as stream:
            assert stream.read() == b"data"
        assert told[-1] == 4
        transport.close()


def test_nothing_is_mounted_from_a_mirror() -> None:
    with FakeRegistry() as mirror:
        settings = Settings(mirrors=(f"http://{mirror.host}",))
        transport = Transport(settings)
        source = next(registry_sources(parse_reference("app"), settings, transport))
        assert source.repository == ""
        transport.close()
