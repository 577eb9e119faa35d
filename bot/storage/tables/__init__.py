"""The tables. What people write stands only in `bytea` columns named `sealed_…`; everything else is safe to dump.

States are derived where that is cheap and stored where the path of a message needs an index. Order inside a
conversation is the order of `id`, which the database hands out under the conversation's append lock (`bot.post.inbox`).
"""

from bot.storage.tables.checks import alarms, verification_attempts
from bot.storage.tables.columns import metadata
from bot.storage.tables.kiosks import continuations, kiosks, visits
from bot.storage.tables.office import audit, case_entries, cases, staff, staff_sessions, translations
from bot.storage.tables.post import (
    QUEUED,
    RECEIVED,
    SENDING,
    choices,
    conversations,
    cursors,
    forms,
    inbox,
    outbox,
    turns,
)
from bot.storage.tables.signing import half_sign_ins, recovery_codes, second_factors
from bot.storage.tables.unasked import case_changes, consents, reminders, subscriptions

__all__ = [
    "QUEUED",
    "RECEIVED",
    "SENDING",
    "alarms",
    "audit",
    "case_changes",
    "case_entries",
    "cases",
    "choices",
    "consents",
    "continuations",
    "conversations",
    "cursors",
    "forms",
    "half_sign_ins",
    "inbox",
    "kiosks",
    "metadata",
    "outbox",
    "recovery_codes",
    "reminders",
    "second_factors",
    "staff",
    "staff_sessions",
    "subscriptions",
    "translations",
    "turns",
    "verification_attempts",
    "visits",
]
