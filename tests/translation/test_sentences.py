"""Where a sentence ends, and where it does not."""

import pytest

from bot.translation.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Come at nine. Bring your papers.", 2),
        ("tr", "Saat dokuzda gelin. Belgelerinizi getirin!", 2),
        ("ar", "مرحبا. كيف حالك؟", 2),
        ("fa", "۳.۵ کیلو آوردم", 1),
        ("ar", "السعر ١٬٥٠٠.٥٠ ليرة", 1),
        ("ar", "جاء د. أحمد أمس", 1),
        ("ru", "Приходите в 9.30 утра.", 1),
        ("en", "", 1),
    ],
)
def test_numbers_and_initials_stay_whole(language: str, text: str, count: int) -> None:
    found = sentences(text, language)
    assert "".join(found) == text
    assert len(found) == count
