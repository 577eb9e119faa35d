"""An announcement counts when the office signed it a moment ago, and when it is exactly what the contract says."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from standardwebhooks import Webhook

from bot.caseapi.announcements import LONGEST, read_announcement
from bot.caseapi.errors import BadAnnouncement
from bot.settings import SANDBOX_WEBHOOK_SECRET, Settings

SECRET = SecretStr(SANDBOX_WEBHOOK_SECRET)
OTHER = "whsec_" + "A" * 32
EVENT, SUBSCRIPTION = "event-of-the-test-00", "subscription-of-the-test"


def message(**changes: object) -> bytes:
    fields = {
        "type": "case.changed",
        "event_id": EVENT,
        "subscription_id": SUBSCRIPTION,
        "kind": "APPOINTMENT",
        "at": datetime.now(UTC).isoformat(),
    }
    return json.dumps(fields | changes).encode()


def signed(body: bytes, *, secret: str = SANDBOX_WEBHOOK_SECRET, ago: float = 0, event: str = EVENT) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    text = body.decode(errors="replace")
    return {
        "Webhook-Id": event,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(event, at, text),
    }


def test_a_signed_announcement_is_read() -> None:
    body = message()
    change = read_announcement(signed(body), body, SECRET)
    assert (change.event_id, change.subscription_id, change.kind) == (EVENT, SUBSCRIPTION, "APPOINTMENT")


def test_an_office_that_changes_its_secret_signs_twice() -> None:
    body = message()
    both = f"{signed(body, secret=OTHER)['Webhook-Signature']} {signed(body)['Webhook-Signature']}"
    assert read_announcement(signed(body) | {"Webhook-Signature": both}, body, SECRET).event_id == EVENT


@pytest.mark.parametrize("ago", [-290, 290])
def test_clocks_may_differ_a_little(ago: float) -> None:
    body = message()
    assert read_announcement(signed(body, ago=ago), body, SECRET).event_id == EVENT


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(message(), secret=OTHER),
        signed(message(), ago=310),
        signed(message(), ago=-310),
        signed(message(kind="FILE")),
        *({**signed(message()), name: ""} for name in ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")),
        *({**signed(message()), "Webhook-Signature": value} for value in ("v1", "v1,!", "v1,é", "v2,AAAA", "v1,AA,A")),
        *({**signed(message()), "Webhook-Timestamp": value} for value in ("nan", "inf", "soon", "-1", "9" * 400)),
    ],
)
def test_what_is_not_signed_by_the_office_now_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadAnnouncement):
        read_announcement(headers, message(at="2026-11-23T10:00:00+03:00"), SECRET)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        message(name="X"),
        message(type="case.deleted"),
        message(subscription_id="short"),
        message(kind="<b>"),
        message(at=1700000000),
        message()[:-1] + b',"kind":"FILE"}',
        message() + b" " * LONGEST,
    ],
)
def test_a_signature_does_not_make_it_a_message_of_the_contract(body: bytes) -> None:
    with pytest.raises(BadAnnouncement):
        read_announcement(signed(body), body, SECRET)


def test_the_header_names_the_event_of_the_body() -> None:
    body = message()
    with pytest.raises(BadAnnouncement, match="identifiers differ"):
        read_announcement(signed(body, event="another-event-000000"), body, SECRET)


def test_without_a_secret_nothing_is_believed() -> None:
    body = message()
    with pytest.raises(BadAnnouncement, match="no secret"):
        read_announcement(signed(body), body, SecretStr(""))


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "host"]),
        st.text(max_size=60) | st.sampled_from([EVENT, "v1,", str(int(datetime.now(UTC).timestamp()))]),
    ),
    st.binary(max_size=200),
)
def test_noise_ends_in_a_refusal(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadAnnouncement):
        read_announcement(headers, body, SECRET)


def test_the_error_does_not_repeat_what_came() -> None:
    body = message(subscription_id="subscription-of-somebody", name="X")
    with pytest.raises(BadAnnouncement) as error:
        read_announcement(signed(body), body, SECRET)
    assert "somebody" not in str(error.value)


def test_only_the_sandbox_s_secret_is_there_without_being_set() -> None:
    assert Settings().effective_case_api_webhook_secret == SECRET
    real = Settings(case_api_url="https://cases.example")
    assert real.effective_case_api_webhook_secret.get_secret_value() == ""
    agreed = Settings(case_api_url="https://cases.example", case_api_webhook_secret=SecretStr(OTHER))
    assert agreed.effective_case_api_webhook_secret.get_secret_value() == OTHER


@pytest.mark.parametrize("secret", ["whsec_", "whsec_short", "sandbox", OTHER[:-3] + "-__", OTHER + " ", OTHER + "A"])
def test_a_mistyped_secret_is_no_setting(secret: str) -> None:
    with pytest.raises(ValueError, match="must be `whsec_`") as error:
        Settings(case_api_webhook_secret=SecretStr(secret))
    assert "must be" in str(error.value)
