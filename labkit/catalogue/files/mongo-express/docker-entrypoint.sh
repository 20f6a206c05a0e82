#!/bin/sh
# Runs mongo-express, or whatever other command was given. The page asks for no login
# unless ME_CONFIG_BASICAUTH=true or ME_CONFIG_BASICAUTH_USERNAME is set.
set -e

if [ $# -gt 0 ] && [ "$1" != mongo-express ]; then
    exec "$@"
fi

if [ -z "$ME_CONFIG_BASICAUTH_USERNAME$ME_CONFIG_BASICAUTH_USERNAME_FILE" ]; then
    if [ "$ME_CONFIG_BASICAUTH" = true ]; then
        unset ME_CONFIG_BASICAUTH_USERNAME # mongo-express then takes admin and pass
    else
        export ME_CONFIG_BASICAUTH_USERNAME=
        # With its default password mongo-express warns of a login that isn't asked.
        export ME_CONFIG_BASICAUTH_PASSWORD=unused
    fi
fi

export NODE_NO_WARNINGS=1 # passwords go as they are: an optional module is left out
cd /app/node_modules/mongo-express
exec node /app/start.js
