"""An office whose papers are made. Paper needs no database, so none is started."""

from dataclasses import replace
from typing import Final

import pytest

from bot.bootstrap import Service, build_service
from bot.settings import Settings

BOT: Final = "rehber_office_bot"


@pytest.fixture(scope="module")
def without_a_bot(catalogues: None, tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("data")
    return build_service(Settings(database_url="postgresql://nobody@127.0.0.1:9/none", data_dir=folder))


@pytest.fixture(scope="module")
def office(without_a_bot: Service) -> Service:
    """An office with a bot."""
    return replace(without_a_bot, settings=without_a_bot.settings.model_copy(update={"telegram_bot_name": BOT}))
