"""The start on one machine: clear sentences where it cannot be, no secret in a file, free ports that are free."""

import shlex
import socket
from collections.abc import Iterator
from configparser import RawConfigParser
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console
from supervisor.options import ServerOptions

from bot.errors import LaunchError, SettingsError
from bot.launch.answers import on_free_ports
from bot.launch.processes import Process, write_configuration
from bot.launch.roster import environment, processes
from bot.launch.run import started
from bot.launch.running import with_running_database
from bot.launch.steps import Steps, wait_until_ready
from bot.settings import ROOT, Settings

SECRETS = {
    "database_url": "postgresql://someone:canary-database@127.0.0.1:1/none",
    "secret_key": SecretStr("canary-key-canary-key-canary-key-canary"),
    "telegram_bot_token": SecretStr("1:canary-token"),
    "telegram_webhook_secret": SecretStr("canary-webhook"),
    "case_api_client_secret": SecretStr("canary-case-system"),
    "case_api_webhook_secret": SecretStr("canary-announcements"),
}


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.mark.parametrize("name", ["public_port", "staff_port", "rasa_port", "actions_port", "sandbox_port"])
def test_a_taken_port_is_named_before_anything_is_started(tmp_path: Path, name: str) -> None:
    with taken() as port:
        settings = on_free_ports(Settings(data_dir=tmp_path / "data")).model_copy(update={name: port})
        with (
            pytest.raises(LaunchError, match=rf"Port {port} is taken.*REHBER_{name.upper()}"),
            started(settings, Console(file=StringIO())),
        ):
            pass
    assert not (tmp_path / "data").exists()


def test_one_port_for_two_processes_is_refused(tmp_path: Path) -> None:
    settings = on_free_ports(Settings(data_dir=tmp_path / "data"))
    twice = settings.model_copy(update={"staff_port": settings.public_port})
    with (
        pytest.raises(LaunchError, match="REHBER_STAFF_PORT or REHBER_PUBLIC_PORT"),
        started(twice, Console(file=StringIO())),
    ):
        pass


def test_with_a_real_case_system_the_sandboxs_port_is_nobodys_business(tmp_path: Path) -> None:
    with taken() as port:
        settings = on_free_ports(Settings(data_dir=tmp_path, case_api_url="https://cases.example")).model_copy(
            update={"sandbox_port": port, "database_url": "postgresql://127.0.0.1:1/none"}
        )
        with pytest.raises(LaunchError, match="REHBER_DATABASE_URL"), started(settings, Console(file=StringIO())):
            pass


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    said = StringIO()
    settings = on_free_ports(Settings(data_dir=tmp_path)).model_copy(update={"database_url": SECRETS["database_url"]})
    with pytest.raises(LaunchError, match="REHBER_DATABASE_URL") as error, started(settings, Console(file=said)):
        pass
    assert "canary" not in str(error.value) + said.getvalue()


def test_free_ports_are_free_and_different() -> None:
    settings = on_free_ports(Settings())
    ports = {
        settings.public_port,
        settings.staff_port,
        settings.rasa_port,
        settings.actions_port,
        settings.sandbox_port,
    }
    assert len(ports) == 5
    assert not ports & {8000, 8001, 5005, 5055, 8090}
    for port in ports:
        with taken(port):
            pass


def test_the_process_runners_file_and_the_command_lines_hold_no_secret(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path).model_copy(update=SECRETS)
    roster = processes(settings, tmp_path / "model.tar.gz")
    path = write_configuration(roster, tmp_path / "run", ROOT)
    assert "canary" not in path.read_text(encoding="utf-8")
    assert not any("canary" in word for process in roster for word in process.argv), "`ps` shows it to everybody"
    assert {process.name for process in roster} == {
        "worker",
        "kiosk",
        "staff",
        "actions",
        "rasa",
        "sandbox",
        "telegram",
    }
    without = Settings(data_dir=tmp_path, case_api_url="https://cases.example")
    assert {p.name for p in processes(without, tmp_path)} == {"worker", "kiosk", "staff", "actions", "rasa"}


