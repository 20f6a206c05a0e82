#!/bin/sh
# As mongo's own: flags go to mongod, root becomes mongodb, and with
# MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD set the first start makes
# that user and every start asks for a login.
set -e

if [ "${1#-}" != "$1" ]; then
    set -- mongod "$@"
fi

read_secret() { # read_secret NAME: takes NAME from the file that NAME_FILE names
    eval "file=\${${1}_FILE:-}"
    if [ -n "$file" ]; then
        export "$1=$(cat "$file")"
        unset "${1}_FILE"
    fi
}

if [ "$1" = mongod ]; then
    if [ "$(id -u)" = 0 ]; then
        chown -R mongodb:mongodb /data/db /data/configdb
        # "--" matters: without it BusyBox's su takes the command's flags as its own.
        exec su -s /bin/sh mongodb -c 'exec "$0" "$@"' -- "$0" "$@"
    fi
    read_secret MONGO_INITDB_ROOT_USERNAME
    read_secret MONGO_INITDB_ROOT_PASSWORD
    if [ -n "$MONGO_INITDB_ROOT_USERNAME" ] && [ -n "$MONGO_INITDB_ROOT_PASSWORD" ]; then
        set -- "$@" --auth
    elif [ -n "$MONGO_INITDB_ROOT_USERNAME$MONGO_INITDB_ROOT_PASSWORD" ]; then
        echo 'error: missing MONGO_INITDB_ROOT_USERNAME or MONGO_INITDB_ROOT_PASSWORD' >&2
        echo '       both must be specified for a user to be created' >&2
        exit 1
    fi
fi

exec "$@"
