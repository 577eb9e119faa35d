"""What people send besides text. The files themselves do not exist; nobody may download them."""

from __future__ import annotations

import random
from typing import Any

from tests.emulator.records import MediaKind

Json = dict[str, Any]


def content(kind: MediaKind, sender: Json, caption: str | None) -> Json:
    """The fields that a message of this kind has besides sender, chat and date."""
    fields: dict[MediaKind, Json] = {
        "photo": {
            "photo": [
                {**_file("photo"), "width": 90, "height": 67, "file_size": 1_400},
                {**_file("photo"), "width": 1280, "height": 960, "file_size": 180_000},
            ]
        },
        "sticker": {
            "sticker": {
                **_file("sticker"),
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
                "emoji": "👍",
            }
        },
        "voice": {"voice": {**_file("voice"), "duration": 3, "mime_type": "audio/ogg", "file_size": 9_000}},
        "contact": {"contact": {"phone_number": "+10000000000", "first_name": "Test", "user_id": sender["id"]}},
        "document": {
            "document": {**_file("document"), "file_name": "paper.pdf", "mime_type": "application/pdf"},
        },
        "location": {"location": {"latitude": 0.0, "longitude": 0.0}},
        "poll": {
            "poll": {
                "id": str(random.getrandbits(62)),
                "question": "?",
                "options": [
                    {"text": "A", "voter_count": 0, "persistent_id": "0"},
                    {"text": "B", "voter_count": 0, "persistent_id": "1"},
                ],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": True,
                "members_only": False,
            }
        },
    }
    return fields[kind] | ({"caption": caption} if caption else {})


def _file(prefix: str) -> Json:
    number = random.getrandbits(62)
    return {"file_id": f"{prefix}-{number}", "file_unique_id": str(number)}
