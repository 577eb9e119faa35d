"""What is said while a last day is worked out, and the names of the official holidays.

By name, as in `bot.i18n.phrases`; the words of one clock are found by its id. A check holds them and the clocks of the
topics together. No fines, no threats: whoever is late must still dare to come.
"""

from typing import Final

from bot.i18n.catalogues import N_

OFFERS: Final = {
    "address": N_("My last day to report an address"),
    "birth": N_("My last day to report a birth"),
    "civil-status": N_("My last day to report a marriage or a divorce"),
    "permit-end": N_("My days to extend the permit"),
}
"""The buttons on the topic's page, by clock."""

TITLES: Final = {
    "address": N_("Reporting an address"),
    "birth": N_("Reporting a birth"),
    "civil-status": N_("Reporting a marriage, a divorce or another change"),
    "permit-end": N_("Extending a residence permit"),
}

QUESTIONS: Final = {
    "address": N_("On which day did you move to this address?"),
    "birth": N_("On which day was the child born?"),
    "civil-status": N_(
        "On which day did it happen? For a divorce, please take the day on which the court gave its decision."
    ),
    "permit-end": N_("On which day does your residence permit end? The date is on your card."),
}

DIALOGUE: Final = {
    "type": N_("Please type the date: day, month, year. For example: {example}"),
    "unreadable": N_("I cannot read this date. Please type day, month and year."),
    "confirm": N_("Is this the right day? {day}"),
    "confirm-solar": N_("You typed {typed}. Is this the right day? {day}"),
    "to-come": N_("This day has not come yet. Please give the day on which it happened."),
    "long-ago": N_("This day is more than one year ago. Please look at the date again, or talk to a person."),
    "far-off": N_("This day is more than five years away. Please look at the date on your card again."),
    "over": N_("This question is closed. You can start it again."),
    "stopped": N_("I have stopped. I did not keep the date."),
}

ANSWER: Final = {
    "first-day": N_("You can apply from: {day}"),
    "last-day": N_("Last day: {day}"),
    "last-day-was": N_("By this count, the last day was: {day}"),
    "closed-then": N_("I took an earlier day, because the offices are closed on this day: {day}"),
    "noon": N_("On that day the offices close at 13:00."),
    "not-yet": N_("You cannot apply yet. Please write down both days."),
    "this-week": N_("Please do it this week. Do not wait for the last day."),
    "next-open-day": N_("Please do it on the next day on which the offices are open: {day}"),
    "on-the-last-day": N_("The offices are closed until then. Please do it on that day."),
    "today": N_("That is today. Please do it today."),
    "passed": N_("The time may have passed. Please still go as soon as you can. An officer can help you."),
    "how": N_("How I counted:"),
    "working-days": N_("Working days: {days}. Counted from the day after: {day}"),
    "days": N_("Days: {days}. Counted from the day after: {day}"),
    "days-before": N_("Days in which you can apply: {days}. Counted back from: {day}"),
    "weekends": N_("Saturdays, Sundays and official holidays do not count."),
    "holiday": N_("Official holiday: {name}, {first}"),
    "holidays": N_("Official holiday: {name}, {first} – {last}"),
    "estimated": N_("The day of a religious holiday is not certain yet. To be safe, I took the earlier day."),
    "help-only": N_("This is help for planning. Only the office decides."),
}

HOLIDAYS: Final = {
    "new-year": N_("New Year's Day"),
    "children": N_("National Sovereignty and Children's Day"),
    "labour": N_("Labour and Solidarity Day"),
    "youth": N_("Commemoration of Atatürk, Youth and Sports Day"),
    "democracy": N_("Democracy and National Unity Day"),
    "victory": N_("Victory Day"),
    "republic": N_("Republic Day"),
    "ramazan": N_("Feast of Ramadan (Ramazan Bayramı)"),
    "kurban": N_("Feast of Sacrifice (Kurban Bayramı)"),
    "other": N_("holiday"),
}

LABELS: Final = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "another-day": N_("Another day"),
    "right-day": N_("Yes, this day"),
}
