"""What Alembic runs: the migrations, on the connection and in the transaction it was given."""

from alembic import context

from api.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller holds the one transaction, on both databases
)
context.run_migrations()
