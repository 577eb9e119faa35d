"""One whole service for all journeys of a test session."""

from collections.abc import Iterator

import pytest

from tests.whole import Whole, whole_service


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole_service(tmp_path_factory.mktemp("whole")) as running:
        yield running
