"""Run the migrations over the connection that `storage.migrate` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Moment, metadata


def render_plainly(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is in the database, so that old scripts stay true."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=render_plainly,
)
with context.begin_transaction():
    context.run_migrations()
