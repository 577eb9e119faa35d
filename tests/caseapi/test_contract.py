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
from bot.caseapi.codes import ADVERSE, CODES, WITH_OTHER, Vocabulary
from bot.caseapi.form import FACTORS
from bot.caseapi.models import DocumentType, FactorType
from bot.caseapi.wording import Line, meaning
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


_LISTS = {
    ("Appointment", "type"): [Vocabulary.APPOINTMENT_TYPE],
    ("Appointment", "status"): [Vocabulary.APPOINTMENT_STATUS],
    ("Appointment", "items_to_bring"): [Vocabulary.ITEM],
    ("Permit", "kind"): [Vocabulary.PERMIT_KIND],
    ("Permit", "status"): [Vocabulary.PERMIT_STATUS],
    ("Permit", "next_step_code"): [Vocabulary.NEXT_STEP],
    ("Protection", "next_step_code"): [Vocabulary.NEXT_STEP],
    ("Protection", "status"): [Vocabulary.INTERNATIONAL_PROTECTION, Vocabulary.TEMPORARY_PROTECTION],
    ("TravelPermit", "status"): [Vocabulary.TRAVEL_STATUS],
}


@pytest.mark.parametrize(("schema", "field"), _LISTS)
def test_a_code_of_the_contract_has_words_or_is_of_a_decision_and_no_other_code_has(schema: str, field: str) -> None:
    known = {code for vocabulary in _LISTS[schema, field] for code in CODES[vocabulary]}
    assert not known & ADVERSE
    assert set(_codes(schema, field)) - ADVERSE == known


def test_every_vocabulary_is_a_list_of_the_contract() -> None:
    listed = {vocabulary for vocabularies in _LISTS.values() for vocabulary in vocabularies}
    assert listed | {Vocabulary.DOCUMENT} == set(CODES) == set(Vocabulary)


def test_every_document_has_a_name_and_a_second_detail() -> None:
    assert set(CODES[Vocabulary.DOCUMENT]) == set(DocumentType) == set(FACTORS)
    for kind in FactorType:
        assert {f"ask.factor.{kind}", f"malformed.factor.{kind}"} <= set(phrases.PHRASES)


def test_whatever_asks_for_an_officer_has_the_one_neutral_sentence() -> None:
    in_the_contract = {code for schema, field in _LISTS for code in _codes(schema, field)}
    adverse = {code for code in in_the_contract if code.endswith("SEE_OFFICER") or code == "WITHDRAWN"}
    assert adverse == ADVERSE
    for vocabulary in Vocabulary:
        if vocabulary not in WITH_OTHER:
            assert all(meaning(vocabulary, code) == Line(phrases.SEE_OFFICER) for code in adverse)


api = schemathesis.openapi.from_dict(CONTRACT)


@api.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_sandbox_follows_the_contract(case: schemathesis.Case[Any], sandbox_url: str) -> None:
    headers = BASIC if case.path == "/oauth/token" else access(sandbox_url)
    case.call_and_validate(base_url=sandbox_url, headers=headers)
