"""An identity check at the kiosk without a screen: forms answer its questions, the sandbox tells its code."""

import re

import httpx2

from bot.caseapi.sandbox.people import Person

OFFICE = {"Authorization": "Bearer sandbox"}


async def answer(http: httpx2.AsyncClient, typed: str, about: str = "") -> str:
    """Answer the open question and return the next page."""
    page = (await http.get(f"/check?about={about}" if about else "/check")).text
    step = re.search(r'name="step" value="(\w+)"', page)
    assert step, page
    response = await http.post(
        "/check", data={"step": step[1], "typed": typed, "about": about} if about else {"step": step[1], "typed": typed}
    )
    assert (response.status_code, response.headers["location"]) == (303, "/check")
    return (await http.get("/check")).text


async def identify(http: httpx2.AsyncClient, person: Person, about: str) -> str:
    await answer(http, person.document.value, about)
    await answer(http, person.number)
    await answer(http, person.factor_value)
    return await answer(http, person.phone)


async def last_code(sandbox: str) -> str:
    async with httpx2.AsyncClient(headers=OFFICE) as client:
        return str((await client.get(f"{sandbox}/sandbox/sms")).json()[-1]["code"])
