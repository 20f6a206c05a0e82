#!/bin/sh
# As registry's own: a configuration file or a subcommand is for registry.
set -e

case "$1" in
    *.yaml | *.yml) set -- registry serve "$@" ;;
    serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac

exec "$@"
