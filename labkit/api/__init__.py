"""The Docker Engine API, spoken over a unix socket.

The floors, from the wire up:

    server      aiohttp on a socket: one handler for every request
    hijack      a connection that stops being HTTP: attach and exec
    routing     method and path -> route; the version prefix
    requests    one request as a route sees it: typed query, JSON body, the engine
    parse/      JSON bodies -> the engine's records
    routes/     one file a noun: parse, call one verb, present
    present/    the engine's records -> JSON bodies
    failures    kinds of error -> status codes: the only such table

Only this package knows HTTP and the JSON of the API. The engine below takes and gives
records; older API versions are served here, by dropping and adding fields.
"""
