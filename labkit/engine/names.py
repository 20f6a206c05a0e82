"""Names for containers that were given none: ``quiet_hopper``.

A name is what people type, so a made-up one should be easier to say than twelve hex
digits. Left an adjective, right somebody whose work computers stand on.
"""

import random
from collections.abc import Callable

_LEFT_WORDS = """
agile amber ample brave bright brisk calm candid clever cosmic crisp curious daring
deft eager earnest elegant fair fearless fine focused frosty gentle gifted gleaming
golden happy hardy honest humble jolly keen kind lively lucid merry mild modest neat
nimble noble optimistic patient placid pleasant polite proud quick quiet quirky
radiant ready relaxed serene sharp shiny silent sincere smooth snappy sober solid
spry steady stoic sunny swift tender tidy trusting upbeat vibrant vigilant vivid
warm wise witty zealous zen
"""
_RIGHT_WORDS = """
abelson aho allen babbage backus bartik berners boole booth borg brooks burks cerf
chomsky church clarke codd conway corbato curie dijkstra engelbart erdos euler fagin
feigenbaum floyd gauss goldberg goldwasser gosling gray hamilton hamming hejlsberg
hoare hopper huffman iverson jennings karp kay keller kernighan kleene knuth lamport
lampson leibniz liskov lovelace matiyasevich mccarthy meltzer milner minsky moore
neumann nygaard perlis perlman pike postel ritchie rivest sammet shamir shannon
stallman strachey sutherland tanenbaum tarjan thompson torvalds turing wilkes wirth
yao zuse
"""
_LEFT, _RIGHT = _LEFT_WORDS.split(), _RIGHT_WORDS.split()


def make_name(taken: Callable[[str], bool], seed: random.Random) -> str:
    """Return a name that is free; a digit is added where all luck fails."""
    for attempt in range(8):
        suffix = str(seed.randrange(10)) if attempt > 3 else ""
        name = f"{seed.choice(_LEFT)}_{seed.choice(_RIGHT)}{suffix}"
        if not taken(name):
            return name
    while True:
        name = f"{seed.choice(_LEFT)}_{seed.choice(_RIGHT)}{seed.randrange(10**6)}"
        if not taken(name):
            return name
