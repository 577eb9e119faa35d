"""HTTPS to the case system: only its own authority is believed, and a certificate may say who this office is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from bot.bootstrap import Service
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.errors import CannotCheck, Reason
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.certificates import Presented
from bot.caseapi.sandbox.tokens import Client
from bot.caseapi.tls import office_tls
from bot.errors import SettingsError
from bot.hub.identity_check import case_client
from tests.caseapi.conftest import HEADERS, TOKEN, find, identity_of, serving

ASKED = identity_of(find("appointment BOOKED"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def https_url(folder: Path) -> Iterator[str]:
    presented = Presented(folder)
    with serving(create_app(TOKEN, expire=presented.expire), presented) as url:
        yield url


def trusting(url: str, folder: Path) -> CaseClient:
    return CaseClient(url, TOKEN, deadline=3, tls=office_tls("", "", str(folder / "ca.pem")))


async def _reason(client: CaseClient) -> Reason | None:
    async with client:
        try:
            await client.start(ASKED)
        except CannotCheck as failure:
            return failure.reason
    return None


async def test_a_whole_check_over_https(https_url: str, folder: Path) -> None:
    authority = office_tls("", "", str(folder / "ca.pem"))
    async with trusting(https_url, folder) as client, httpx2.AsyncClient(verify=authority or True) as http:
        challenge = await client.start(ASKED)
        code = (await http.get(f"{https_url}/sandbox/sms", headers=HEADERS)).json()[-1]["code"]
        file = (await client.look_up(challenge.challenge_id, code, Check.APPOINTMENT)).file
    assert file.appointments is not None
    assert file.appointments.appointments


async def test_an_unknown_authority_is_not_believed(https_url: str, tmp_path: Path) -> None:
    Presented(tmp_path)
    assert await _reason(trusting(https_url, tmp_path)) is Reason.UNREACHABLE
    assert await _reason(CaseClient(https_url, TOKEN, deadline=3)) is Reason.UNREACHABLE


async def test_an_expired_certificate_is_not_believed_until_it_is_renewed(https_url: str, folder: Path) -> None:
    authority = office_tls("", "", str(folder / "ca.pem"))
    async with httpx2.AsyncClient(base_url=https_url, headers=HEADERS, verify=authority or True) as control:
        assert (await control.put("/sandbox/fault", json={"kind": "expired-certificate"})).status_code == 204
        assert await _reason(trusting(https_url, folder)) is Reason.UNREACHABLE
        # The connection of the control client was made before.
        assert (await control.delete("/sandbox/fault")).status_code == 204
    assert await _reason(trusting(https_url, folder)) is None


async def test_without_https_no_certificate_can_expire(sandbox_url: str) -> None:
    async with httpx2.AsyncClient(base_url=sandbox_url, headers=HEADERS) as control:
        assert (await control.put("/sandbox/fault", json={"kind": "expired-certificate"})).status_code == 400


async def test_a_certificate_stands_for_the_office_and_no_token_is_asked_for(tmp_path: Path) -> None:
    server, stranger = tmp_path / "server", tmp_path / "stranger"
    Presented(server)
    Presented(stranger)
    presented = Presented(tmp_path / "https", client_ca=server / "ca.pem")
    app = create_app("other", client=Client(secret="not ours", certified=True))
    ca = str(tmp_path / "https" / "ca.pem")

    def showing(folder: Path) -> CaseClient:
        tls = office_tls(str(folder / "client.pem"), str(folder / "client-key.pem"), ca)
        return CaseClient(url, "", deadline=3, tls=tls)

    with serving(app, presented) as url:
        assert await _reason(showing(server)) is None
        assert await _reason(showing(stranger)) is Reason.UNREACHABLE
        assert await _reason(CaseClient(url, "", deadline=3, tls=office_tls("", "", ca))) is Reason.UNREACHABLE


def test_nothing_named_means_the_public_authorities() -> None:
    assert office_tls("", "", "") is None


@pytest.mark.parametrize(
    ("certificate", "key", "ca", "said"),
    [
        ("", "client-key.pem", "", "REHBER_CASE_API_KEY is set"),
        ("", "", "none.pem", r"REHBER_CASE_API_CA: .*none.pem cannot be read"),
        ("", "", "client-key.pem", r"REHBER_CASE_API_CA: .*holds nothing that can be used"),
        ("none.pem", "client-key.pem", "", r"REHBER_CASE_API_CERTIFICATE.*none.pem cannot be read"),
        ("client.pem", "none.pem", "", r"REHBER_CASE_API_KEY: .*none.pem cannot be read"),
        ("client.pem", "server-key.pem", "", r"REHBER_CASE_API_CERTIFICATE.*belong together"),
        ("client.pem", "", "", r"REHBER_CASE_API_CERTIFICATE.*private key"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    certificate: str, key: str, ca: str, said: str, tmp_path: Path
) -> None:
    Presented(tmp_path)
    named = [str(tmp_path / name) if name else "" for name in (certificate, key, ca)]
    with pytest.raises(SettingsError, match=said):
        office_tls(*named)


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    Presented(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*-key.pem")} == {0o600}


def test_somebody_has_to_say_who_this_office_is(service: Service) -> None:
    nobody = service.settings.model_copy(update={"case_api_client_secret": SecretStr("")})
    with pytest.raises(SettingsError, match="REHBER_CASE_API_CLIENT_SECRET or REHBER_CASE_API_CERTIFICATE"):
        case_client(replace(service, settings=nobody))
