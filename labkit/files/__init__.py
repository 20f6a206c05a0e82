"""Files of containers, seen from inside: ``docker cp`` and ``docker export``.

A path in a container means what it means *there*: links lead within the container's
root, volumes and binds lie where they are mounted. So no path is ever looked up from
outside. A *visitor*, a process of its own, goes in first and looks then:

    the container runs     it joins a copy of the container's mount namespace
    it does not            it mounts layers and volumes in a mount namespace of its own

and makes the container's root its own root: nothing of the host is left to reach. One
kind of link leads out of any root all the same, the magic ones of procfs
(``/proc/1/root``); so the visitor takes every procfs off before it looks at a path.

    model     what is asked and answered
    enter     the way in
    visitor   the process: reads one request, answers it
    lookup    which file a path means, by Docker's rules
    visits    the daemon's side: starts a visitor, talks to it
"""
