"""Every word the identity check and its answer can say: name or code -> English message id.

Translations stand in `locales/`. A test compares the codes with the open lists of `openapi.yaml`, so a code of the
contract can not be without words. Nothing here names a decision against a person; see docs/decisions/0005.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.i18n.catalogues import N_

_PROMPTS: Final = {
    "ask.document": N_("Which document do you have?"),
    "ask.number.foreigner": N_("Please type the foreigner identification number on it. It has 11 digits."),
    "ask.number.document": N_("Please type the number on it. Type letters and digits as you see them."),
    "ask.factor.father_name": N_("Please type the first name of your father, as your document shows it."),
    "ask.factor.birth_date": N_("Please type your date of birth: day, month, year. For example: {example}"),
    "ask.factor.passport_no": N_("Please type the number of your passport."),
    "ask.factor.document_no": N_("Please type the document number of the card. It is not the 11-digit number."),
    "ask.phone": N_("Please type the mobile phone number that the office has for you."),
    "ask.code": N_(
        "If these details match our records, we have sent a code by SMS to {phone}. Please type the 6 digits."
    ),
}

_NOTICES: Final = {
    "choose": N_("Please choose one of the documents."),
    "malformed.number.foreigner": N_("This number does not have 11 digits. Please look at your document again."),
    "malformed.number.document": N_("I cannot read this number. Please use only letters and digits."),
    "malformed.factor.father_name": N_("I cannot read this name. Please type it with letters."),
    "malformed.factor.birth_date": N_("I cannot read this date. Please type day, month and year."),
    "malformed.factor.passport_no": N_("I cannot read this number. Please use only letters and digits."),
    "malformed.factor.document_no": N_("I cannot read this number. Please use only letters and digits."),
    "malformed.phone": N_("I cannot read this phone number. Please type all its digits."),
    "malformed.code": N_("The code has 6 digits. Please look at the SMS again."),
    "unusual-number": N_(
        "You typed {number}. Please compare it with your document. If it is wrong, stop and start again."
    ),
    "not-confirmed": N_("We could not confirm this. Please check the code and type it again."),
    "refused": N_(
        "We could not confirm your identity, so we cannot show anything here. "
        "Please ask at the desk with your document."
    ),
    "expired": N_("This check took too long and is closed. Nothing was stored. You can start again."),
    "cannot-check": N_("I cannot check now. This does not change your application."),
    "cannot-check.later": N_("Please try again in some minutes, or ask at the desk."),
}

_ANSWERS: Final = {
    "news": N_("There is news in your file. Please see an officer at the office and bring your document."),
    "appointment": N_("Appointment: {kind}"),
    "appointment.when": N_("When: {when}"),
    "appointment.where": N_("Where: {unit}, {address}"),
    "appointment.bring": N_("Please bring:"),
    "appointment.item": N_("• {item}"),
    "appointment.cancelled": N_("This appointment was cancelled: {when}. Please ask the office for a new one."),
    "appointment.passed": N_("The time of this appointment has passed: {when}. Please ask the office what to do."),
    "no-appointment": N_("There is no appointment for you in the office's system."),
    "no-file": N_("There is no application and no permit for this document in the office's system."),
    "ask-if-unexpected": N_("If you expected something else, please ask at the desk."),
    "permit.valid": N_("Valid from {first} to {last}."),
    "protection.IP": N_("International protection"),
    "protection.TP": N_("Temporary protection"),
    "protection.province": N_("Your province: {province}"),
    "travel": N_("Travel permit for {province}"),
    "travel.valid": N_("You may be there from {first} to {last}."),
    "as-of": N_("This information is from the office's system at: {when}"),
    "not-official": N_("This is information. It is not an official notification."),
}

DOCUMENTS: Final = {
    "IP_REGISTRATION_CERT": N_("Registration certificate (international protection)"),
    "IP_APPLICANT_ID": N_("Applicant identity card (international protection)"),
    "IP_STATUS_ID": N_("Status identity card (international protection)"),
    "TP_PRE_REGISTRATION": N_("Pre-registration paper (temporary protection)"),
    "TP_ID": N_("Temporary protection identity card"),
    "RESIDENCE_PERMIT_CARD": N_("Residence permit card"),
    "RP_APPLICATION_RECEIPT": N_("Residence permit application paper"),
    "STATELESS_ID": N_("Stateless person identity card"),
    "TRAVEL_PERMIT": N_("Travel permit for another province"),
    "INTERVIEW_APPOINTMENT": N_("Interview appointment paper"),
    "TRAVEL_DOCUMENT": N_("Travel document"),
}

APPOINTMENT_TYPES: Final = {
    "REGISTRATION": N_("registration"),
    "INTERVIEW": N_("interview"),
    "RESIDENCE_PERMIT": N_("residence permit"),
    "DOCUMENT_COLLECTION": N_("collecting a document"),
    "DATA_UPDATE": N_("updating your data"),
}

APPOINTMENT_STATUSES: Final = {
    "BOOKED": N_("This appointment is booked."),
    "RESCHEDULED": N_("The office has moved this appointment. Please come at the time above."),
    "CANCELLED": N_("This appointment was cancelled."),
}

ITEMS: Final = {
    "ID_DOCUMENT": N_("your identity document"),
    "PASSPORT": N_("your passport"),
    "APPOINTMENT_PAPER": N_("your appointment paper"),
    "PHOTOS": N_("biometric photos"),
    "ADDRESS_DOCUMENT": N_("a document that shows your address"),
    "INSURANCE": N_("your health insurance document"),
    "FAMILY_DOCUMENTS": N_("the documents of your family"),
}

PERMIT_KINDS: Final = {
    "SHORT_TERM": N_("Short-term residence permit"),
    "FAMILY": N_("Family residence permit"),
    "STUDENT": N_("Student residence permit"),
    "LONG_TERM": N_("Long-term residence permit"),
}

_NEWS: Final = _ANSWERS["news"]

PERMIT_STATUSES: Final = {
    "APPOINTMENT_BOOKED": N_("Your appointment is booked."),
    "DOCUMENTS_MISSING": N_("A document is missing in your application."),
    "UNDER_REVIEW": N_("The office is examining your application."),
    "APPROVED_PRINTING": N_("Your card is being printed."),
    "CARD_DISPATCHED": N_("Your card is on its way by post."),
    "CARD_RETURNED": N_("The post could not deliver your card. It is back at the office."),
    "DECISION_READY_SEE_OFFICER": _NEWS,
    "WITHDRAWN": _NEWS,
}

PROTECTION_STATUSES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "IP": {
            "REGISTERED": N_("Your application is registered."),
            "INTERVIEW_SCHEDULED": N_("Your interview has a date. You can ask me for your appointment."),
            "INTERVIEW_RESCHEDULED": N_("Your interview has a new date. You can ask me for your appointment."),
            "INTERVIEW_DONE": N_("Your interview is done. The office is examining your application."),
            "UNDER_ASSESSMENT": N_("The office is examining your application."),
            "DECISION_READY_SEE_OFFICER": _NEWS,
        },
        "TP": {
            "PRE_REGISTERED": N_("You are pre-registered."),
            "ACTIVE": N_("Your registration is active."),
            "UPDATE_REQUIRED": N_("Your data at the office must be updated."),
            "SEE_OFFICER": _NEWS,
        },
    }
)

TRAVEL_STATUSES: Final = {
    "REQUESTED": N_("The office is examining your request. Please do not travel before you have the permit."),
    "GRANTED": N_("Your travel permit is granted."),
    "NOT_GRANTED_SEE_OFFICER": _NEWS,
    "EXPIRED": N_("This travel permit has ended. Please do not travel with it."),
}

NEXT_STEPS: Final = {
    "NOTHING_TO_DO": N_("You do not need to do anything now."),
    "WAIT_FOR_SMS": N_("Please wait for an SMS from the office."),
    "COME_TO_APPOINTMENT": N_("Please come to your appointment."),
    "BRING_MISSING_DOCUMENTS": N_("Please bring the missing document to the office."),
    "UPDATE_ADDRESS": N_("Please register your address."),
    "UPDATE_DATA": N_("Please make an appointment to update your data."),
    "COLLECT_CARD": N_("Please collect your card at the office."),
    "SEE_OFFICER": _NEWS,
}

PERMIT_OF_ANOTHER_KIND: Final = N_("Residence permit")
APPOINTMENT_OF_ANOTHER_TYPE: Final = N_("at the office")
ITEM_OF_ANOTHER_KIND: Final = N_("other documents: please ask the office which ones")

PHRASES: Final[Mapping[str, str]] = MappingProxyType({**_PROMPTS, **_NOTICES, **_ANSWERS})
"""Sentences by name. Places in braces are filled by `bot.caseapi.wording`."""

SEE_OFFICER: Final = _NEWS
"""What stands for every code whose meaning is adverse or unknown."""
