"""What signing in needs besides a password: the second factor of an account, its recovery codes, and half a sign-in."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table, Uuid

from bot.storage.tables.columns import at, metadata, now


def _of_staff(**kw: object) -> Column[object]:
    to = ForeignKey("staff.id", ondelete="CASCADE")
    return Column("staff_id", Uuid, to, nullable=False, **kw)  # type: ignore[arg-type]


second_factors = Table(
    "second_factors",
    metadata,
    _of_staff(primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    # Without it the secret was shown and nobody has proved to have it: it protects nothing yet.
    at("confirmed_at"),
    # The newest step of 30 seconds whose code was accepted: no code of it or before it is accepted again.
    Column("last_step", BigInteger),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    # Gone with its use.
    _of_staff(index=True),
)

half_sign_ins = Table(
    "half_sign_ins",
    metadata,
    # The password was right, the second factor is still to come. This token opens nothing else.
    Column("token_hash", LargeBinary, primary_key=True),
    _of_staff(index=True),
    now("at"),
)
