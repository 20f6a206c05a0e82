"""A Dockerfile, from its text to the stages that a target needs. Text in, types out.

1. ``parser``: text -> ``Document``: parser directives, and a ``Node`` for each
   instruction with its lines, flags, arguments and here-documents.
2. ``interpret``: ``Node`` -> ``Instruction``, a type for each keyword.
3. ``stages``: instructions -> ``Dockerfile``: the ARGs before the first FROM, then
   stages; ``graph`` says which stages a target needs, and in which order.
4. ``expand``: an ``Instruction`` and the variables in force -> an ``Instruction``
   without variables. The builder does this step by step, as values become known.

``lint`` looks at what the phases found and warns. ``ignore`` and ``match`` are the
grammars of ``.dockerignore`` and of wildcards. Nothing here reads or writes a file.

What is wrong is a ``DockerfileError`` with its lines. What is only doubtful is
collected as warnings, and parsing goes on.
"""
