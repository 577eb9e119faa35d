"""The questions of the identity check, one after the other, as a pure state machine. No clock, no network, no channel.

A form is frozen and can be dumped to JSON, so that the hub may seal it between two messages. After the case system was
asked (`code_asked`), the number, the second detail and the phone are gone from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.caseapi import identity
from bot.caseapi.client import Check
from bot.caseapi.codes import Vocabulary
from bot.caseapi.models import DocumentType, Factor, FactorType, VerifyRequest
from bot.caseapi.wording import Line, Sentence, Typed, line, meaning

LIFETIME: Final = timedelta(minutes=10)
"""How long a form stays open, from its first question."""

WITH_FOREIGNER_NUMBER: Final = frozenset(
    {
        DocumentType.IP_APPLICANT_ID,
        DocumentType.IP_STATUS_ID,
        DocumentType.TP_ID,
        DocumentType.RESIDENCE_PERMIT_CARD,
        DocumentType.STATELESS_ID,
    }
)

# Where the number can be guessed (eleven digits with check digits), the second detail must not be: it is the card's own
# number. Papers have a reference that cannot be guessed; there it is what the office's own appointment page asks for.
FACTORS: Final[Mapping[DocumentType, FactorType]] = MappingProxyType(
    {
        **dict.fromkeys(WITH_FOREIGNER_NUMBER, FactorType.DOCUMENT_NO),
        DocumentType.IP_REGISTRATION_CERT: FactorType.FATHER_NAME,
        DocumentType.TP_PRE_REGISTRATION: FactorType.FATHER_NAME,
        DocumentType.INTERVIEW_APPOINTMENT: FactorType.FATHER_NAME,
        DocumentType.TRAVEL_PERMIT: FactorType.FATHER_NAME,
        DocumentType.RP_APPLICATION_RECEIPT: FactorType.PASSPORT_NO,
        DocumentType.TRAVEL_DOCUMENT: FactorType.BIRTH_DATE,
    }
)

_READERS: Final[Mapping[FactorType, Callable[[str], str | None]]] = MappingProxyType(
    {
        FactorType.FATHER_NAME: identity.person_name,
        FactorType.BIRTH_DATE: identity.birth_date,
        FactorType.PASSPORT_NO: identity.document_number,
        FactorType.DOCUMENT_NO: identity.document_number,
    }
)


class Step(StrEnum):
    """Which question is open."""

    DOCUMENT = "document"
    NUMBER = "number"
    FACTOR = "factor"
    PHONE = "phone"
    CODE = "code"


class Input(StrEnum):
    """What kind of answer a question wants: decides keyboard and masking, never the reading."""

    CHOICE = "choice"
    DIGITS = "digits"
    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    PHONE = "phone"
    CODE = "code"


_INPUTS: Final = MappingProxyType(
    {
        FactorType.FATHER_NAME: Input.NAME,
        FactorType.BIRTH_DATE: Input.DATE,
        FactorType.PASSPORT_NO: Input.NUMBER,
        FactorType.DOCUMENT_NO: Input.NUMBER,
    }
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question. `choices` are (value to send back, label); a channel without buttons numbers them from 1."""

    step: Step
    question: Line
    input: Input
    choices: tuple[tuple[str, Sentence], ...] = ()


class Form(BaseModel):
    """An open identity check. Holds identity data until the code is asked for: keep it sealed or in memory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Check
    language: str
    opened_at: AwareDatetime
    step: Step = Step.DOCUMENT
    document: DocumentType | None = None
    number: str = ""
    factor: str = ""
    masked_phone: str = ""
    subject: str = ""
    neighbourhood: str = ""
    challenge_id: str = ""
    code_until: AwareDatetime | None = None
    attempt: int | None = None
    wrong_codes: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """Go on with this form: say the notices, then the question."""

    form: Form
    notices: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Identified:
    """All details are there; the case system can be asked for a code."""

    form: Form
    identity: VerifyRequest


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A code was typed; the case system can be asked for the file."""

    form: Form
    code: str


def open_form(check: Check, language: str, now: datetime) -> Form:
    """A new form before its first question. `language` is a BCP 47 code; `now` is aware."""
    return Form(check=check, language=language, opened_at=now)


