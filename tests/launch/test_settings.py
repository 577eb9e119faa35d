"""A wrong setting stops the start with a sentence that names the variable and never its value, if that is a secret."""

import pytest

from bot.bootstrap import build_service
from bot.errors import SettingsError
from bot.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REHBER_PUBLIC_PORT", "eight thousand"),
        ("REHBER_PUBLIC_PORT", "0"),
        ("REHBER_STAFF_PORT", "70000"),
        ("REHBER_RASA_PORT", "-1"),
        ("REHBER_TELEGRAM_MODE", "pigeon"),
        ("REHBER_LOG_LEVEL", "loud"),
        ("REHBER_HTTPS", "perhaps"),
        ("REHBER_KEEP_CONVERSATIONS_DAYS", "0"),
        ("REHBER_KEEP_CASES_DAYS", "-30"),
        ("REHBER_NOTICE_AFTER_SECONDS", "nan"),
        ("REHBER_GIVE_UP_AFTER_SECONDS", "inf"),
        ("REHBER_RASA_DEADLINE_SECONDS", "0"),
        ("REHBER_TURNS_AT_ONCE", "none"),
    ],
)
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert f"\n  {variable}: " in str(error.value)
    assert len(str(error.value).splitlines()) == 2


def test_all_wrong_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHBER_PUBLIC_PORT", "x")
    monkeypatch.setenv("REHBER_LOG_LEVEL", "x")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert ["REHBER_PUBLIC_PORT" in str(error.value), "REHBER_LOG_LEVEL" in str(error.value)] == [True, True]


def test_values_arrive_from_their_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHBER_PUBLIC_PORT", "8123")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    settings = load_settings()
    assert (settings.public_port, settings.telegram_api_url) == (8123, "http://127.0.0.1:9")
    assert settings.telegram_bot_token.get_secret_value() == "1:secret"
    assert "1:secret" not in repr(settings)


def test_a_process_without_a_database_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match=r"REHBER_DATABASE_URL is empty.*make run"):
        build_service(Settings())


def test_a_default_language_that_is_not_offered_is_refused(settings: Settings, catalogues: None) -> None:
    with pytest.raises(SettingsError, match=r"REHBER_DEFAULT_LANGUAGE.*tr, en, ar, fa, prs, ps, ru, fr, kmr, so"):
        build_service(settings.model_copy(update={"default_language": "uk"}))


def test_a_short_key_is_refused_and_not_repeated(
    settings: Settings, catalogues: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REHBER_SECRET_KEY", "hunter2")
    with pytest.raises(SettingsError) as error:
        build_service(load_settings().model_copy(update={"database_url": settings.database_url}))
    assert "REHBER_SECRET_KEY" in str(error.value)
    assert "hunter2" not in str(error.value)
