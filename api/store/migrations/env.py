"""How Alembic runs the versions: on the connection that a store hands over, and no other."""

from alembic import context

from api.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="schema_version",
)
context.run_migrations()
