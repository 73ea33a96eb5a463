"""How Alembic runs the versions: on the connection that a store hands over, and no other."""

from alembic import context

from api.store.access_tables import audit

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=audit.metadata,  # of all tables
    version_table="schema_version",
)
context.run_migrations()
