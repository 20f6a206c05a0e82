"""System calls by number: a table for each architecture that we know.

A filter sees numbers only, and they differ: ``open`` is 2 on x86_64 and does not exist
on aarch64, which has nothing but ``openat`` (56). From 424 on all agree.
"""
