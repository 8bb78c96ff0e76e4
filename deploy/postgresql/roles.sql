-- Once, as postgres:  psql -v owner="'…'" -v web="'…'" -v wal="'…'" -f roles.sql   (passwords: openssl rand -base64 33)
-- The owner makes tables and owns them; the web role is granted; the receiver only replicates.
SET password_encryption = 'scram-sha-256';
SET log_statement = 'none';
SET synchronous_commit = local;  -- the receiver cannot sign in before its role exists
CREATE ROLE hutong_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :owner;
CREATE ROLE hutong_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT PASSWORD :web;
CREATE ROLE hutong_wal LOGIN NOSUPERUSER REPLICATION PASSWORD :wal;
CREATE DATABASE hutong OWNER hutong_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE hutong FROM PUBLIC;
GRANT CONNECT ON DATABASE hutong TO hutong_web;
ALTER ROLE hutong_web SET idle_in_transaction_session_timeout = '5min';
-- an update waits at most this long for a table in use, and is then simply repeated
ALTER ROLE hutong_owner SET lock_timeout = '10s';
