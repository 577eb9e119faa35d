"""`make answers`: uses the running service, or starts one of its own for as long as the questions last."""

import argparse
import asyncio
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bot.answers import read_questions, write_answers
from bot.bootstrap import build_service
from bot.errors import LaunchError, RehberError
from bot.launch.run import started
from bot.launch.running import with_running_database
from bot.logs import configure_logs
from bot.settings import Settings, load_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="make answers", description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("report", type=Path)
    options = parser.parse_args()
    try:
        settings = load_settings()
        configure_logs(settings)
        read_questions(options.questions)
        with _service_settings(settings) as running:
            count = asyncio.run(_answer(running, options.questions, options.report))
    except RehberError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} answers in {options.report}")
    return 0


@contextmanager
def _service_settings(settings: Settings) -> Iterator[Settings]:
    try:
        running = with_running_database(settings)
    except LaunchError:
        running = None
    if running is not None:
        yield running
        return
    with tempfile.TemporaryDirectory(prefix="rehber-") as folder:
        alone = on_free_ports(settings).model_copy(update={"data_dir": Path(folder)})
        with started(alone, Console(stderr=True)) as service:
            yield service.settings


def on_free_ports(settings: Settings) -> Settings:
    """The settings with ports that nobody uses at this moment, for a service beside another one."""
    names = ("public_port", "staff_port", "rasa_port", "actions_port", "sandbox_port")
    probes = [socket.socket() for _ in names]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = {name: probe.getsockname()[1] for name, probe in zip(names, probes, strict=True)}
    finally:
        for probe in probes:
            probe.close()
    return settings.model_copy(update=ports)


async def _answer(settings: Settings, questions: Path, report: Path) -> int:
    service = build_service(settings, connections=8)
    try:
        return await write_answers(service, questions, report)
    finally:
        await service.engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
