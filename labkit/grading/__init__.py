"""From a YAML file to a verdict, in five phases with a type between each.

1. ``load``    a file            -> ``Source`` (checked against the schema, with lines)
2. ``load``    Source, seed      -> ``Exercise`` (this learner's values filled in)
3. ``checks``  Check             -> the ``Probe``s it needs
4. ``observe`` probes            -> ``Observation`` (one snapshot through the API)
5. ``judge``   Exercise, Observation -> ``Verdict``s; pure

``report`` prints verdicts, ``watch`` grades again on the engine's events, ``receipt``
signs what was seen, so that somebody else can do phase 5 once more. Only ``observe``
(and ``scripts``, which run what an author or a learner would type) touch an engine.
"""