def step(form: Form, text: str) -> Ask | Identified | CodeGiven:
    """What follows from an answer. What cannot be read leads to the same question again, with a notice."""
    match form.step:
        case Step.DOCUMENT:
            return _document(form, text)
        case Step.NUMBER:
            return _number(form, text)
        case Step.FACTOR:
            return _factor(form, text)
        case Step.PHONE:
            return _phone(form, text)
        case Step.CODE:
            code = identity.one_time_code(text)
            return CodeGiven(form, code) if code else Ask(form, (line("malformed.code"),))


def code_asked(form: Form, challenge_id: str, code_until: datetime) -> Form:
    """The form after the case system was asked for a code, without what identified the person."""
    return form.model_copy(
        update={
            "step": Step.CODE,
            "number": "",
            "factor": "",
            "challenge_id": challenge_id,
            "code_until": code_until,
        }
    )


def prompt(form: Form) -> Prompt:
    """The form's open question."""
    match form.step:
        case Step.DOCUMENT:
            choices = tuple((kind.value, meaning(Vocabulary.DOCUMENT, kind.value)) for kind in DocumentType)
            return Prompt(form.step, line("ask.document"), Input.CHOICE, choices)
        case Step.NUMBER if form.document in WITH_FOREIGNER_NUMBER:
            return Prompt(form.step, line("ask.number.foreigner"), Input.DIGITS)
        case Step.NUMBER:
            return Prompt(form.step, line("ask.number.document"), Input.NUMBER)
        case Step.FACTOR:
            kind = FACTORS[_chosen(form)]
            values = {"example": Typed("31.12.1990")} if kind is FactorType.BIRTH_DATE else {}
            return Prompt(form.step, line(f"ask.factor.{kind}", **values), _INPUTS[kind])
        case Step.PHONE:
            return Prompt(form.step, line("ask.phone"), Input.PHONE)
        case Step.CODE:
            return Prompt(form.step, line("ask.code", phone=Typed(form.masked_phone)), Input.CODE)


def _document(form: Form, text: str) -> Ask:
    typed = identity.plain(text)
    kinds = tuple(DocumentType)
    if typed in DocumentType.__members__:
        chosen = DocumentType(typed)
    elif typed.isdigit() and 1 <= int(typed) <= len(kinds):
        chosen = kinds[int(typed) - 1]
    else:
        return Ask(form, (line("choose"),))
    return Ask(form.model_copy(update={"document": chosen, "step": Step.NUMBER}))


def _number(form: Form, text: str) -> Ask:
    if _chosen(form) not in WITH_FOREIGNER_NUMBER:
        number = identity.document_number(text)
        if number is None:
            return Ask(form, (line("malformed.number.document"),))
        return Ask(form.model_copy(update={"number": number, "step": Step.FACTOR}))
    number = identity.foreigner_number(text)
    if number is None:
        return Ask(form, (line("malformed.number.foreigner"),))
    unusual = () if identity.looks_like_foreigner_number(number) else (_unusual(number),)
    return Ask(form.model_copy(update={"number": number, "step": Step.FACTOR}), unusual)


def _factor(form: Form, text: str) -> Ask:
    kind = FACTORS[_chosen(form)]
    value = _READERS[kind](text)
    if value is None:
        return Ask(form, (line(f"malformed.factor.{kind}"),))
    return Ask(form.model_copy(update={"factor": value, "step": Step.PHONE}))


def _phone(form: Form, text: str) -> Ask | Identified:
    phone = identity.phone_number(text)
    if phone is None:
        return Ask(form, (line("malformed.phone"),))
    document = _chosen(form)
    asked = VerifyRequest(
        doc_type=document,
        id_number=form.number,
        factor=Factor(type=FACTORS[document], value=form.factor),
        phone=phone,
        lang=form.language,
    )
    return Identified(form.model_copy(update={"masked_phone": identity.masked_phone(phone)}), asked)


def _unusual(number: str) -> Line:
    return line("unusual-number", number=Typed(identity.masked(number)))


def _chosen(form: Form) -> DocumentType:
    if form.document is None:
        raise ValueError(f"a form at step {form.step} has a document")
    return form.document
