"""What every table is made with: one naming of constraints, and the columns that many have."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    MetaData,
    Uuid,
    func,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def at(name: str, **kw: object) -> Column[object]:
    return Column(name, DateTime(timezone=True), **kw)  # type: ignore[arg-type]


def now(name: str) -> Column[object]:
    return at(name, nullable=False, server_default=func.now())


def conversation(**kw: object) -> Column[object]:
    return Column(
        "conversation_id",
        Uuid,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        **kw,  # type: ignore[arg-type]
    )
