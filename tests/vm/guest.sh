#!/bin/sh
# The guest's first process: what an init system does, then the tests' own part.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
checkout=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
mkdir /checkout
mount --bind "$checkout" /checkout
for folder in /dev/shm /tmp /run; do mount -t tmpfs tmpfs $folder; done
# It may lie below one of those, and is needed where it was installed.
mkdir -p "$checkout"
mount --move /checkout "$checkout"
mount -t cgroup2 cgroup2 /sys/fs/cgroup
hostname guest
cd "$checkout" || exit 1
busybox ifconfig lo up
# For a Python that does not know it, and for what that starts in other folders.
export PYTHONPATH="$checkout" PYTHONDONTWRITEBYTECODE=1
"$1" -m tests.vm.guest
busybox reboot -f
