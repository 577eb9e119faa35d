"""The messages of `openapi.yaml` as Python: strict, frozen, and closed to fields the contract does not name.

A test compares every model with the contract's schema of the same name. What codes mean is `bot.caseapi.phrases`'
business; here a code is only well formed, because an office may use codes that Rehber does not know yet.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

# Control characters, bidi controls and markup have no place in an address: they can forge what a person reads.
_PLAIN: Final = r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069<>]*$"

_RFC3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
# Systems that have no date often send 0001-01-01 or 9999-12-31. Neither may be read out to anybody.
_YEARS: Final = range(1990, 2101)


_Day = TypeVar("_Day", date, datetime)


def _written_out(value: Any) -> Any:
    # Pydantic alone also takes "1700000000" for a moment.
    if not isinstance(value, str):
        return value
    if not _RFC3339.fullmatch(value):
        raise ValueError("not a date-time of RFC 3339 with its offset")
    return datetime.fromisoformat(value)


def _plausible(value: _Day) -> _Day:
    if value.year not in _YEARS:
        raise ValueError("not a year of our time")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_plausible)]
Day = Annotated[date, AfterValidator(_plausible)]
Opaque = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{16,128}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9/\-]{4,32}$")]
PlainText = Annotated[str, StringConstraints(pattern=_PLAIN, min_length=1, max_length=300)]


class DocumentType(StrEnum):
    """Documents by which the office knows a person. Formats of their numbers are not public: numbers are opaque."""

    IP_REGISTRATION_CERT = "IP_REGISTRATION_CERT"
    IP_APPLICANT_ID = "IP_APPLICANT_ID"
    IP_STATUS_ID = "IP_STATUS_ID"
    TP_PRE_REGISTRATION = "TP_PRE_REGISTRATION"
    TP_ID = "TP_ID"
    RESIDENCE_PERMIT_CARD = "RESIDENCE_PERMIT_CARD"
    RP_APPLICATION_RECEIPT = "RP_APPLICATION_RECEIPT"
    STATELESS_ID = "STATELESS_ID"
    TRAVEL_PERMIT = "TRAVEL_PERMIT"
    INTERVIEW_APPOINTMENT = "INTERVIEW_APPOINTMENT"
    TRAVEL_DOCUMENT = "TRAVEL_DOCUMENT"


class FactorType(StrEnum):
    """The second thing asked for, which the person knows or holds besides the number."""

    FATHER_NAME = "father_name"
    BIRTH_DATE = "birth_date"
    PASSPORT_NO = "passport_no"
    DOCUMENT_NO = "document_no"


class Message(BaseModel):
    """Base of all messages: no coercion, no unknown fields, no change after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Factor(Message):
    type: FactorType
    value: PlainText


class VerifyRequest(Message):
    """Starts an identity check. The phone is the one the person says is registered, in E.164."""

    doc_type: DocumentType
    id_number: DocumentNumber
    factor: Factor
    phone: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{7,14}$")]
    lang: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Challenge(Message):
    """The same for known and unknown people; whether a code was really sent is not said."""

    challenge_id: Opaque
    channel: Literal["sms"]
    masked_to: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{2}\*{5}[0-9]{2}$")]
    expires_in: Annotated[int, Field(ge=30, le=900)]


class CodeRequest(Message):
    otp: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Session(Message):
    """A confirmed identity. `subject` names the file in every later answer, and only in this session."""

    challenge_id: Opaque
    session: Opaque
    subject: Opaque
    expires_in: Annotated[int, Field(ge=30, le=900)]


class Report(Message):
    """Base of the answers about one file: whose it is, and when the case system looked."""

    subject: Opaque
    as_of: Moment


class Appointment(Message):
    """Times carry their offset; `unit` and `address` are the office's own words."""

    id: Opaque
    type: Code
    unit: PlainText
    address: PlainText
    start: Moment
    end: Moment
    status: Code
    items_to_bring: Annotated[tuple[Code, ...], Field(max_length=20)]

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end < self.start:
            raise ValueError("the appointment ends before it starts")
        return self


class Appointments(Report):
    appointments: Annotated[tuple[Appointment, ...], Field(max_length=20)]


class Period(Message):
    """Base of what is valid from one day to another, both included. Days that are not fixed yet are null."""

    valid_from: Day | None
    valid_to: Day | None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("the period ends before it starts")
        return self


class Permit(Period):
    """A residence permit, or an application for one."""

    kind: Code
    status: Code
    next_step_code: Code | None


class Permits(Report):
    permits: Annotated[tuple[Permit, ...], Field(max_length=20)]


class Protection(Message):
    """International (IP) or temporary (TP) protection. No decision is ever named: the contract says why."""

    track: Literal["IP", "TP"]
    status: Code
    province: PlainText
    next_step_code: Code | None
    see_officer: bool


class ProtectionReport(Report):
    protection: Protection | None


class TravelPermit(Period):
    """Permission to leave the province for a time."""

    province: PlainText
    status: Code


class TravelPermits(Report):
    travel_permits: Annotated[tuple[TravelPermit, ...], Field(max_length=20)]


class Problem(Message):
    """RFC 9457. `code` is for programs; `challenge_id` stands in the answers to a code."""

    type: Literal["about:blank"]
    title: PlainText
    status: Annotated[int, Field(ge=400, le=599)]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z\-]{1,39}$")]
    challenge_id: Opaque | None = None


class Health(Message):
    status: Literal["ok"]
    sandbox: bool


class Token(Message):
    """RFC 6749 section 5.1. Other fields may stand beside these; that section wants them to be left alone."""

    model_config = ConfigDict(extra="ignore")

    access_token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-._~+/]{8,4096}={0,2}$")]
    token_type: Annotated[str, StringConstraints(pattern=r"^[Bb]earer$")]
    expires_in: Annotated[int, Field(ge=60, le=86_400)]
    scope: Annotated[str, StringConstraints(max_length=300)] | None = None


class SubscriptionRequest(Message):
    """What changes of one file the caller wants to hear of. Where it listens is agreed with the office, never sent."""

    kinds: Annotated[tuple[Code, ...], Field(min_length=1, max_length=10)]


class Subscription(Message):
    """`subscription_id` is all that an announcement says about whose file has changed."""

    subject: Opaque
    subscription_id: Opaque
    expires_at: Moment


class CaseChanged(Message):
    """Something of this kind has changed in the file of a subscription; what, only a new identity check can tell."""

    type: Literal["case.changed"]
    event_id: Opaque
    subscription_id: Opaque
    kind: Code
    at: Moment
