"""Builds the real objects of a process, once, from its settings. Nothing else calls a constructor of an adapter."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.caseapi.codes import Vocabulary, with_words
from bot.caseapi.wording import Words
from bot.content import Library, load_library
from bot.errors import SettingsError
from bot.i18n.catalogues import Catalogues, load_catalogues
from bot.i18n.registry import Registry
from bot.settings import ROOT, Settings
from bot.storage.database import make_engine
from bot.storage.sealing import Seal, load_secret
from bot.translation.argos import Argos
from bot.translation.translator import Translator


def models_folder(settings: Settings) -> Path:
    """Where models of translation are installed."""
    return settings.data_dir / "translation" / "models"


@dataclass(frozen=True, slots=True)
class Service:
    """What every process of Rehber needs: the settings, the database, the knowledge and the words."""

    settings: Settings
    engine: AsyncEngine
    seal: Seal
    library: Library
    catalogues: Catalogues

    @property
    def registry(self) -> Registry:
        return self.library.languages

    def translator(self) -> Translator:
        """Machine translation with the models that are installed; models are loaded when they are needed."""
        return Translator(Argos(models_folder(self.settings)), self.settings.translation_seconds)

    @property
    def case_words(self) -> Words:
        """What `bot.caseapi.wording.say` reads."""
        return Words(self.catalogues, self.library.case_words)


def build_service(settings: Settings, *, connections: int = 10) -> Service:
    """Wire a process. Raises SettingsError or ContentError when it could not work; does not connect yet."""
    if not settings.database_url:
        raise SettingsError(
            "REHBER_DATABASE_URL is empty and this process starts no database: "
            "use `make run`, which does, or name a PostgreSQL."
        )
    library = load_library(ROOT / "content")
    for vocabulary in Vocabulary:
        library.case_words.require(vocabulary, with_words(vocabulary))
    # Staff keep their languages, whatever applicants are offered.
    catalogues = load_catalogues(ROOT, library.languages)
    if not settings.offer_drafts:
        library = library.reviewed_only()
    if not library.languages.is_offered(settings.default_language):
        offered = ", ".join(language.code for language in library.languages.offered())
        raise SettingsError(f"REHBER_DEFAULT_LANGUAGE is not a language that is offered: choose one of {offered}.")
    return Service(
        settings=settings,
        engine=make_engine(settings.database_url, connections=connections),
        seal=Seal(load_secret(settings.secret_key.get_secret_value(), settings.data_dir)),
        library=library,
        catalogues=catalogues,
    )
