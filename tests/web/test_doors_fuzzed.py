"""Schemathesis against both doors: whatever is sent, the answer is one that the door declares, and never a defect.

Requests are made from the doors' own OpenAPI, valid and invalid, with and without a visit or a session. So that the
handlers are really reached, some fields are filled with what exists (a case, a language); every route must have
answered with a success of its own at the end.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from bot.bootstrap import Service
from bot.cases import work
from bot.cases.model import Role, Staff
from bot.storage.kiosks import add_kiosk
from kiosk.app import create_public_app
from kiosk.staff import create_staff_app
from tests.cases.office import Office
from tests.web.conftest import Serve

EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""Requests a route and a kind of data (valid, invalid)."""
NOT_TO_BE_GUESSED: Final = frozenset(
    {"POST /case/changes", "GET /phone/{once}", "POST /phone/{once}", "POST /phone/answer/calendar"}
)
"""Only the case system can sign (`tests/web/kiosk/test_case_changes.py`), and codes are shown to their person alone
(`tests/web/kiosk/test_phone.py`)."""
STREAMS: Final = frozenset({"GET /chat/events", "GET /waiting/events", "GET /live"})
SECRETS: Final = (b"Traceback", b'File "', b"sqlalchemy", b"psycopg")

Cookies = dict[str, str]
Prepare = Callable[[str], tuple[Cookies, dict[str, Any]]]
"""From a route: the cookies to send, and values that exist, by the name of the field."""


@dataclass(slots=True)
class Fuzz:
    """Sends made-up requests to a running door. `answered` counts statuses by route.

    `turned_away_to` is the page to which whoever has no visit or session is sent, whatever they sent.
    """

    door: FastAPI
    address: str
    prepare: Prepare
    turned_away_to: str = ""
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)

    def run(self) -> None:
        for operation in self.operations():
            takes_something = {"parameters", "requestBody"} & operation.definition.raw.keys()
            # What takes nothing cannot be given anything wrong.
            for mode in GenerationMode if takes_something else (GenerationMode.POSITIVE,):
                self._route(operation, mode)

    def operations(self) -> list[Any]:
        """Every route with its method, as Schemathesis reads it."""
        described = self.door.openapi()
        schema = schemathesis.openapi.from_dict(described)
        return [schema[path][method.upper()] for path, methods in described["paths"].items() for method in methods]

    def _route(self, operation: Any, mode: GenerationMode) -> None:
        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(generation_mode=mode), st.randoms(use_true_random=False))
        def send(case: Any, chance: random.Random) -> None:
            self._send(case, chance)

        send()

    def _send(self, case: Any, chance: random.Random) -> None:
        label = case.operation.label
        cookies, real = self.prepare(label)
        filled = _fill(case, real, chance)
        accept = chance.choice(["text/html", "application/json", "*/*"])
        if label in STREAMS:
            self._look_at_stream(case, cookies, accept)
            return
        response = case.call(
            base_url=self.address, cookies=cookies, headers={"Accept": accept}, allow_redirects=False, timeout=10
        )
        self.answered[label, response.status_code] += 1
        assert not any(secret in response.content for secret in SECRETS)
        assert response.status_code != 303 or not response.content, "the way to another page has no words of its own"
        # Refusals that Schemathesis does not know as such: to another page, and by size.
        turned_away = response.headers.get("location", [""])[0] == self.turned_away_to != ""
        refused = turned_away or response.status_code == 413
        # Values that were put in by hand are not what was made up: whether they are valid nobody knows.
        left_out = [schemathesis.checks.negative_data_rejection] if filled or refused else []
        case.validate_response(response, excluded_checks=[schemathesis.checks.positive_data_acceptance, *left_out])

    def _look_at_stream(self, case: Any, cookies: Cookies, accept: str) -> None:
        """The beginning of an answer that has no end."""
        made = case.as_transport_kwargs(base_url=self.address, headers={"Accept": accept}) | {"cookies": cookies}
        with requests.request(**made, allow_redirects=False, stream=True, timeout=10) as response:
            self.answered[case.operation.label, response.status_code] += 1
            declared = case.operation.definition.raw["responses"]
            assert str(response.status_code) in declared
            if response.status_code == 200:
                assert response.headers["Content-Type"].startswith("text/event-stream")


def _fill(case: Any, real: Mapping[str, Any], chance: random.Random) -> bool:
    """Put values that exist into some or all of the case's fields. Whether any was."""
    filled, everything = False, chance.random() < 0.6
    for place in (case.path_parameters, case.query, case.body):
        if not isinstance(place, dict):
            continue
        for name, value in real.items():
            if name in place and (everything or chance.random() < 0.5):
                place[name] = value
                filled = True
    return filled


def without_success(fuzz: Fuzz) -> dict[str, list[int]]:
    """The routes that never answered below 400, with what they did answer."""
    labels = [operation.label for operation in fuzz.operations()]
    by_route = {label: sorted(status for route, status in fuzz.answered if route == label) for label in labels}
    return {label: statuses for label, statuses in by_route.items() if not any(status < 400 for status in statuses)}


async def run(fuzz: Fuzz) -> None:
    """The requests wait for their answers in a thread; the door answers in this loop."""
    await asyncio.to_thread(fuzz.run)


