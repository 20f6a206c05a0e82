"""File systems of containers: layers at the bottom, a writable folder on top.

An image's layers are unpacked once, each into a folder of its own. A container gets an
empty *upper* folder, and overlayfs shows all of them as one tree: what is written goes
to the upper, what is deleted leaves a mark there that hides what is below.

    read a file      top first:   upper -> layer 3 -> layer 2 -> layer 1
    change a file    it is copied to the upper, and changed there
    delete a file    a *whiteout* in the upper: a character device 0/0 of that name
    replace a folder an *opaque* mark on the upper's folder: nothing below shows through

In an image's tar the same marks are files, ``.wh.name`` and ``.wh..wh..opq``.
``unpack`` turns a tar into a layer's folder, ``pack`` turns an upper into a tar, and
``changes`` says what an upper did (``docker diff``). ``overlay`` keeps the folders;
``copying`` does the same where there is no overlayfs.
"""
