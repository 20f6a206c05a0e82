#!/bin/sh
# As postgres's own: flags are for postgres, root becomes postgres, and the first start
# makes the cluster, the user, the database, and runs /docker-entrypoint-initdb.d.
set -e

if [ "${1#-}" != "$1" ]; then
    set -- postgres "$@"
fi

read_secret() { # read_secret NAME: takes NAME from the file that NAME_FILE names
    eval "file=\${${1}_FILE:-}"
    if [ -n "$file" ]; then
        export "$1=$(cat "$file")"
        unset "${1}_FILE"
    fi
}

run_script() {
    case "$1" in
        *.sh) echo "$0: running $1" && . "$1" ;;
        *.sql) echo "$0: running $1" && psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$1" ;;
        *.sql.gz) echo "$0: running $1" && zcat "$1" | psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" ;;
        *) echo "$0: ignoring $1" ;;
    esac
}

first_start() {
    read_secret POSTGRES_PASSWORD
    read_secret POSTGRES_USER
    read_secret POSTGRES_DB
    user=${POSTGRES_USER:-postgres}
    database=${POSTGRES_DB:-$user}
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
        cat >&2 <<'MESSAGE'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".
MESSAGE
        exit 1
    fi
    printf '%s\n' "$POSTGRES_PASSWORD" > /run/postgresql/password
    initdb -D "$PGDATA" -U "$user" --pwfile=/run/postgresql/password --auth-local=trust \
        --auth-host="$method" -E UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
    rm /run/postgresql/password
    printf 'host all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
    # Nobody but this script can reach the server yet: a half-made one is not seen.
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
    if [ "$database" != postgres ]; then
        psql -v ON_ERROR_STOP=1 -U "$user" -d postgres -c "CREATE DATABASE \"$database\""
    fi
    for script in /docker-entrypoint-initdb.d/*; do
        [ -f "$script" ] && run_script "$script"
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    echo 'PostgreSQL init process complete; ready for start up.'
}

if [ "$1" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA" /run/postgresql
        chown -R postgres:postgres "$PGDATA" /run/postgresql
        chmod 700 "$PGDATA"
        exec su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$0" "$@"
    fi
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        first_start
    fi
    set -- "$@" -c "listen_addresses=*"
fi

exec "$@"
