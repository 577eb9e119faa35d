"""Every sentence of the identity check and its answer, by name: questions, notices, what stands around a code.

Translations stand in `locales/`; the words of the codes stand in `content/case/`. Nothing here names a decision against
a person; see docs/decisions/0005.
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
    "expired": N_("This check took too long and is closed. I do not keep what you typed. You can start again."),
    "cannot-check": N_("I cannot check now. This does not change your application."),
    "cannot-check.later": N_("Please try again in some minutes, or ask at the desk."),
}

_ANSWERS: Final = {
    "news": N_("There is news in your file. Please see an officer at the office and bring your document."),
    "appointment": N_("Appointment: {kind}"),
    "appointment.when": N_("When: {when}"),
    "appointment.where": N_("Where: {unit}"),
    "appointment.address": N_("Address: {address}"),
    "appointment.bring": N_("Please bring:"),
    "appointment.item": N_("• {item}"),
    "appointment.was": N_("The time was: {when}"),
    "appointment.passed": N_("The time of this appointment has passed: {when}. Please ask the office what to do."),
    "calendar.summary": N_("Appointment at the migration office"),
    "no-appointment": N_("There is no appointment for you in the office's system."),
    "no-file": N_("There is no application and no permit for this document in the office's system."),
    "ask-if-unexpected": N_("If you expected something else, please ask at the desk."),
    "permit.valid": N_("Valid from {first} to {last}."),
    "protection.IP": N_("International protection"),
    "protection.TP": N_("Temporary protection"),
    "protection.province": N_("Your province: {province}"),
    "travel": N_("Travel permit for {province}"),
    "travel.valid": N_("You may be there from {first} to {last}."),
    "cannot-know": N_(
        "This service does not know what a decision says, how long something takes, or what other offices have. "
        "An officer can tell you."
    ),
    "as-of": N_("This information is from the office's system at: {when}"),
    "not-official": N_("This is information. It is not an official notification."),
}

PHRASES: Final[Mapping[str, str]] = MappingProxyType({**_PROMPTS, **_NOTICES, **_ANSWERS})
"""Sentences by name. Places in braces are filled by `bot.caseapi.wording`."""

SEE_OFFICER: Final = _ANSWERS["news"]
"""What stands for every code whose meaning is adverse or unknown."""
