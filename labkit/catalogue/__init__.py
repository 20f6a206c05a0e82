"""The bundled images: real software, assembled on this machine at set-up.

No binary lies in the repository, and no registry is asked. A recipe says which files
of which packages make a layer; the packages come from three sources that sign or hash
what they give:

    recipes/   what is in a layer, what is an image        LayerRecipe, ImageRecipe
    lock.json  the versions and hashes that were tried     lock.py
    sources/   apt, pip and npm bring the packages         -> files in the cache
    tree.py    files picked from packages make a tree      -> deterministic layer tar
    elf.py     every shared library that is needed is there, or the build fails
    layout.py  layers, configurations and names            -> an OCI layout in the cache
    engine.py  from there into an engine, over Docker's API
    bundle.py  from there into one file for a room without network, and back

Each step gives the same bytes for the same input. So an image has the same id on all
machines that got the same packages, and an unchanged catalogue is known by a
fingerprint without looking at any of it.
"""
