"""The office's token: fetched once however many wait, renewed in time, never shown, and useless without its scopes."""

import asyncio
import json
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2
import pytest

from bot.caseapi.client import CaseClient, Check
from bot.caseapi.credentials import EARLY, SCOPES
from bot.caseapi.errors import CannotCheck, Reason, Refused
from bot.caseapi.models import VerifyRequest
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.tokens import TOKEN_SECONDS, Client
from tests.caseapi.conftest import BASIC, TOKEN, Clock, answer_of, find, identity_of

ASKED = identity_of(find("appointment BOOKED"))


class Counted(httpx2.AsyncBaseTransport):
    """The sandbox in memory, with every request counted by its path; `spoil` may answer instead."""

    def __init__(self, clock: Clock, client: Client | None = None) -> None:
        self._sandbox = httpx2.ASGITransport(create_app(TOKEN, client=client, now=clock))
        self.paths: list[str] = []
        self.tokens: list[str] = []
        self.spoil: Callable[[httpx2.Request], httpx2.Response | None] = lambda request: None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.paths.append(request.url.path)
        if request.url.path != "/oauth/token":
            self.tokens.append(request.headers.get("authorization", ""))
        await asyncio.sleep(0)
        return self.spoil(request) or await self._sandbox.handle_async_request(request)

    @property
    def fetched(self) -> int:
        return self.paths.count("/oauth/token")


def office(transport: Counted, clock: Clock, secret: str = TOKEN, client_id: str = "rehber") -> CaseClient:
    return CaseClient("http://127.0.0.1", secret, client_id=client_id, transport=transport, now=clock)


async def _reason(question: Awaitable[object]) -> Reason | None:
    try:
        await question
    except CannotCheck as failure:
        return failure.reason
    return None


async def test_one_token_serves_many_questions(clock: Clock) -> None:
    transport = Counted(clock)
    async with office(transport, clock) as client:
        await asyncio.gather(*(client.start(ASKED) for _ in range(20)))
        await client.start(ASKED)
    assert transport.fetched == 1
    assert len(set(transport.tokens)) == 1


async def test_health_is_asked_without_a_token(clock: Clock) -> None:
    transport = Counted(clock)
    async with office(transport, clock) as client:
        await client.health()
    assert (transport.fetched, transport.tokens) == (0, [""])


async def test_a_token_is_renewed_before_its_end(clock: Clock) -> None:
    transport = Counted(clock)
    async with office(transport, clock) as client:
        await client.start(ASKED)
        clock.at += timedelta(seconds=TOKEN_SECONDS - 1) - EARLY
        await client.start(ASKED)
        assert transport.fetched == 1
        clock.pass_by(seconds=1)
        await client.start(ASKED)
    assert transport.fetched == 2


async def test_a_token_that_ended_before_its_time_is_renewed_once_for_all(clock: Clock) -> None:
    transport = Counted(clock)
    async with office(transport, clock) as client:
        for _ in range(60):
            await client.start(ASKED)
        transport.spoil = _refusing(transport.tokens[-1])
        await asyncio.gather(*(client.start(ASKED) for _ in range(5)))
        assert transport.fetched == 2


async def test_a_code_reaches_the_case_system_though_the_token_has_ended(clock: Clock) -> None:
    """A token is looked at before the code, so nothing is spent when it is refused."""
    transport = Counted(clock)
    async with office(transport, clock) as client:
        challenge = await client.start(ASKED)
        transport.spoil = _refusing(transport.tokens[-1])
        with pytest.raises(Refused):
            await client.confirm(challenge.challenge_id, "000000")
    assert transport.fetched == 2


def _refusing(revoked: str) -> Callable[[httpx2.Request], httpx2.Response | None]:
    def refuse(request: httpx2.Request) -> httpx2.Response | None:
        if request.headers.get("authorization") != revoked:
            return None
        problem = {"type": "about:blank", "title": "x", "status": 401, "code": "unauthorized"}
        return answer_of(json.dumps(problem).encode(), 401, {"Content-Type": "application/problem+json"})

    return refuse


async def test_while_the_endpoint_fails_one_asks_for_all_who_wait(clock: Clock) -> None:
    transport = Counted(clock)
    transport.spoil = lambda request: answer_of(b"{}", 403)
    async with office(transport, clock) as client:
        reasons = await asyncio.gather(*(_reason(client.start(ASKED)) for _ in range(4)))
        assert set(reasons) == {Reason.NOT_ALLOWED}
        assert (transport.fetched, transport.tokens) == (1, [])
        transport.spoil = lambda request: None
        assert await _reason(client.start(ASKED)) is None


