"""Fixtures that every folder shares: one embedded PostgreSQL a session, a fresh migrated database a test."""

import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.bootstrap import Service, build_service
from bot.launch.database import EmbeddedDatabase
from bot.settings import Settings
from bot.translation.installing import install_all
from tests.translation.tiny import allow, make_model
from tests.whole import Whole, whole_service

TEMPLATE = "template_rehber"


@pytest.fixture(scope="session")
def catalogues() -> None:
    """The compiled catalogues, which are built and never committed."""
    subprocess.run([sys.executable, "-m", "bot.checks", "compile"], check=True, capture_output=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[EmbeddedDatabase]:
    """A PostgreSQL of this test session with a migrated template database.

    Not below pytest's own folder: another session on the machine closes that to everybody but root, and PostgreSQL
    never runs as root.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rehber-pg-") as folder,
        EmbeddedDatabase(Path(folder) / "data") as server,
    ):
        server.migrated(TEMPLATE)
        yield server


@pytest.fixture
def database_url(database_server: EmbeddedDatabase) -> Iterator[str]:
    """A fresh database with the current schema."""
    name = f"t_{uuid4().hex[:12]}"
    yield database_server.url(name, template=TEMPLATE)
    database_server.drop(name)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a process on the fresh database, with a data folder of its own."""
    return Settings(database_url=database_url, data_dir=tmp_path / "data")


@pytest.fixture
async def service(settings: Settings, catalogues: None) -> AsyncIterator[Service]:
    """What a process of Rehber holds, on the fresh database."""
    built = build_service(settings, connections=5)
    yield built
    await built.engine.dispose()


@pytest.fixture(scope="session")
def whole() -> Iterator[Whole]:
    """The whole service as `make run` starts it, once for all tests that travel through every process."""
    with tempfile.TemporaryDirectory(prefix="rehber-whole-") as folder, whole_service(Path(folder)) as running:
        yield running


MODELS = (("ar", "en"), ("en", "ar"), ("tr", "en"), ("en", "tr"))


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages with models of translation, as an administrator brings them."""
    folder = tmp_path_factory.mktemp("packages")
    for source, target in MODELS:
        make_model(folder, source, target)
    return folder


@pytest.fixture
def models(packages: Path, tmp_path: Path) -> Path:
    """The folder of installed models in the data folder of `settings`: Arabic and Turkish, by English."""
    place = tmp_path / "data" / "translation" / "models"
    place.mkdir(parents=True)
    lists = place.parent / "allowed.sha256"
    for file in packages.iterdir():
        allow(file, lists)
    assert len(list(install_all(packages, place, lists))) == len(MODELS)
    return place
