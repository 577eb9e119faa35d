"""Rasa's tracker in PostgreSQL, of which each turn reads the recent part only.

Rasa's own store reads, counts and replays every event of a session at every message, so that a long conversation gets
slower with each question. What our rules look at lies in the last few turns.
"""

from typing import Any, Final

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

RECENT_EVENTS: Final = 40
"""About five turns; a turn is six to eight events."""


class RecentTrackerStore(SQLTrackerStore):  # type: ignore[misc]  # Rasa is not installed where types are checked
    """The SQL store with a window. Its tables and options are Rasa's."""

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        # Reading and counting (`_additional_events`) both go through here, so a save still writes what is new only.
        event = self.SQLEvent
        recent = (
            session.query(event.id)
            .filter(event.sender_id == sender_id)
            .order_by(sa.desc(event.id))
            .limit(RECENT_EVENTS)
        )
        return session.query(event).filter(event.id.in_(recent)).order_by(event.id)
