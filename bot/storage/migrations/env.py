"""Alembic's entry: runs the migrations on the connection that `bot.storage.migrate` hands over."""

from alembic import context

from bot.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=lambda _object, name, kind, _reflected, _compared: (
        not (kind == "table" and str(name).startswith("procrastinate_"))
    ),
)
with context.begin_transaction():
    context.run_migrations()
