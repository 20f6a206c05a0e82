"""The daemon's mirror of netd."""

from labkit.network.holdings import Holdings
from labkit.network.messages import Answer, Names, RelayedPort
from labkit.network.model import Network, Resolver

OPEN = Network("o", "open", "bridge")
CLOSED = Network("c", "closed", "bridge", internal=True)


def test_adopts_what_netd_says_it_holds() -> None:
    port = RelayedPort("tcp", "0.0.0.0", 80, "172.18.0.2", 80)
    held = Holdings()
    held.adopt(
        Answer(
            networks=(OPEN,),
            names=(Names("o", "open"),),
            relayed={"x": (port,)},
            resolvers={"x": Resolver(("o",))},
        )
    )
    assert held.networks == {"o": OPEN}
    assert held.names == {"o": Names("o", "open")}
    assert held.ports == {"x": (port,)}
    assert held.resolvers == {"x": (0, Resolver(("o",)))}


def test_a_container_in_internal_networks_only_asks_nobody_outside() -> None:
    held = Holdings(networks={"o": OPEN, "c": CLOSED})
    asks = Resolver(("c",), ("10.0.0.53",))
    assert held.confine(asks).upstream == ()
    both = Resolver(("c", "o"), ("10.0.0.53",))
    assert held.confine(both) == both


def test_a_network_nobody_knows_is_not_taken_for_internal() -> None:
    asks = Resolver(("?",), ("10.0.0.53",))
    assert Holdings().confine(asks) == asks


def test_the_first_network_wins_among_names_seen() -> None:
    held = Holdings(
        names={
            "o": Names("o", "open", {"web": ("1.1.1.1",), "db": ("1.1.1.2",)}),
            "c": Names("c", "closed", {"web": ("2.2.2.2",)}),
        }
    )
    seen = held.names_seen_by(Resolver(("c", "o")))
    assert seen == {"web": ("2.2.2.2",), "db": ("1.1.1.2",)}
    assert held.names_seen_by(None) is None
