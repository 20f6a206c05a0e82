#!/bin/sh
# As mysql's and mariadb's own: flags are for the server, and the first start makes the
# system tables, root's password, and the user and database that were asked for.
set -e

DATA=/var/lib/mysql
TABLES=/usr/share/mariadb

if [ "${1#-}" != "$1" ]; then
    set -- mysqld "$@"
fi

setting() { # setting NAME: the value of MYSQL_NAME or MARIADB_NAME, or of its _FILE
    eval "value=\${MYSQL_$1:-\${MARIADB_$1:-}}"
    eval "file=\${MYSQL_$1_FILE:-\${MARIADB_$1_FILE:-}}"
    if [ -z "$value" ] && [ -n "$file" ]; then
        value=$(cat "$file")
    fi
    printf '%s' "$value"
}

quoted() { # a text as SQL writes it
    printf "'%s'" "$(printf '%s' "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"
}

# The server runs SQL from its input; one statement a line, or it takes them for one.
bootstrap() {
    mariadbd --user=mysql --bootstrap --skip-log-bin
}

first_start() {
    root=$(setting ROOT_PASSWORD)
    if [ -z "$root$(setting ALLOW_EMPTY_PASSWORD)$(setting RANDOM_ROOT_PASSWORD)" ]; then
        cat >&2 <<'MESSAGE'
[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD
MESSAGE
        exit 1
    fi
    if [ -z "$root" ] && [ -n "$(setting RANDOM_ROOT_PASSWORD)" ]; then
        root=$(head -c 24 /dev/urandom | base64)
        echo "GENERATED ROOT PASSWORD: $root"
    fi
    echo 'Initializing database files'
    {
        echo 'create database mysql;'
        echo 'use mysql;'
        cat "$TABLES/mariadb_system_tables.sql" "$TABLES/mariadb_performance_tables.sql" \
            "$TABLES/mariadb_system_tables_data.sql"
    } | bootstrap
    accounts "$root" | bootstrap
    echo 'MySQL init process done. Ready for start up.'
}

accounts() {
    database=$(setting DATABASE)
    user=$(setting USER)
    echo 'flush privileges;'
    for host in localhost %; do
        echo "create or replace user root@'$host' identified by $(quoted "$1");"
        echo "grant all on *.* to root@'$host' with grant option;"
    done
    if [ -n "$database" ]; then
        echo "create database if not exists \`$database\`;"
    fi
    if [ -n "$user" ]; then
        account="$(quoted "$user")@'%'"
        echo "create user if not exists $account identified by $(quoted "$(setting PASSWORD)");"
        if [ -n "$database" ]; then
            echo "grant all on \`$database\`.* to $account;"
        fi
    fi
    echo 'flush privileges;'
}

# Scripts run on a server that no other container can reach.
run_scripts() {
    ls /docker-entrypoint-initdb.d/* > /dev/null 2>&1 || return 0
    mariadbd --user=mysql --skip-networking &
    server=$!
    export MYSQL_PWD="$root"
    until mariadb-admin -u root ping > /dev/null 2>&1; do
        kill -0 "$server" # ends this script when the server has ended
        sleep 0.1
    done
    for script in /docker-entrypoint-initdb.d/*; do
        echo "$0: running $script"
        case "$script" in
            *.sh) . "$script" ;;
            *.sql) mariadb -u root ${database:+"$database"} < "$script" ;;
            *) echo "$0: ignoring $script" ;;
        esac
    done
    mariadb-admin -u root shutdown
    wait "$server"
    unset MYSQL_PWD
}

if [ "$1" = mysqld ] || [ "$1" = mariadbd ]; then
    shift
    set -- mariadbd --user=mysql "$@"
    mkdir -p /run/mysqld
    chown -R mysql:mysql /run/mysqld "$DATA"
    if [ ! -d "$DATA/mysql" ]; then
        first_start
        database=$(setting DATABASE)
        run_scripts
    fi
fi

exec "$@"
