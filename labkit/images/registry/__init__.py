"""A client of registries: the OCI distribution protocol, as Docker speaks it.

    endpoints    which addresses stand for a name: mirrors, https, http on loopback
    trust        TLS: the system's certificates and ``certs.d``
    transport    one HTTP exchange: connections kept, redirects followed with care
    challenge    what a 401 asks for
    auth         and how it is answered: Basic, or a Bearer token from a token server
    failures     what a registry's refusal says, and where it may be tried again
    session      a registry that was found and greeted
    repository   manifests, blobs and tags of one repository
    resume       a blob as a stream that survives cuts
    upload       a blob on its way up, in pieces that can be sent again

It is synchronous, over ``http.client``, though aiohttp serves our API: everything below
the engine is. A layer that comes in is hashed and written to the disk, one that goes
out is read and packed; all of that blocks, and lets go of the interpreter while it
does. So each layer has a thread with a plain loop, and no event loop stands between
the socket and the disk.
"""
