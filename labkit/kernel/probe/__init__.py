"""What this machine lets us do, found out by doing it.

Version numbers and settings lie: a distribution switches user namespaces off by an
AppArmor rule that lets unshare(2) succeed and then takes every capability away; a
hosted notebook runs as root and may mount nothing; a kernel of the right version was
built without bridges. So each thing that the engine needs is *tried*, in a forked child
that takes all it made with it when it ends.
"""
