"""The daemon: builds the engine from its parts and serves it until it is told to stop.

    config     where everything lies and what tells this engine from others
    instance   one daemon a data root: lock, pid file, socket
    wiring     the only place that knows the concrete classes
    adapters/  the layers below, which block, as the engine awaits them
    journal    the log: one line an entry
    main       from the command line to a running engine and back to nothing

Started by ``python -m labkit.daemon``. It may be killed at any time: containers belong
to their shims, networks to netd, and the next daemon adopts them.
"""
