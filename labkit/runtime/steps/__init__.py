"""What happens between clone(2) and the user's program, as named steps in order.

``order`` holds the lists; each step is ``step(kernel, context)`` in a file with its
likes. A step touches the machine only through ``kernel``, so that the recording kernel
can run the lists, too.
"""
