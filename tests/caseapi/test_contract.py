"""The contract, the models, the words and the sandbox say the same thing."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from pydantic import BaseModel

import bot.caseapi
from bot.caseapi import models, phrases
from bot.caseapi.form import FACTORS
from bot.caseapi.models import DocumentType, FactorType
from tests.caseapi.conftest import BASIC, access

CONTRACT = yaml.safe_load((Path(bot.caseapi.__file__).parent / "openapi.yaml").read_text())
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
_ABSTRACT = {"Message", "Report", "Period"}
_MODELS = {
    name: thing
    for name, thing in vars(models).items()
    if isinstance(thing, type) and issubclass(thing, models.Message) and name not in _ABSTRACT
}
_NOTES = {"title", "description", "default", "x-extensible-enum"}


def _bare(schema: Any) -> Any:
    """A schema without notes, with references by name, comparable whoever wrote it."""
    if isinstance(schema, list):
        return [_bare(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"].rsplit("/", 1)[1]}
    bare = {
        key: {name: _bare(inner) for name, inner in value.items()} if key == "properties" else _bare(value)
        for key, value in schema.items()
        if key not in _NOTES and key != "$defs"
    }
    if "required" in bare:
        bare["required"] = sorted(bare["required"])
    return bare


@pytest.mark.parametrize("name", sorted(_MODELS))
def test_a_model_is_its_schema(name: str) -> None:
    model: type[BaseModel] = _MODELS[name]
    assert _bare(model.model_json_schema()) == _bare(SCHEMAS[name])


def test_every_schema_has_a_model_or_is_part_of_one() -> None:
    assert set(SCHEMAS) == {*_MODELS, "Opaque", "DocumentType", "FactorType"}
    assert SCHEMAS["DocumentType"]["enum"] == [kind.value for kind in DocumentType]
    assert SCHEMAS["FactorType"]["enum"] == [kind.value for kind in FactorType]


def _codes(schema: str, field: str) -> list[str]:
    found = SCHEMAS[schema]["properties"][field]
    found = found.get("items", found)
    found = next((entry for entry in found.get("anyOf", []) if "pattern" in entry), found)
    return sorted(found["x-extensible-enum"])


def test_every_code_of_the_contract_has_words_and_no_other_code_has() -> None:
    assert _codes("Appointment", "type") == sorted(phrases.APPOINTMENT_TYPES)
    assert _codes("Appointment", "status") == sorted(phrases.APPOINTMENT_STATUSES)
    assert _codes("Appointment", "items_to_bring") == sorted(phrases.ITEMS)
    assert _codes("Permit", "kind") == sorted(phrases.PERMIT_KINDS)
    assert _codes("Permit", "status") == sorted(phrases.PERMIT_STATUSES)
    assert _codes("Permit", "next_step_code") == sorted(phrases.NEXT_STEPS)
    assert _codes("Protection", "next_step_code") == sorted(phrases.NEXT_STEPS)
    assert _codes("TravelPermit", "status") == sorted(phrases.TRAVEL_STATUSES)
    statuses = [code for track in phrases.PROTECTION_STATUSES.values() for code in track]
    assert _codes("Protection", "status") == sorted(statuses)


def test_every_document_has_a_name_and_a_second_detail() -> None:
    assert set(phrases.DOCUMENTS) == set(DocumentType) == set(FACTORS)
    for kind in FactorType:
        assert {f"ask.factor.{kind}", f"malformed.factor.{kind}"} <= set(phrases.PHRASES)


def test_whatever_asks_for_an_officer_has_the_one_neutral_sentence() -> None:
    words: dict[str, str] = {**phrases.PERMIT_STATUSES, **phrases.TRAVEL_STATUSES, **phrases.NEXT_STEPS}
    for track in phrases.PROTECTION_STATUSES.values():
        words |= track
    adverse = {code: text for code, text in words.items() if code.endswith("SEE_OFFICER") or code == "WITHDRAWN"}
    assert len(adverse) == 4
    assert set(adverse.values()) == {phrases.SEE_OFFICER}


api = schemathesis.openapi.from_dict(CONTRACT)


@api.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_sandbox_follows_the_contract(case: schemathesis.Case[Any], sandbox_url: str) -> None:
    headers = BASIC if case.path == "/oauth/token" else access(sandbox_url)
    case.call_and_validate(base_url=sandbox_url, headers=headers)
