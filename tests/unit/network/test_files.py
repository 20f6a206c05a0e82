"""The three files, byte for byte as a real dockerd writes them."""

from labkit.network.files import (
    FALLBACK_RESOLVERS,
    ResolverFile,
    copied_resolver_file,
    embedded_resolver_file,
    hostname_file,
    hosts_file,
    own_names,
    parse_resolver_file,
    resolver_file,
    upstream_servers,
)

# cat /etc/hosts in a container of a real dockerd: --hostname myhost --domainname ex.org
# --add-host foo:1.2.3.4, then connected to a second network
GOLDEN_HOSTS = """\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
1.2.3.4\tfoo
172.40.0.2\tmyhost.ex.org myhost
172.41.0.2\tmyhost.ex.org myhost
"""


def test_hosts_is_what_dockerd_writes() -> None:
    names = own_names("myhost", "ex.org")
    own = [("172.40.0.2", names), ("172.41.0.2", names)]
    assert hosts_file(own, [("1.2.3.4", "foo")]) == GOLDEN_HOSTS


def test_a_host_name_with_dots_has_a_short_form() -> None:
    assert own_names("web.example.org") == "web.example.org web"
    assert own_names("web") == "web"


def test_hostname_ends_its_line() -> None:
    assert hostname_file("web") == "web\n"


def test_a_user_network_has_the_embedded_server() -> None:
    content = embedded_resolver_file(ResolverFile(("10.0.0.53",)), ResolverFile())
    assert resolver_file(content) == "nameserver 127.0.0.11\noptions ndots:0\n"


def test_wishes_stand_before_the_embedded_servers_own() -> None:
    wishes = ResolverFile(("9.9.9.9",), ("a.b",), ("timeout:1",))
    content = embedded_resolver_file(ResolverFile(("10.0.0.53",)), wishes)
    assert resolver_file(content) == (
        "search a.b\nnameserver 127.0.0.11\noptions timeout:1 ndots:0\n"
    )


def test_ndots_that_was_asked_for_stays() -> None:
    wishes = ResolverFile(options=("ndots:3",))
    assert embedded_resolver_file(ResolverFile(), wishes).options == ("ndots:3",)


def test_the_default_bridge_copies_the_hosts() -> None:
    host = ResolverFile(("10.0.0.53",), ("corp",), ())
    content = copied_resolver_file(host, ResolverFile())
    assert resolver_file(content) == "search corp\nnameserver 10.0.0.53\n"


def test_wishes_replace_the_hosts_each_by_itself() -> None:
    host = ResolverFile(("10.0.0.53",), ("corp",), ())
    wishes = ResolverFile(("8.8.8.8",), ("x.y",), ("ndots:2",))
    assert resolver_file(copied_resolver_file(host, wishes)) == (
        "search x.y\nnameserver 8.8.8.8\noptions ndots:2\n"
    )


def test_a_resolver_on_the_hosts_loopback_is_not_copied() -> None:
    host = ResolverFile(("127.0.0.53", "::1"))
    assert copied_resolver_file(host, ResolverFile()).servers == FALLBACK_RESOLVERS


def test_but_the_embedded_server_asks_it() -> None:
    assert upstream_servers(ResolverFile(("127.0.0.53",))) == ("127.0.0.53",)
    assert upstream_servers(ResolverFile(("127.0.0.53",)), ("9.9.9.9",)) == ("9.9.9.9",)
    assert upstream_servers(ResolverFile()) == FALLBACK_RESOLVERS


def test_reads_a_resolv_conf_with_all_its_oddities() -> None:
    text = (
        "# comment\nnameserver 10.0.0.1 ; trailing\n\ndomain old\nsearch a b .\n"
        "options ndots:1\noptions timeout:2\nnameserver\nnameserver fe80::1%eth0\n"
    )
    assert parse_resolver_file(text) == ResolverFile(
        ("10.0.0.1", "fe80::1%eth0"), ("a", "b"), ("ndots:1", "timeout:2")
    )


def test_a_lone_dot_is_no_search_domain() -> None:
    host, wishes = ResolverFile(search=("corp",)), ResolverFile(search=(".",))
    assert copied_resolver_file(host, wishes).search == ()
    assert embedded_resolver_file(host, wishes).search == ()
