"""Which processes make the service, and the environment that they inherit. Secrets travel there, never in a file."""

import sys
from pathlib import Path

from bot.launch.processes import Process
from bot.rasa import commands
from bot.settings import ROOT, Settings


def processes(settings: Settings, model: Path) -> tuple[Process, ...]:
    """Every process of one machine, in the order in which they are shown while they start."""
    rasa = _rasa(settings, model)
    public = f"http://127.0.0.1:{settings.public_port}"
    staff = f"http://127.0.0.1:{settings.staff_port}"
    sandbox = f"http://127.0.0.1:{settings.sandbox_port}"
    roster = [
        Process("worker", "the worker", (sys.executable, "-m", "bot", "worker")),
        Process("kiosk", "the kiosk", (sys.executable, "-m", "kiosk", "public"), f"{public}/health/ready"),
        Process("staff", "the staff console", (sys.executable, "-m", "kiosk", "staff"), f"{staff}/health/ready"),
        Process(
            "actions",
            "the actions",
            commands.actions(ROOT, settings.actions_port).argv,
            f"http://127.0.0.1:{settings.actions_port}/health",
        ),
        Process("rasa", "Rasa", rasa.argv, f"{settings.rasa_url}/"),
    ]
    if not settings.case_api_url:
        where = ("--port", str(settings.sandbox_port), "--announce-to", f"{public}/case/changes")
        argv = (sys.executable, "-m", "bot.caseapi.sandbox", *where)
        roster.append(Process("sandbox", "the sandbox case system", argv, f"{sandbox}/v1/health"))
    if settings.telegram_bot_token.get_secret_value():
        roster.append(Process("telegram", "Telegram", (sys.executable, "-m", "bot", "telegram")))
    return tuple(roster)


def environment(settings: Settings) -> dict[str, str]:
    """What the processes read: the settings that this start decided, and Rasa's own variables."""
    return {
        **commands.actions(ROOT, settings.actions_port).environment,
        **_rasa(settings, Path()).environment,
        "PYTHONUNBUFFERED": "1",
        "REHBER_DATABASE_URL": settings.database_url,
        "REHBER_DATA_DIR": str(settings.data_dir.resolve()),
        "REHBER_ENCODER": settings.encoder,
        "REHBER_RASA_PORT": str(settings.rasa_port),
        "REHBER_ACTIONS_PORT": str(settings.actions_port),
        "REHBER_PUBLIC_PORT": str(settings.public_port),
        "REHBER_STAFF_PORT": str(settings.staff_port),
        "REHBER_SANDBOX_PORT": str(settings.sandbox_port),
        "TELEGRAM_BOT_NAME": settings.telegram_bot_name,
        "REHBER_TELEGRAM_CASE_CHECK": str(settings.telegram_case_check).lower(),
    }


def _rasa(settings: Settings, model: Path) -> commands.Command:
    return commands.serve(
        ROOT,
        model,
        settings.rasa_port,
        actions_url=settings.actions_url,
        tracker_url=settings.database_url,
    )
