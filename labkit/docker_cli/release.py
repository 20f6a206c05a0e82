"""Which release of Docker's command line this one looks like, and what it is."""

VERSION = "28.2.2"
"""Whose looks these are."""

COMMIT = "labkit"
"""What stands where Docker's own has the commit that it was built of."""
