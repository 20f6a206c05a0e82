from tests.unit.cli.running import terminal

__all__ = ["terminal"]
