"""The table of settings in the README is the one that the code reads."""

import inspect
import re
from functools import cached_property

from bot.settings import ROOT, Settings
from tests.docs.markdown import documents, rows
from tests.docs.settings_table import README, table, variable, with_table


def test_the_table_is_the_present_one() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text), "run `.venv/bin/python -m tests.docs.settings_table`"


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    known = {variable(name, field) for name, field in Settings.model_fields.items()}
    assert {row[0].strip("`") for row in rows(README, "Settings")} == known
    assert len(known) > 20


def test_every_setting_says_what_it_means() -> None:
    missing = [name for name, field in Settings.model_fields.items() if not field.description]
    assert missing == []
    assert "empty" in table()


def test_every_setting_has_an_effect() -> None:
    modules = [path for folder in ("bot", "kiosk") for path in (ROOT / folder).rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules if path.name != "settings.py")
    # Some are read through a property that gives the whole address.
    code += "".join(inspect.getsource(v.func) for v in vars(Settings).values() if isinstance(v, cached_property))
    assert len(modules) > 100
    assert [name for name in Settings.model_fields if not re.search(rf"\.{name}\b", code)] == []


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = {variable(name, field) for name, field in Settings.model_fields.items()}
    # What the kiosk's own computer is told: it runs no part of Rehber.
    known |= set(re.findall(r"REHBER_KIOSK_[A-Z_]+", (ROOT / "deploy/kiosk/rehber-kiosk").read_text(encoding="utf-8")))
    named = {
        word.strip("`(),.=…|").partition("=")[0]
        for document in documents()
        for word in document.read_text(encoding="utf-8").split()
        if word.strip("`(),.").startswith(("REHBER_", "TELEGRAM_"))
    }
    assert named - known == set()
    assert len(named) > 20
