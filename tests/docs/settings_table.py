"""The table of settings in README.md, made from `bot.settings.Settings`.

`.venv/bin/python -m tests.docs.settings_table` writes it; a test compares.
"""

from pathlib import Path
from typing import Any, Final

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import ROOT, Settings

README: Final = ROOT / "README.md"
START: Final = "<!-- settings: written by `.venv/bin/python -m tests.docs.settings_table` -->\n"
END: Final = "<!-- settings: end -->"


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable that a field is read from."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"{Settings.model_config['env_prefix']}{name.upper()}"


def table() -> str:
    rows = [
        f"| `{variable(name, field)}` | {_shown(field.default)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    ]
    return "| variable | default | meaning |\n|---|---|---|\n" + "".join(rows)


def with_table(text: str) -> str:
    """The document with its table replaced by the present one."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"README.md has lost the marks around its table of settings: {START.strip()} … {END}")
    return f"{before}{START}\n{table()}\n{END}{after}"


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if str(value) else "empty"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
