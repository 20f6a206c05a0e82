"""``docker buildx``: a plug-in of the docker command line, for labkit's engine.

``docker build`` and Compose hand their builds to a program called ``docker-buildx``,
where there is one. This one speaks to the engine by its API only:

1. ``options`` reads the command line, or ``bake_file`` what Compose sends; both make a
   ``Wish``: all that is to be known of one build.
2. ``context`` packs folders, ``.dockerignore`` in mind; ``secrets`` reads what must not
   be written anywhere.
3. ``door`` sends that to ``POST /labkit/build``. An engine that has no such door gets
   ``POST /build`` by ``classic``, which refuses what that one can't carry.
4. What comes back are ``Update``s, drawn as BuildKit's by ``plain``, ``tty`` or
   ``rawjson``; ``outputs`` then fetches what was asked for.
"""
