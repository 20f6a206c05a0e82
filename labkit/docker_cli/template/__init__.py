"""Go's ``text/template`` as ``--format`` needs it.

Three phases with a type between each: ``lexer`` makes tokens of a text, ``parser``
makes nodes of them, ``execute`` walks the nodes over a value. ``functions`` holds the
functions, ``printing`` is Go's ``fmt``; ``listing`` and ``inspecting`` join templates
to listings and to ``docker inspect``. Messages are Go's, with its positions.
"""
