"""The layers below, as the engine awaits them.

They are synchronous: a call may block in the kernel for milliseconds, and the event
loop serves all clients. So each call goes to a worker thread. A method here adds
nothing else: what a call means is told where it is defined.
"""