async def a_kiosk(service: Service) -> str:
    """The secret of a kiosk's start address."""
    async with service.engine.begin() as db:
        return await add_kiosk(db, "Hall 1")


async def test_the_public_door_without_a_visit(service: Service, serve: Serve) -> None:
    door = create_public_app(service)
    real = {"code": "en", "secret": await a_kiosk(service)}
    fuzz = Fuzz(door, await serve(door), lambda _: ({}, real), turned_away_to="/")
    await run(fuzz)
    refused = {
        label: {s for route, s in fuzz.answered if route == label} for label in ("GET /chat", "POST /chat/messages")
    }
    assert refused["GET /chat"] == {303, 401}
    assert without_success(fuzz).keys() == NOT_TO_BE_GUESSED


async def test_the_public_door_in_a_visit(service: Service, serve: Serve) -> None:
    door = create_public_app(service)
    address = await serve(door)
    secret = await a_kiosk(service)
    visit: Cookies = {}
    before = ""

    def prepare(label: str) -> tuple[Cookies, dict[str, Any]]:
        nonlocal before
        if not visit or before in {"POST /language", "POST /finish"}:
            begun = requests.post(f"{address}/language", data={"code": "en"}, allow_redirects=False, timeout=10)
            visit.update({name: value or "" for name, value in begun.cookies.items()})
        before = label
        real = {"code": "fr", "client_id": str(uuid4()), "text": "Where is the school?", "step": "document"}
        real |= {"typed": "TP_ID", "about": "status", "place": "/chat", "secret": secret}
        return {**visit, "rehber_kiosk": secret}, real

    fuzz = Fuzz(door, address, prepare)
    await run(fuzz)
    assert without_success(fuzz).keys() == NOT_TO_BE_GUESSED
    assert fuzz.answered["GET /chat", 200] > 0
    assert fuzz.answered["POST /chat", 303] > 0
    assert fuzz.answered["POST /chat/messages", 202] > 0
    assert fuzz.answered["GET /check", 200] > 0


async def test_the_staff_door_without_a_session(service: Service, serve: Serve) -> None:
    door = create_staff_app(service)
    person = await Office(service).person("Ayla", "ar")
    password = await Office(service).password(person)
    fuzz = Fuzz(door, await serve(door), lambda _: ({}, {"name": "Ayla", "password": password}), "/sign-in")
    await run(fuzz)
    inside = {
        (route, status) for route, status in fuzz.answered if "/cases/" in route or route in {"GET /", "GET /live"}
    }
    assert {status for _, status in inside} <= {303, 413}, "nobody sees anything without a session"
    assert fuzz.answered["POST /sign-in", 303] > 0
    assert without_success(fuzz) == {}


@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.SUPERVISOR])
async def test_the_staff_door_with_a_session(service: Service, serve: Serve, role: Role) -> None:
    door, office = create_staff_app(service), Office(service)
    address = await serve(door)
    person = await office.person("Ayla", "ar", role=role)
    colleague, officer = await office.person("Bilal", "ar"), await office.person("Deniz", role=Role.OFFICER)
    loop = asyncio.get_running_loop()
    session: Cookies = {}
    kept: dict[str, str] = {}
    before = ""

    async def a_case(claimed_by: Staff | None) -> str:
        opened = await office.asks_for_person(uuid4().hex)
        if claimed_by is not None:
            async with service.engine.begin() as db:
                await work.claim(db, service.seal, opened.case_id, claimed_by)
        return str(opened.case_id)

    def prepare(label: str) -> tuple[Cookies, dict[str, Any]]:
        nonlocal before
        if not session or before == "POST /sign-out":
            session["rehber_staff"] = asyncio.run_coroutine_threadsafe(office.console(person), loop).result(30)
        before = label
        real = {"text": "We are here.", "outcome": "helped", "code": "en", "language": "ar", "to": "/"}
        real |= {"colleague": str(colleague.id), "officer": str(officer.id), "holder": str(colleague.id), "sure": "yes"}
        if "/cases/" in label:
            act = label.rpartition("/")[2]
            if act in {"claim", "take-back", "return", "close", "hand", "take-over"} or label not in kept:
                case = a_case({"claim": None, "take-over": colleague}.get(act, person))
                kept[label] = asyncio.run_coroutine_threadsafe(case, loop).result(30)
            real["case_id"] = kept[label]
        return dict(session), real

    # Without half a sign-in nobody gets as far as the code.
    fuzz = Fuzz(door, address, prepare, turned_away_to="/sign-in")
    await run(fuzz)
    # With a password it is tried without a session, and codes are not to be guessed (`test_second_factor.py`). What
    # other roles may is in `tests/web/staff/test_matrix.py`.
    fruitless = {"POST /sign-in", "POST /second-factor", "POST /staff/people/{staff_id}/sign-out"}
    fruitless |= {"GET /staff/people", "GET /staff/audit", "POST /cases/{case_id}/take-back"}
    if role is Role.INTERPRETER:
        fruitless |= {"POST /alarms/{alarm_id}/seen", "POST /cases/{case_id}/take-over"}
    assert without_success(fuzz).keys() <= fruitless
    for act in ("claim", "reply", "note", "hand", "invite", "return", "close", "reopen"):
        assert fuzz.answered[f"POST /cases/{{case_id}}/{act}", 303] > 0, act
    assert fuzz.answered["GET /cases/{case_id}", 200] > 0
