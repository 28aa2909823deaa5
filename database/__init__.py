"""The songs database as a connection: a SQLite file or a PostgreSQL server, one face for both."""
