"""What the layers of an image hold, hide and waste.

    look.py         asks an engine for an image: `docker save`, read as it comes
    archive.py      that stream to files by layer; nothing is written to the disk
    instruction.py  what a history says, back to the line of the Dockerfile
    compare.py      what each layer adds, changes and removes; which bytes nobody sees;
                    what a build's last stage took from the one before

All of it needs Docker's API only, so it works on any Docker Engine.
"""
