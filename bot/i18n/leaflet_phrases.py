"""What stands on a leaflet and on a slip beside the topic's own words. The other languages stand in `locales/`."""

from typing import Final

from bot.i18n.catalogues import N_

LEAFLET: Final = {
    "made": N_("Date of this paper: {date}"),
    "line": N_("You can call {phone} at any hour."),
    "code": N_("Scan this code with your phone. It opens this page in Telegram."),
    "code-private": N_("The code holds no data about you."),
    "here": N_("Here is this page as a paper. You can show it at the desk."),
    "two-languages": N_("It has the same words in Turkish and in your language."),
}
