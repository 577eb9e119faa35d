"""Going on at a phone: what comes at the same moment, or after it."""

from datetime import timedelta

import pytest
from sqlalchemy import func

from bot.hub.jobs import sweep
from bot.hub.turn import Hub
from bot.post import continuations
from bot.storage import tables
from tests.hub.test_going_on import Office, arrives


@pytest.fixture
def office(hub: Hub) -> Office:
    return Office(hub)


async def test_a_used_code_is_forgotten_when_its_time_is_over(office: Office) -> None:
    kiosk, phone = office.kiosk(), office.phone()
    await kiosk.commands("human")
    await arrives(phone, await office.code(kiosk))
    async with office.service.engine.begin() as db:
        assert await continuations.has_left(db, office.service.seal, "kiosk", kiosk.address)
        await db.execute(tables.continuations.update().values(expires_at=func.now() - timedelta(seconds=1)))
    await sweep(office.service)
    assert await office.count("continuations") == 0
