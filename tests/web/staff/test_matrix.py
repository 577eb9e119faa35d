"""Every route of the staff door, asked by every role, about every kind of case: what is answered stands in one table.

A route that is not in the table fails, and no refusal holds a word of the case.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from bot.cases import entries
from bot.cases.model import Staff
from bot.cases.rights import Role
from bot.post import conversations
from kiosk.staff.app import OPEN_PATHS
from tests.cases.office import Office
from tests.web.staff.conftest import Client, SignedIn
from tests.web.staff.test_access import routes

CANARY: Final = "كلمات لا يراها إلا المترجم"
TOPIC: Final = "address-registration"
TOKEN: Final = "rehber_staff"

COLUMNS: Final = (None, *Role)
"""Who asks: nobody, then interpreter, officer, supervisor, content editor, administrator, data officer."""

PLAIN: Final = {
    "GET /": "303 200 200 200 303 303 303",
    "GET /staff/content": "303 200 200 200 200 403 403",
    "GET /figures": "303 200 200 200 200 403 403",
    "GET /figures.csv": "303 200 200 200 200 403 403",
    "GET /staff/kiosks": "303 200 200 200 403 200 403",
    "GET /staff/people": "303 403 403 403 403 200 403",
    "POST /staff/people/{staff_id}/sign-out": "303 403 403 403 403 404 403",
    "GET /staff/audit": "303 403 403 403 403 403 200",
    "POST /alarms/{alarm_id}/seen": "303 403 303 303 403 403 403",
    "GET /live": "303 200 200 200 200 200 200",
    "POST /here": "303 204 204 204 204 204 204",
    "GET /second-factor": "303 200 200 200 200 200 200",
    "POST /second-factor": "303 401 401 401 401 401 401",
    "GET /sign-in/code": "303 303 303 303 303 303 303",
    "POST /sign-in/code": "303 303 303 303 303 303 303",
    "POST /sign-out": "303 303 303 303 303 303 303",
}
"""Routes that speak of no case, by the columns."""

_ACT: Final = {
    "own": "303 303 303 303 403 403 403",
    "foreign": "303 404 403 403 403 403 403",
    "erased": "303 404 404 404 403 403 403",
    "made-up": "303 404 404 404 403 403 403",
}
"""What only the holder may do."""

_WRITTEN: Final = _ACT | {"foreign": "303 404 303 303 403 403 403"}
"""What officers do beside the holder, too."""

_TO_NOBODY: Final = _ACT | {"own": "303 409 409 409 403 403 403"}
"""What only the holder may do, for a colleague who does not exist."""

CASE: Final[dict[str, dict[str, str]]] = {
    "GET /cases/{case_id}": {
        "own": "303 200 200 200 403 403 403",
        "foreign": "303 404 200 200 403 403 403",
        "erased": "303 404 404 404 403 403 403",
        "made-up": "303 404 404 404 403 403 403",
    },
    "POST /cases/{case_id}/claim": {
        "own": "303 303 303 303 403 403 403",
        "foreign": "303 404 409 409 403 403 403",
        "erased": "303 404 404 404 403 403 403",
        "made-up": "303 404 404 404 403 403 403",
    },
    "POST /cases/{case_id}/take-back": {
        "own": "303 403 403 303 403 403 403",
        "foreign": "303 403 403 303 403 403 403",
        "erased": "303 403 403 404 403 403 403",
        "made-up": "303 403 403 404 403 403 403",
    },
    "POST /cases/{case_id}/take-over": {
        "own": "303 403 303 303 403 403 403",
        "foreign": "303 403 409 409 403 403 403",
        "erased": "303 403 404 404 403 403 403",
        "made-up": "303 403 404 404 403 403 403",
    },
    "POST /cases/{case_id}/reopen": {
        "own": "303 303 303 303 403 403 403",
        "foreign": "303 404 409 409 403 403 403",
        "erased": "303 404 404 404 403 403 403",
        "made-up": "303 404 404 404 403 403 403",
    },
    "GET /cases/{case_id}/translate": {
        "own": "303 303 303 303 403 403 403",
        "foreign": "303 404 303 303 403 403 403",
        "erased": "303 404 404 404 403 403 403",
        "made-up": "303 404 404 404 403 403 403",
    },
    "POST /cases/{case_id}/translate": {
        "own": "303 200 200 200 403 403 403",
        "foreign": "303 404 200 200 403 403 403",
        "erased": "303 404 404 404 403 403 403",
        "made-up": "303 404 404 404 403 403 403",
    },
    "POST /cases/{case_id}/hand": _TO_NOBODY,
    "POST /cases/{case_id}/invite": _TO_NOBODY,
    "POST /cases/{case_id}/reply": _WRITTEN,
    "POST /cases/{case_id}/note": _WRITTEN,
    "POST /cases/{case_id}/return": _ACT,
    "POST /cases/{case_id}/close": _ACT,
}
"""Routes about a case, by whose it is. `own`: the person has it. `foreign`: a colleague has it, in another language."""

_NOBODY: Final = str(UUID(int=1))
FORM: Final = {
    "text": "x",
    "outcome": "helped",
    "code": "000000",
    "colleague": _NOBODY,
    "officer": _NOBODY,
    "holder": _NOBODY,
    "sure": "yes",
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    text: str


def expected(row: str, role: Role | None) -> int:
    return int(row.split()[COLUMNS.index(role)])


async def ask(door: FastAPI, client: Client, method: str, path: str) -> Answer:
    if path == "/live":
        return Answer(await first_status(door, client), "", "")
    answer = await client.request(method, path, data=FORM if method == "POST" else None)
    return Answer(answer.status_code, answer.headers.get("location", ""), answer.text)


async def first_status(door: FastAPI, client: Client) -> int:
    """What a stream that does not end begins with."""
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    cookie = f"{TOKEN}={client.cookies.get(TOKEN, '')}".encode()
    scope: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": b"",
    }
    scope |= {"headers": [(b"host", b"staff.test"), (b"cookie", cookie)], "scheme": "http", "http_version": "1.1"}
    scope |= {"server": ("staff.test", 80), "client": ("127.0.0.1", 1), "root_path": "", "asgi": {"version": "3.0"}}

    async def receive_nothing() -> dict[str, object]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start" and not begun.done():
            begun.set_result(int(str(message["status"])))

    running = asyncio.create_task(door(scope, receive_nothing, send))  # type: ignore[arg-type]
    try:
        return await asyncio.wait_for(begun, 20)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def a_case(office: Office, holder: Staff, language: str) -> UUID:
    """A case that `holder` has, however they came to it: their role may have been another one then."""
    opened = await office.asks_for_person(uuid4().hex, language=language, topic=TOPIC)
    await office.adds(opened.case_id, CANARY)
    async with office.service.engine.begin() as db:
        await entries.append(db, office.service.seal, opened.case_id, "claimed", "officer", staff_id=holder.id)
    return opened.case_id


async def the_case(office: Office, whose: str, person: Staff, colleague: Staff) -> UUID:
    if whose == "made-up":
        return uuid4()
    if whose == "own":
        return await a_case(office, person, "ar")
    case_id = await a_case(office, colleague, "fa")
    if whose == "erased":
        async with office.service.engine.begin() as db:
            await conversations.erase(db, (await entries.lock(db, case_id)).conversation_id)
    return case_id


def tells_nothing(answer: Answer, case_id: UUID, title: str) -> bool:
    # The id that was asked for stands in the form of the console's language: of digits alone it looks like the name.
    said = answer.text.replace(str(case_id), "")
    return not any(word in said for word in (CANARY, title, case_id.hex[:6].upper()))


async def somebody(office: Office, role: Role | None, client: Client, signed_in: SignedIn) -> tuple[Staff, Client]:
    """A person of the role with a console; for None the person stays signed out."""
    person = await office.person("Ayşe", "ar", role=role or Role.INTERPRETER)
    return person, client if role is None else await signed_in(person)


def test_every_route_has_a_row(door: FastAPI) -> None:
    found = {f"{method} {path}" for method, path in routes(door) if path not in OPEN_PATHS}
    assert found == PLAIN.keys() | CASE.keys()


@pytest.mark.parametrize("role", COLUMNS)
async def test_every_route_that_speaks_of_no_case(
    door: FastAPI, office: Office, client: Client, signed_in: SignedIn, role: Role | None
) -> None:
    _, asking = await somebody(office, role, client, signed_in)
    case_id = await a_case(office, await office.person("Bilal", "fa"), "fa")
    for route, row in PLAIN.items():
        method, path = route.split()
        answer = await ask(door, asking, method, path.format(alarm_id=1, staff_id=UUID(int=1)))
        assert answer.status == expected(row, role), route
        assert CANARY not in answer.text, route
        if role not in (Role.OFFICER, Role.SUPERVISOR):
            assert case_id.hex[:6].upper() not in answer.text, route


@pytest.mark.parametrize("whose", ["own", "foreign", "erased", "made-up"])
@pytest.mark.parametrize("role", COLUMNS)
async def test_every_route_about_a_case(
    door: FastAPI, office: Office, client: Client, signed_in: SignedIn, role: Role | None, whose: str
) -> None:
    person, asking = await somebody(office, role, client, signed_in)
    colleague = await office.person("Bilal", "fa")
    title = office.service.library.topic(TOPIC).text("en").title
    case_id = await the_case(office, whose, person, colleague)
    for route, rows in CASE.items():
        method, path = route.split()
        answer = await ask(door, asking, method, path.format(case_id=case_id))
        assert answer.status == expected(rows[whose], role), route
        if answer.status == 200:
            assert CANARY in answer.text or route.endswith("/translate"), route
            continue
        assert tells_nothing(answer, case_id, title), route
        if role is None:
            assert answer.location == "/sign-in", route
        elif answer.status == 303:
            case_id = await the_case(office, whose, person, colleague)
