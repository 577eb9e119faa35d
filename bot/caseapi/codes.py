"""The codes of the contract that Rehber can put into words, by vocabulary. The words stand in `content/case/`.

A test compares this with the open lists of `openapi.yaml`. Codes of a decision against a person are in no vocabulary:
they have one sentence for all of them, as every code that Rehber does not know (docs/decisions/0013).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.caseapi.models import DocumentType


class Vocabulary(StrEnum):
    """What a code speaks of. Names the parts of the files in `content/case/`."""

    DOCUMENT = "documents"
    APPOINTMENT_TYPE = "appointment_types"
    APPOINTMENT_STATUS = "appointment_statuses"
    ITEM = "items"
    PERMIT_KIND = "permit_kinds"
    PERMIT_STATUS = "permit_statuses"
    INTERNATIONAL_PROTECTION = "international_protection_statuses"
    TEMPORARY_PROTECTION = "temporary_protection_statuses"
    TRAVEL_STATUS = "travel_permit_statuses"
    NEXT_STEP = "next_steps"


OTHER: Final = "OTHER"
"""Stands for every code that Rehber does not know, where that is harmless: the type of an appointment, not a status."""

WITH_OTHER: Final = frozenset({Vocabulary.APPOINTMENT_TYPE, Vocabulary.ITEM, Vocabulary.PERMIT_KIND})

ADVERSE: Final = frozenset({"DECISION_READY_SEE_OFFICER", "NOT_GRANTED_SEE_OFFICER", "SEE_OFFICER", "WITHDRAWN"})
"""Codes of a decision. They must never have words of their own."""

CODES: Final[Mapping[Vocabulary, frozenset[str]]] = MappingProxyType(
    {
        Vocabulary.DOCUMENT: frozenset(kind.value for kind in DocumentType),
        Vocabulary.APPOINTMENT_TYPE: frozenset(
            {"REGISTRATION", "INTERVIEW", "RESIDENCE_PERMIT", "DOCUMENT_COLLECTION", "DATA_UPDATE"}
        ),
        Vocabulary.APPOINTMENT_STATUS: frozenset({"BOOKED", "RESCHEDULED", "CANCELLED"}),
        Vocabulary.ITEM: frozenset(
            {
                "ID_DOCUMENT",
                "PASSPORT",
                "APPOINTMENT_PAPER",
                "PHOTOS",
                "ADDRESS_DOCUMENT",
                "INSURANCE",
                "FAMILY_DOCUMENTS",
            }
        ),
        Vocabulary.PERMIT_KIND: frozenset({"SHORT_TERM", "FAMILY", "STUDENT", "LONG_TERM"}),
        Vocabulary.PERMIT_STATUS: frozenset(
            {
                "APPOINTMENT_BOOKED",
                "DOCUMENTS_MISSING",
                "UNDER_REVIEW",
                "APPROVED_PRINTING",
                "CARD_DISPATCHED",
                "CARD_RETURNED",
            }
        ),
        Vocabulary.INTERNATIONAL_PROTECTION: frozenset(
            {"REGISTERED", "INTERVIEW_SCHEDULED", "INTERVIEW_RESCHEDULED", "INTERVIEW_DONE", "UNDER_ASSESSMENT"}
        ),
        Vocabulary.TEMPORARY_PROTECTION: frozenset({"PRE_REGISTERED", "ACTIVE", "UPDATE_REQUIRED"}),
        Vocabulary.TRAVEL_STATUS: frozenset({"REQUESTED", "GRANTED", "EXPIRED"}),
        Vocabulary.NEXT_STEP: frozenset(
            {
                "NOTHING_TO_DO",
                "WAIT_FOR_SMS",
                "COME_TO_APPOINTMENT",
                "BRING_MISSING_DOCUMENTS",
                "UPDATE_ADDRESS",
                "UPDATE_DATA",
                "COLLECT_CARD",
            }
        ),
    }
)


def with_words(vocabulary: Vocabulary) -> frozenset[str]:
    """What `content/case/` must have words for, and nothing else."""
    return CODES[vocabulary] | ({OTHER} if vocabulary in WITH_OTHER else frozenset())
