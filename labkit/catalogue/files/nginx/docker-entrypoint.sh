#!/bin/sh
# Runs what lies in /docker-entrypoint.d, then the command in this very process, so
# that nginx is PID 1 and gets the signal of docker stop.
set -e

if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
    for script in /docker-entrypoint.d/*; do
        [ -x "$script" ] || continue
        case "$script" in
            *.envsh) . "$script" ;;
            *.sh) "$script" ;;
        esac
    done
fi

exec "$@"
