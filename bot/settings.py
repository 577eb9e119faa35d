"""Every setting of Rehber, read here and nowhere else.

Each field is one row of the table in README.md (a test compares them). Values come from the environment: a field with
an alias in capitals is read from that variable, the others from `REHBER_` plus the field's name.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.office_hours import parse_hours

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds content/, locales/ and nlu_data/."""

Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
LongEnough = Annotated[float, Field(ge=20, allow_inf_nan=False)]
"""Seconds to answer a warning that time runs out: WCAG 2.2, success criterion 2.2.1."""
AtLeastOne = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1, le=3650)]

SANDBOX_WEBHOOK_SECRET: Final = "whsec_cmVoYmVyLXNhbmRib3gtbWFkZS11cC1wZW9wbGUtMDE="  # noqa: S105  no secret
"""What the sandbox signs with. Everybody knows it, so it counts with the sandbox only."""


def _webhook_secret(secret: SecretStr) -> SecretStr:
    # The library skips what is not base64, so a secret with a typing error would be a shorter one; and it fails with
    # every announcement where a character is missing or too many.
    found = re.fullmatch(r"whsec_([A-Za-z0-9+/]{32,88})={0,2}", secret.get_secret_value())
    if secret.get_secret_value() and (found is None or len(found[1]) % 4 == 1):
        raise ValueError("must be `whsec_` and 24 to 64 bytes in base64, as the office has given it")
    return secret


def _bot_name(name: str) -> str:
    # A code that leads nowhere is worse than none.
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        raise ValueError("must be the name of a bot without `@`: letters, digits and `_`")
    return name


BotName = Annotated[str, AfterValidator(_bot_name)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]


def _hours(written: str) -> str:
    parse_hours(written)
    return written


def _reached_by_phones(address: str) -> str:
    """An address without a slash at its end. An answer about a person crosses no network in the open."""
    address = address.rstrip("/")
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"})
    if address and (not safe or not parts.hostname or parts.path or parts.query or parts.fragment):
        raise ValueError("must be `https://` and a host, with nothing behind it; `http://` is for this machine only")
    return address


Hours = Annotated[str, AfterValidator(_hours)]
PhoneNumber = Annotated[str, Field(pattern=r"^(\+?[0-9]+( [0-9]+)*)?$")]
PublicUrl = Annotated[str, AfterValidator(_reached_by_phones)]


