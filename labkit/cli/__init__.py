"""The ``labkit`` command: one verb a file."""
