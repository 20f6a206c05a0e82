"""labkit: a container engine to learn containers with."""

__version__ = "0.1.0"
