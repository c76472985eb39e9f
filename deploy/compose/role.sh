#!/bin/sh
# Runs once, in the fresh database: the product's role owns the tables and is no superuser, because superusers pass the
# walls between tenants.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname sixfaces \
    --set password="$(cat /run/secrets/postgres_sixfaces_password)" <<'SQL'
CREATE ROLE sixfaces LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
ALTER DATABASE sixfaces OWNER TO sixfaces;
ALTER SCHEMA public OWNER TO sixfaces;
REVOKE ALL ON DATABASE sixfaces FROM PUBLIC;
SQL
