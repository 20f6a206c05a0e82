"""The vocabulary of expected state: one family of checks a module."""
