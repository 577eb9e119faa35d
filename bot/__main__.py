"""The commands: `python -m bot COMMAND`, which `python -m bot --help` lists."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.bootstrap import Service, build_service
from bot.cases.rights import Role
from bot.errors import RehberError
from bot.logs import configure_logs
from bot.settings import Settings, load_settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code; an expected error is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        configure_logs(settings)
        code: int = options.command(settings, options)
    except RehberError as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rehber: a guide for migration offices.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, function: Callable[[Settings, argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=function)
        return sub

    command("run", _run, "start the whole service on this machine, with its own database")
    command("telegram", _telegram, "the Telegram process: updates in, messages out")
    command("worker", _worker, "the worker process: turns, notices, periodic jobs")
    command("migrate", _migrate, "bring the database to the current schema")
    asking = command("ask", _ask, "ask the running service one question")
    asking.add_argument("question")
    asking.add_argument("--lang", help="language as if the person had chosen it; otherwise it is detected")
    asking.add_argument("--json", action="store_true", help="print language, ranking, confidence and keys too")
    answers = command("answers", _answers, "send every question of a file through the running service")
    answers.add_argument("questions", type=Path)
    answers.add_argument("report", type=Path)
    staff = command("staff", _staff, "the people of the office: add, renew a password, dismiss, help with a lost phone")
    staff.add_argument("act", choices=["add", "renew", "dismiss", "reset-second-factor"])
    staff.add_argument("name")
    staff.add_argument("--role", default=Role.INTERPRETER.value, choices=[role.value for role in Role])
    staff.add_argument("--languages", default="", help="codes of the languages they interpret, like ar,fa")
    kiosks = command("kiosk", _kiosk, "the office's kiosks: add, list, remove")
    kiosks.add_argument("act", choices=["add", "list", "remove"])
    kiosks.add_argument("name", nargs="?", default="", help='where it stands, like "Hall 1"')
    models = command("translation-models", _translation_models, "install models of machine translation from a folder")
    models.add_argument("folder", type=Path)
    return parser


def _run(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.launch.run import run

    return run(settings)


def _telegram(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.channels.telegram.process import run

    return _serve(settings, run)


def _worker(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.hub.worker import run_worker

    return _serve(settings, run_worker)


def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.storage.migrate import upgrade

    build_service(settings)
    upgrade(settings.database_url)
    return 0


def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from bot.channels.terminal import ask

    async def asked(service: Service) -> None:
        if options.lang:
            service.registry.get(options.lang)
        answer = await ask(service, options.question, language=options.lang)
        if options.json:
            print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
        else:
            print(answer.text)
            print("".join(f"\n[{label}]" for label in answer.buttons))

    return _once(settings, asked)


def _answers(settings: Settings, options: argparse.Namespace) -> int:
    from bot.answers import write_answers

    async def written(service: Service) -> None:
        count = await write_answers(service, options.questions, options.report)
        print(f"{count} answers in {options.report}")

    return _once(settings, written)


def _staff(settings: Settings, options: argparse.Namespace) -> int:
    from bot.cases.staff import add_staff, dismiss, renew_password, reset_second_factor

    async def acted(service: Service) -> None:
        languages = [code.strip() for code in options.languages.split(",") if code.strip()]
        for code in languages:
            service.registry.get(code)
        async with service.engine.begin() as db:
            match options.act:
                case "add":
                    password = await add_staff(db, options.name, Role(options.role), languages)
                case "renew":
                    password = await renew_password(db, options.name)
                case "reset-second-factor":
                    await reset_second_factor(db, options.name)
                    print(f"{options.name} signs in with the password alone until a new second factor is set up.")
                    return
                case _:
                    await dismiss(db, options.name)
                    print(f"{options.name} can no longer sign in.")
                    return
        print(f"{options.name} can sign in with this password, which is shown only now:\n{password}")

    return _once(settings, acted)


def _kiosk(settings: Settings, options: argparse.Namespace) -> int:
    from bot.storage.kiosks import START_PLACE, add_kiosk, all_kiosks, remove_kiosk

    async def acted(service: Service) -> None:
        async with service.engine.begin() as db:
            match options.act:
                case "add":
                    secret = await add_kiosk(db, options.name)
                    door = settings.public_url or f"http://{settings.public_host}:{settings.public_port}"
                    print(f"{options.name} starts at this address, which is shown only now:")
                    print(f"{door}{START_PLACE}/{secret}")
                case "list":
                    for one in await all_kiosks(db):
                        since = one.seen_at.astimezone().isoformat(" ", "seconds") if one.seen_at else ""
                        print(f"{one.name}\t{one.sign.value}\t{since}".rstrip())
                case _:
                    await remove_kiosk(db, options.name)
                    print(f"{options.name} is removed. Its start address leads nowhere any more.")

    return _once(settings, acted)


def _translation_models(settings: Settings, options: argparse.Namespace) -> int:
    from bot.bootstrap import models_folder
    from bot.translation.installing import ALLOWED, ENDING, ModelRefused, install_all

    place = models_folder(settings)
    place.mkdir(parents=True, exist_ok=True)
    results = list(install_all(options.folder, place, place.parent / ALLOWED))
    for file, result in results:
        if isinstance(result, ModelRefused):
            print(f"refused: {file.name}\n{result}")
        else:
            print(f"installed: {file.name} ({result.source} to {result.target}, version {result.version})")
    if not results:
        print(f"No file {ENDING} in {options.folder}. Models: https://www.argosopentech.com/argospm/index/")
    return 0 if results and not any(isinstance(result, ModelRefused) for _, result in results) else 1


def _once(settings: Settings, work: Callable[[Service], Awaitable[None]]) -> int:
    """One piece of work against the running service, whose database it finds by itself on this machine."""
    from bot.launch.running import with_running_database

    async def worked() -> None:
        service = build_service(with_running_database(settings), connections=8)
        try:
            await work(service)
        finally:
            await service.engine.dispose()

    asyncio.run(worked())
    return 0


def _serve(settings: Settings, process: Callable[[Service], Awaitable[None]]) -> int:
    """A process that runs until SIGTERM or Ctrl+C."""

    async def served() -> None:
        service = build_service(settings, connections=settings.turns_at_once + 6)
        task = asyncio.ensure_future(process(service))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task
        await service.engine.dispose()

    asyncio.run(served())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
