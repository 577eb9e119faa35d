"""An office on the fresh database of each test."""

import pytest

from bot.bootstrap import Service
from tests.cases.office import Office


@pytest.fixture
def office(service: Service) -> Office:
    return Office(service)
