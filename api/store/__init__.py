"""The store: records, appointments and what they occupy, in SQLite or PostgreSQL.

The database itself forbids that anything is promised twice.
"""
