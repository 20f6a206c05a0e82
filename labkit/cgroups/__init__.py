"""Limits and accounting of containers, through the kernel's control groups.

A cgroup is a folder: making one is mkdir(2), a limit is a number written to one of its
files, and a process is in it once its pid was written there (cgroups(7)). The kernel
knows two arrangements, and a machine has one of them or a mixture:

- **v1**: one tree of folders per controller (memory, cpu, pids ...), so that a
  container has one folder in each;
- **v2**: one tree for all, whose folders hand controllers down one level at a time.

``hierarchy`` finds out which, ``manager`` gives the same handle to either, and ``v1``
and ``v2`` hold a file a controller (``pids`` is the same in both). ``files`` is the
only place that writes.
"""
