"""The bundled ``docker``: for a machine that has none, and in the lab's PATH only.

It prints what Docker's own command line (version 28) prints, to the letter, and speaks
the Docker API through a small client of its own.

How a command is found: ``main`` reads the global flags, ``commands`` names the verb's
module, ``pages`` reads the verb's help page, which is the table of its flags too, and
``run(cli, call)`` of that module does the work. One verb is one module and one page
beside it: ``container/pause.py``, ``container/pause.txt``.

What it costs to start is what a learner feels, so three rules hold in this package
alone. A verb's module is imported when it is named and not before; that, and what only
a few commands need (templates, TLS, archives), are the only late imports. Modules of
the standard library that cost ten milliseconds each are not imported on the way to
``docker ps``: ``dataclasses``, ``typing``, ``re``, ``enum``, ``argparse``, ``http``;
plain classes with ``__slots__`` stand where the rest of labkit has dataclasses. JSON is
read by the C scanner that ``json`` itself uses.
"""
