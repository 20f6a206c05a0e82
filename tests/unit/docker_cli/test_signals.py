import signal

from labkit.docker_cli.signals import names


def test_knows_the_machines_signals_by_name():
    found = names()
    assert found["SIGINT"] == signal.SIGINT
    assert found["SIGWINCH"] == signal.SIGWINCH
    assert not any(name.startswith("SIG_") for name in found)
