"""Reads the announcement that a file has changed, as the case system sends it to Rehber (the contract's `caseChanged`).

Signed by the rules of Standard Webhooks (https://www.standardwebhooks.com), so that nobody else can make Rehber write
to a person. It says whose file by the subscription only, and nothing of the content. The boundary: what is done about
a change, and that the same one may come twice, is the reader's business; `event_id` tells them apart.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from bot.caseapi import wire
from bot.caseapi.errors import BadAnnouncement, CannotCheck
from bot.caseapi.models import CaseChanged

LONGEST: Final = 4096
"""Bytes of an announcement. An honest one has about 250."""


def read_announcement(headers: Mapping[str, str], body: bytes, secret: SecretStr) -> CaseChanged:
    """The announcement in a request. `secret` is the one shared with the office (`whsec_` and base64).

    Raises BadAnnouncement: no secret is set, a header is missing, the time is more than five minutes off, no signature
    is right, or the signed text is not exactly a message of the contract.
    """
    if not secret.get_secret_value():
        raise BadAnnouncement("this office has agreed on no secret")
    if len(body) > LONGEST:
        raise BadAnnouncement("it is too long")
    try:
        Webhook(secret.get_secret_value()).verify(body, dict(headers), json_parse=False)
    # The library lets errors of decoding pass: a signature that is not base64, a body that is not UTF-8.
    except (WebhookVerificationError, ValueError):
        raise BadAnnouncement("the signature is not the office's, or not of now") from None
    try:
        change = wire.parse(CaseChanged, body)
    except CannotCheck:
        raise BadAnnouncement("the contract knows no such message") from None
    if change.event_id != {name.lower(): value for name, value in headers.items()}["webhook-id"]:
        raise BadAnnouncement("its two identifiers differ")
    return change
