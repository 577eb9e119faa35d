"""The estimate that could be told at a moment of the past is the one that is told at such a moment."""

from datetime import datetime, timedelta

import pytest

from bot.bootstrap import Service
from bot.cases.figures.waits import Asked, estimate
from bot.cases.waiting import wait_of
from bot.i18n.formats import OFFICE_ZONE
from tests.cases.figures.conftest import Past
from tests.cases.office import Office

MINUTE = timedelta(minutes=1)

Moments = list[tuple[int, int | None, int | None]]
# Opened, and taken or closed without that, in minutes: before now, and after the opening.
FIVE: Moments = [(100, 10, None), (90, 20, None), (80, 30, None), (70, 40, None), (60, 50, None)]
SITUATIONS: dict[str, Moments] = {
    "nobody was here": [],
    "four are too few": FIVE[:4],
    "the middle of five": FIVE,
    "the middle of six": [*FIVE, (50, 1, None)],
    "one of them hours ago": [*FIVE[:4], (200, 10, None)],
    "one of them not yet": [*FIVE[:4], (20, None, None)],
    "somebody waits longer": [*FIVE, (31, None, None)],
    "somebody waits since yesterday": [*FIVE, (1500, None, None)],
    "somebody waits, and not so long": [*FIVE, (29, None, None)],
    "somebody waited longer and went": [*FIVE, (55, None, 20)],
}
TOLD = {
    "the middle of five": 30 * MINUTE,
    "the middle of six": 25 * MINUTE,
    "somebody waits, and not so long": 30 * MINUTE,
    "somebody waited longer and went": 30 * MINUTE,
}


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_it_is_the_same_rule(service: Service, past: Past, situation: str) -> None:
    office = Office(service)
    await office.console(await office.person("Ayşe", "ar"))
    now = datetime.now(OFFICE_ZONE)
    asked = []
    for before, taken, closed in SITUATIONS[situation]:
        taken_after, closed_after = (None if n is None else n * MINUTE for n in (taken, closed))
        opened = now - before * MINUTE
        await past.case(await past.talk(opened), opened, taken_after=taken_after, closed_after=closed_after)
        asked.append(
            Asked(
                opened,
                None if taken_after is None else opened + taken_after,
                None if closed_after is None else opened + closed_after,
            )
        )
    conversation_id = await office.writes("?", "mine")
    await office.asks_for_person("mine")
    async with service.engine.connect() as db:
        wait = await wait_of(db, conversation_id)
    assert wait is not None
    assert wait.anybody
    assert wait.usual == estimate(sorted(asked, key=lambda one: one.opened), now) == TOLD.get(situation)
