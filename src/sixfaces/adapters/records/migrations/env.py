"""Runs the steps on the connection that `migrating` hands over: one transaction for all of them."""

from alembic import context

from sixfaces.adapters.records.walls import metadata


def run() -> None:
    """Alembic imports this module to have it done."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,  # SQLite's DDL is, once BEGIN is said by hand
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
