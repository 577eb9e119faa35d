"""What people are told about their data is what the settings do, as long as an office changes nothing."""

from pathlib import Path

from bot.content import load_library
from bot.post.taking_back import SHOWN_FOR
from bot.settings import Settings


def test_the_privacy_text_names_the_times_after_which_things_are_erased(content: Path) -> None:
    facts = {fact.id: fact for fact in load_library(content).topic("privacy-and-data").facts.published}
    told = {name: facts[name].numbers[0].value for name in ("conversations-kept", "cases-kept", "identity-check")}
    assert told == {
        "conversations-kept": Settings.model_fields["keep_conversations_days"].default,
        "cases-kept": Settings.model_fields["keep_cases_days"].default,
        "identity-check": SHOWN_FOR.total_seconds() / 60,
    }
