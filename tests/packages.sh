#!/bin/sh
# Install the programs that the tests compare with, where that is possible.
#
# Each package is named with the program that proves it is there. Without root or
# apt-get nothing is installed, and the tests that need a missing program say so.
set -eu
missing=
for package in "$@"; do
    case $package in
        docker.io) program=dockerd ;;
        iproute2) program=ip ;;
        nftables) program=nft ;;
        qemu-system-arm) program=qemu-system-aarch64 ;;
        qemu-system-x86) program=qemu-system-x86_64 ;;
        qemu-user) program=qemu-aarch64 ;;
        busybox-static) program=busybox ;;
        *) program=$package ;;
    esac
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "not installed here (needs root and apt-get):$missing" >&2
    exit 0
fi
# A package's service must not start by itself: the tests start what they need.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
    trap 'rm -f $policy' EXIT
fi
apt-get update -q >/dev/null
# shellcheck disable=SC2086 # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
