"""The database: SQLite where nothing is configured, PostgreSQL where it is, through SQLAlchemy Core.

`store.SqlRecords` is the way in; `migrating.migrate` brings a database to the tables that this version knows.
"""