def test_the_sandbox_announces_changes_to_the_public_door(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, public_port=8123)
    sandbox = next(process for process in processes(settings, tmp_path) if process.name == "sandbox")
    assert "http://127.0.0.1:8123/case/changes" in sandbox.argv


def test_a_certificate_that_cannot_be_read_is_said_before_anything_is_started(
    tmp_path: Path, database_url: str, catalogues: None
) -> None:
    settings = on_free_ports(
        Settings(data_dir=tmp_path / "data", database_url=database_url, case_api_ca=str(tmp_path / "none.pem"))
    )
    with pytest.raises(SettingsError, match="REHBER_CASE_API_CA"), started(settings, Console(file=StringIO())):
        pass
    assert not (tmp_path / "data" / "run").exists()


def test_the_environment_carries_what_this_start_decided(tmp_path: Path) -> None:
    settings = on_free_ports(Settings(data_dir=tmp_path, database_url="postgresql://127.0.0.1/x"))
    given = environment(settings)
    assert given["REHBER_DATABASE_URL"] == "postgresql://127.0.0.1/x"
    assert given["REHBER_PUBLIC_PORT"] == str(settings.public_port)
    assert all(isinstance(value, str) for value in given.values())


def test_the_process_runner_reads_names_and_paths_as_they_are(tmp_path: Path) -> None:
    """Spaces, quotes and percent signs in a path are no syntax."""
    folder = tmp_path / 'a "strange" 100% folder'
    process = Process("odd", "odd", ("/bin/echo", "a b", 'say "x"', "100%", "%(here)s", "back\\slash"))
    path = write_configuration([process], folder, tmp_path)
    options = ServerOptions()
    options.realize(args=["-c", str(path)])
    (group,) = options.process_group_configs
    (config,) = group.process_configs
    assert shlex.split(config.command)[-6:] == list(process.argv)
    assert config.stdout_logfile == str(folder / "logs" / "odd.log")
    assert options.pidfile == str(folder / "supervisord.pid")
    assert [server["file"] for server in options.server_configs] == [str(folder / "runner.sock")]
    file = RawConfigParser()
    file.read(path)
    assert file["unix_http_server"]["chmod"] == "0600"


def test_a_process_that_never_gets_ready_is_named_with_its_log() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        with pytest.raises(LaunchError, match=r"Rasa did not answer.*rasa\.log"):
            wait_until_ready("Rasa", url, seconds=0.5, alive=lambda: True, log="/x/rasa.log")
        with pytest.raises(LaunchError, match=r"Rasa did not start.*rasa\.log"):
            wait_until_ready("Rasa", url, seconds=30, alive=lambda: False, log="/x/rasa.log")


def test_a_step_shows_how_it_ended() -> None:
    said = StringIO()
    steps = Steps(Console(file=said))
    with steps.step("Starting one"):
        pass
    with pytest.raises(LaunchError), steps.step("Starting two"):
        raise LaunchError("x")
    assert ["✓ Starting one" in said.getvalue(), "✗ Starting two" in said.getvalue()] == [True, True]


def test_the_running_database_is_found(settings: Settings, tmp_path: Path) -> None:
    nothing = Settings(data_dir=tmp_path / "nothing")
    with pytest.raises(LaunchError, match="make run"):
        with_running_database(nothing)
    assert with_running_database(settings) is settings
    note = tmp_path / "here" / "run" / "database-url"
    note.parent.mkdir(parents=True)
    note.write_text(settings.database_url, encoding="utf-8")
    assert with_running_database(Settings(data_dir=tmp_path / "here")).database_url == settings.database_url


def test_a_note_of_a_start_that_was_killed_is_not_believed(tmp_path: Path) -> None:
    note = tmp_path / "run" / "database-url"
    note.parent.mkdir(parents=True)
    note.write_text(f"postgresql://postgres@/postgres?host={tmp_path}/gone", encoding="utf-8")
    with pytest.raises(LaunchError, match="make run"):
        with_running_database(Settings(data_dir=tmp_path))