class Settings(BaseSettings):
    """The settings of one process. Frozen; build it once, in `bot.bootstrap` or a command, and hand it on."""

    model_config = SettingsConfigDict(env_prefix="REHBER_", frozen=True, extra="ignore", populate_by_name=True)

    data_dir: Path = Field(ROOT / "data", description="Where the embedded database, the model, keys and logs live.")
    model_dir: Path = Field(
        ROOT / "data" / "models", description="Where trained models are kept, by what they were trained on."
    )
    database_url: str = Field("", description="PostgreSQL to use; empty starts the embedded one in the data folder.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Key that seals stored messages; empty makes one in the data folder."
    )
    public_host: str = Field("127.0.0.1", description="Address of the public door (kiosk).")
    public_port: Port = Field(8000, description="Port of the public door.")
    staff_host: str = Field("127.0.0.1", description="Address of the staff door.")
    staff_port: Port = Field(8001, description="Port of the staff door.")
    demo_staff: bool = Field(True, description="Make a demo interpreter at the first start of `make run`.")
    staff_second_factor: Literal["required", "offered"] = Field(
        "offered",
        description="Whether staff must confirm their sign-in with a code of their phone, or are offered to.",
    )
    https: bool = Field(
        False, description="The doors stand behind HTTPS: cookies get the `__Host-` prefix and `Secure`."
    )
    rasa_port: Port = Field(5005, description="Port of Rasa, on loopback.")
    actions_port: Port = Field(5055, description="Port of the action server, on loopback.")
    encoder: Literal["on", "off"] = Field(
        "on", description="The sentence encoder; off leaves the character n-grams alone."
    )
    rasa_deadline_seconds: Seconds = Field(
        10.0, description="How long a turn may wait for Rasa before it is tried again."
    )
    notice_after_seconds: Seconds = Field(4.0, description="When a person is told that the answer takes longer.")
    give_up_after_seconds: Seconds = Field(
        600.0, description="When an unanswered message ends with a notice and a person."
    )
    turns_at_once: AtLeastOne = Field(
        8, description="Turns that one worker holds at the same time, each of another conversation."
    )
    default_language: str = Field("tr", description="Language when nothing is chosen, remembered or detected.")
    offer_drafts: bool = Field(
        True,
        description="Offer languages whose translations no person has reviewed yet; false offers only those in which "
        "every topic is reviewed, and the source.",
    )
    case_api_url: str = Field("", description="The office's case system; empty means the sandbox of `make run`.")
    case_api_client_id: str = Field("rehber", description="Who this office is to the case system's token endpoint.")
    case_api_client_secret: SecretStr = Field(
        SecretStr("sandbox"), description="Secret of that client; empty with a certificate asks for no token."
    )
    case_api_certificate: str = Field(
        "", description="File with this office's client certificate (PEM), where the case system asks for mutual TLS."
    )
    case_api_key: str = Field("", description="File with the private key of that certificate (PEM).")
    case_api_ca: str = Field(
        "", description="File with the certificate authority of the case system (PEM); empty trusts the public ones."
    )
    case_api_webhook_secret: WebhookSecret = Field(
        SecretStr(""),
        description="Secret that signs the case system's announcements (`whsec_…`); empty refuses them, except the "
        "sandbox's.",
    )
    sandbox_port: Port = Field(8090, description="Port of the sandbox case system.")
    telegram_case_check: bool = Field(
        False, description="Allow the identity check on Telegram. `make run` turns it on with the sandbox."
    )
    reminders: bool = Field(
        True,
        description="Offer reminders and neutral news where the channel can write first; those of appointments only "
        "where announcements of the case system can be believed.",
    )
    telegram_bot_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN", "telegram_bot_token"),
        description="Token of the bot; empty leaves Telegram out.",
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org",
        validation_alias=AliasChoices("TELEGRAM_API_URL", "telegram_api_url"),
        description="Telegram's server, a local Bot API server, or an emulator.",
    )
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="How updates arrive.")
    telegram_webhook_url: str = Field("", description="Public address of the webhook (webhook mode).")
    telegram_webhook_port: Port = Field(8443, description="Port on which the webhook listens (webhook mode).")
    telegram_webhook_secret: SecretStr = Field(SecretStr(""), description="Secret token of the webhook (webhook mode).")
    office_name: str = Field("İl Göç İdaresi Müdürlüğü", description="Name of the office, as the texts show it.")
    office_address: str = Field("", description="Where the office is, in one line; empty shows none.")
    office_phone: PhoneNumber = Field(
        "", description="The office's own phone number, digits and single spaces; empty shows none."
    )
    office_hours: Hours = Field(
        "", description="When the office is open, for example `Mo-Fr 08:30-12:30,13:30-17:30`; empty shows none."
    )
    public_url: PublicUrl = Field(
        "", description="Address at which people's phones reach the public door; empty offers no code for a phone."
    )
    telegram_bot_name: BotName = Field(
        "",
        validation_alias=AliasChoices("TELEGRAM_BOT_NAME", "telegram_bot_name"),
        description="Name of the bot without `@`, for the codes that lead to it; `make run` asks Telegram for it.",
    )
    kiosk_idle_seconds: Seconds = Field(60.0, description="Seconds without a touch until the kiosk asks for more time.")
    kiosk_more_time_seconds: LongEnough = Field(
        60.0, description="Seconds to answer that before the visit is erased; 20 at least."
    )
    translation_seconds: Seconds = Field(
        20.0, description="Seconds that a machine translation may take; after that the original stands alone."
    )
    slip_printer: str = Field(
        "", description="The kiosk's thermal printer: `tcp://host:9100` or a device file; empty offers no slip."
    )
    slip_dots: Annotated[int, Field(ge=256, le=1024, multiple_of=8)] = Field(
        576, description="Dots across the paper of that printer: 576 with 80 mm paper, 384 with 58 mm."
    )
    keep_conversations_days: Days = Field(7, description="Days after which a conversation without a case is erased.")
    keep_cases_days: Days = Field(30, description="Days after which a closed case is erased.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @cached_property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @cached_property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @cached_property
    def effective_case_api_url(self) -> str:
        return self.case_api_url or f"http://127.0.0.1:{self.sandbox_port}"

    @cached_property
    def effective_case_api_webhook_secret(self) -> SecretStr:
        if self.case_api_url or self.case_api_webhook_secret.get_secret_value():
            return self.case_api_webhook_secret
        return SecretStr(SANDBOX_WEBHOOK_SECRET)

    @cached_property
    def hears_of_changes(self) -> bool:
        """Whether announcements of the case system can be believed; without a secret every one of them is refused."""
        return bool(self.effective_case_api_webhook_secret.get_secret_value())


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError that names every wrong variable and what it should be."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{_variable(str(e['loc'][0]))}: {e['msg']}" for e in error.errors()]
        raise SettingsError("Some settings are wrong. Correct these variables:\n  " + "\n  ".join(lines)) from None


def _variable(place: str) -> str:
    """The variable behind a place that pydantic names: a field without an alias, or the variable itself."""
    field = Settings.model_fields.get(place)
    if field is None or field.validation_alias is not None:
        return place.upper()
    return f"{Settings.model_config['env_prefix']}{place.upper()}"