@pytest.mark.parametrize("wrong", [{"secret": "canary-secret"}, {"client_id": "canary-client"}])
async def test_a_wrong_secret_is_an_error_in_the_log_without_its_value(
    wrong: dict[str, str], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async with office(Counted(clock), clock, **wrong) as client:
        assert await _reason(client.start(ASKED)) is Reason.NOT_ALLOWED
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "credentials" in errors[0].getMessage()
    assert "canary" not in caplog.text
    assert b64encode(b"canary").decode()[:7] not in caplog.text


async def test_signs_of_a_form_in_a_secret_are_part_of_it(clock: Clock) -> None:
    odd = Client(client_id="il:göç", secret="a+b %:&=ş")
    async with office(Counted(clock, odd), clock, odd.secret, odd.client_id) as client:
        assert (await client.start(ASKED)).channel == "sms"


def _token(**changes: object) -> bytes:
    fields = {"access_token": "token-of-the-test", "token_type": "bearer", "expires_in": 600, "scope": " ".join(SCOPES)}
    return json.dumps({key: value for key, value in (fields | changes).items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (_token(), 200, None),
        (_token(scope=None), 200, None),
        (_token(refresh_expires_in=0), 200, None),
        (_token(scope="verify"), 200, Reason.NOT_ALLOWED),
        (_token(token_type="mac"), 200, Reason.MALFORMED),
        (_token(access_token="a b\r\nX: y"), 200, Reason.MALFORMED),
        (_token(expires_in="600"), 200, Reason.MALFORMED),
        (_token(expires_in=-1), 200, Reason.MALFORMED),
        (b'{"error":"invalid_scope"}', 400, Reason.NOT_ALLOWED),
        (b'{"error":"invalid_client"}', 401, Reason.NOT_ALLOWED),
        (_token(), 307, Reason.REDIRECT),
        (_token(), 204, Reason.UNEXPECTED_STATUS),
    ],
)
async def test_only_a_token_of_the_contract_is_used(
    body: bytes, status: int, reason: Reason | None, clock: Clock
) -> None:
    transport = Counted(clock)
    challenge = {
        "challenge_id": "challenge-of-the-test",
        "channel": "sms",
        "masked_to": "+90*****61",
        "expires_in": 180,
    }

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return answer_of(body, status, {"Location": "https://elsewhere.example/"} if status == 307 else None)
        assert request.headers["authorization"] == "Bearer token-of-the-test"
        return answer_of(json.dumps(challenge).encode(), 202)

    transport.spoil = serve
    async with office(transport, clock) as client:
        assert await _reason(client.start(ASKED)) is reason
    assert transport.fetched == 1, "no redirect, no second try"


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        ("grant_type=client_credentials", {}, 401, "invalid_client"),
        ("grant_type=client_credentials", {"Authorization": "Basic !"}, 401, "invalid_client"),
        ("grant_type=password", BASIC, 400, "unsupported_grant_type"),
        ("", BASIC, 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&scope=everything", BASIC, 400, "invalid_scope"),
        ("grant_type=client_credentials&grant_type=client_credentials", BASIC, 400, "invalid_request"),
        ("{}", {**BASIC, "Content-Type": "application/json"}, 400, "invalid_request"),
    ],
)
async def test_the_sandbox_s_endpoint_says_no_as_the_rfc_wants(
    form: str, headers: dict[str, str], status: int, error: str, clock: Clock
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    async with httpx2.AsyncClient(transport=Counted(clock), base_url="http://127.0.0.1") as http:
        response = await http.post("/oauth/token", content=form, headers=kind | headers)
    assert (response.status_code, response.json()) == (status, {"error": error})
    assert ("www-authenticate" in response.headers) is (status == 401)


async def test_a_token_opens_its_scopes_only_and_not_for_ever(clock: Clock) -> None:
    async with httpx2.AsyncClient(transport=Counted(clock), base_url="http://127.0.0.1") as http:
        form = {"grant_type": "client_credentials", "scope": "verify"}
        token = (await http.post("/oauth/token", data=form, headers=BASIC)).json()["access_token"]
        held = {"Authorization": f"Bearer {token}", "Case-Session": "s" * 20}
        assert (await _start(http, held)).status_code == 202
        read = await http.get("/v1/case/permits", headers=held)
        assert (read.status_code, read.json()["code"]) == (401, "unauthorized")
        clock.pass_by(seconds=TOKEN_SECONDS)
        assert (await _start(http, held)).status_code == 401


async def _start(http: httpx2.AsyncClient, headers: dict[str, str], asked: VerifyRequest = ASKED) -> httpx2.Response:
    own = {"Idempotency-Key": "4" * 32, "Content-Type": "application/json"}
    return await http.post("/v1/verify", content=asked.model_dump_json(), headers=headers | own)


async def test_a_whole_check_takes_one_token(clock: Clock) -> None:
    transport = Counted(clock)
    async with (
        office(transport, clock) as client,
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
    ):
        challenge = await client.start(ASKED)
        codes = await http.get("/sandbox/sms", headers={"Authorization": f"Bearer {TOKEN}"})
        confirmed = await client.look_up(challenge.challenge_id, codes.json()[-1]["code"], Check.STATUS)
        await client.unsubscribe((await client.subscribe(confirmed.session)).subscription_id)
    assert transport.fetched == 1
