#!/bin/sh
# Turns /etc/nginx/templates/NAME.template into /etc/nginx/conf.d/NAME, with the
# variables of the environment filled in and nginx's own ($host, $uri) left alone.
set -e

[ -d /etc/nginx/templates ] || exit 0
defined=$(env | cut -d= -f1 | sed 's/^/$/' | tr '\n' ' ')
for template in /etc/nginx/templates/*.template; do
    [ -f "$template" ] || continue
    envsubst "$defined" < "$template" \
        > "/etc/nginx/conf.d/$(basename "$template" .template)"
done
