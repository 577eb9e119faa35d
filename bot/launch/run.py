"""`make run`: from nothing to a running service on one machine, and back to nothing at Ctrl+C.

Owns the order of the steps. Starting, restarting and stopping processes is supervisord's work; the database's is
PostgreSQL's own; this waits, shows, and hands the secrets on through the environment.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from rich.console import Console

from bot.bootstrap import build_service
from bot.channels.telegram.api import bot_name
from bot.errors import LaunchError
from bot.hub.identity_check import case_client
from bot.launch.database import EmbeddedDatabase
from bot.launch.demo import demo_sign_in
from bot.launch.model import ready_model
from bot.launch.processes import FROM_THE_RUNNER, Process, write_configuration
from bot.launch.roster import environment, processes
from bot.launch.steps import Steps, wait_until_ready
from bot.rasa.commands import SCHEMA
from bot.settings import ROOT, Settings
from bot.storage.migrate import upgrade

READY_SECONDS: Final = 180.0
STOP_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 10
BOT_NAME_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """A started service: the process runner, and the settings that its processes have."""

    runner: "subprocess.Popen[bytes]"
    settings: Settings


def run(settings: Settings) -> int:
    """Start everything, print the addresses, wait for Ctrl+C or SIGTERM, stop everything. Returns the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    # A shell that starts this in the background has it ignore SIGINT: asked to stop, it stops all the same.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with started(settings, console) as running:
            _print_addresses(console, running.settings)
            code = running.runner.wait()
            raise LaunchError(f"the process runner ended by itself ({code}); see {running.settings.data_dir}/run/logs")
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0


@contextmanager
def started(settings: Settings, console: Console) -> Iterator[Running]:
    """The whole service, ready, for as long as the block lasts."""
    steps = Steps(console)
    _refuse_taken_ports(settings)
    with _database(settings, steps) as url:
        full = settings.model_copy(
            update={
                "database_url": url,
                # The sandbox holds no real person, so the check may be tried on Telegram too.
                "telegram_case_check": settings.telegram_case_check or not settings.case_api_url,
                "telegram_bot_name": settings.telegram_bot_name or _bot_name(settings, steps),
            }
        )
        # Every process builds this: what is wrong with content or settings is said once, before any of them starts.
        case_client(build_service(full))
        model = ready_model(full, steps)
        folder = full.data_dir / "run"
        roster = processes(full, model)
        configuration = write_configuration(roster, folder, ROOT)
        runner = subprocess.Popen(
            [*FROM_THE_RUNNER, sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
            env={**os.environ, **environment(full)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Its own group: at Ctrl+C this process stops it, in its own order.
            start_new_session=True,
        )
        try:
            _wait_for_all(roster, runner, folder, steps)
            yield Running(runner, full)
        finally:
            _stop(runner)


def _wait_for_all(roster: tuple[Process, ...], runner: "subprocess.Popen[bytes]", folder: Path, steps: Steps) -> None:
    for process in roster:
        if process.ready_url:
            with steps.step(f"Starting {process.title}"):
                wait_until_ready(
                    process.title,
                    process.ready_url,
                    seconds=READY_SECONDS,
                    alive=lambda: runner.poll() is None,
                    log=str(folder / "logs" / f"{process.name}.log"),
                )


@contextmanager
def _database(settings: Settings, steps: Steps) -> Iterator[str]:
    """The address of a migrated database: the configured one, or the embedded one, started."""
    if settings.database_url:
        with steps.step("Preparing the database"):
            _require_answer(settings.database_url)
            upgrade(settings.database_url)
        _make_tracker_schema(settings.database_url)
        yield settings.database_url
        return
    with steps.step("Starting PostgreSQL"):
        server = EmbeddedDatabase(settings.data_dir / "postgresql")
        url = server.migrated("rehber")
        _make_tracker_schema(url)
    with server:
        # The address is a socket's path that only this user can open; other terminals find it here.
        note = settings.data_dir / "run" / "database-url"
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(url, encoding="utf-8")
        try:
            yield url
        finally:
            note.unlink(missing_ok=True)


def _bot_name(settings: Settings, steps: Steps) -> str:
    """What Telegram calls the bot, for the codes that lead to it; without an answer there are none until a restart."""
    if not settings.telegram_bot_token.get_secret_value():
        return ""
    with steps.step("Asking Telegram for the bot's name"):
        return asyncio.run(bot_name(settings, seconds=BOT_NAME_SECONDS))


def _require_answer(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        reason = type(error).__name__
        raise LaunchError(
            f"No PostgreSQL lets us in at REHBER_DATABASE_URL ({reason}). Correct it, or leave it empty for our own."
        ) from None


def _make_tracker_schema(url: str) -> None:
    """Rasa makes its own tables, in a schema of its own."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(psycopg.sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(psycopg.sql.Identifier(SCHEMA)))


def _refuse_taken_ports(settings: Settings) -> None:
    ports = {
        "REHBER_PUBLIC_PORT": settings.public_port,
        "REHBER_STAFF_PORT": settings.staff_port,
        "REHBER_RASA_PORT": settings.rasa_port,
        "REHBER_ACTIONS_PORT": settings.actions_port,
        **({} if settings.case_api_url else {"REHBER_SANDBOX_PORT": settings.sandbox_port}),
    }
    for name, port in ports.items():
        twin = next(other for other, its in ports.items() if its == port)
        if twin != name:
            raise LaunchError(f"Port {port} is given to two processes: choose another one with {name} or {twin}.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise LaunchError(
                    f"Port {port} is taken, perhaps by another Rehber. Stop it, or choose another port with {name}."
                ) from None


def _stop(runner: "subprocess.Popen[bytes]") -> None:
    runner.terminate()
    try:
        runner.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        runner.kill()
        runner.wait()


def _print_addresses(console: Console, settings: Settings) -> None:
    sign_in = demo_sign_in(settings) if settings.demo_staff else None
    kiosk = f"http://{settings.public_host}:{settings.public_port}"
    staff = f"http://{settings.staff_host}:{settings.staff_port}"
    console.print("\n[bold]Rehber is running.[/bold]")
    console.print(f"  Kiosk            {kiosk}")
    demo = f"   sign in as [bold]{sign_in[0]}[/bold], password [bold]{sign_in[1]}[/bold]" if sign_in else ""
    console.print(f"  Staff console    {staff}{demo}")
    if not settings.case_api_url:
        console.print(f"  Sandbox phone    http://127.0.0.1:{settings.sandbox_port}/phone   (synthetic people)")
    if settings.telegram_bot_token.get_secret_value():
        name = settings.telegram_bot_name
        codes = f"@{name} is answering" if name else "the bot is answering; its name is unknown, so no code leads to it"
        console.print(f"  Telegram         {codes}")
    else:
        console.print("  Telegram         off: set TELEGRAM_BOT_TOKEN to turn it on")
    console.print(f"  Logs             {settings.data_dir}/run/logs")
    console.print('  Ask it           .venv/bin/python -m bot ask --lang en "How do I register my address?"')
    console.print("Press Ctrl+C to stop.")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
