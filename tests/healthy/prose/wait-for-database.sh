#!/bin/sh
# Waits for the database before the migrations: "connection refused" is normal in the first seconds.
set -eu
tries=0
until pg_isready -h "$DB_HOST" -t 3; do
  tries=$((tries + 1))
  if [ "$tries" -gt 30 ]; then
    echo "error: the database $DB_HOST does not answer: connection refused or timed out" >&2
    exit 1
  fi
  sleep 2
done
trap 'echo "migration failed with $?" >&2' ERR
exec migrate up
