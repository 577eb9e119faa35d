"""The enumeration drill with two thousand numbers: nobody learns anything, and the office is told."""

from rich.progress import Progress

from benchmarks.enumeration import drill, harmless, sandbox


async def test_who_goes_through_the_numbers_learns_nothing_and_is_noticed(database_url: str) -> None:
    with Progress(disable=True) as progress:
        async with sandbox() as office:
            outcome = await drill(database_url, office, 2000, progress)
    assert harmless(outcome), outcome
    assert outcome["tries"] == 2000
    # Five kiosks are twenty numbers each at most; a chat account is three.
    assert outcome["counted_tries"] < 2000
    assert outcome["alarms_after_tries"]["range"] < 500
    assert outcome["alarms_after_tries"]["failures"] < 500


def test_the_drill_fails_when_something_comes_out() -> None:
    good = {"answers": {"phone": 1, "code": 1}, "files": 0, "sms": 0, "alarms_after_tries": {"range": 1, "failures": 1}}
    assert harmless(good)
    for wrong in ({"answers": {"phone": 2, "code": 1}}, {"files": 1}, {"sms": 1}, {"alarms_after_tries": {"range": 1}}):
        assert not harmless(good | wrong)
