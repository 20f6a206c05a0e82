#!/bin/sh
# As redis's own: flags and a configuration file are for redis-server, and root becomes
# redis. Protected mode would refuse all other containers, so it is off.
set -e

if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
    set -- redis-server "$@"
fi

if [ "$1" = redis-server ]; then
    if [ "$(id -u)" = 0 ]; then
        find . \! -user redis -exec chown redis:redis {} +
        # "--" matters: without it BusyBox's su takes the command's flags as its own.
        exec su -s /bin/sh redis -c 'exec "$0" "$@"' -- "$0" "$@"
    fi
    set -- "$@" --protected-mode no
fi

exec "$@"
