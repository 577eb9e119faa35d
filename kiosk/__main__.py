"""Serves one of the web doors: `python -m kiosk public` or `python -m kiosk staff`."""

import argparse
import sys

import uvicorn

from bot.bootstrap import build_service
from bot.errors import RehberError
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from kiosk.app import create_public_app
from kiosk.staff.app import create_staff_app

GRACE_SECONDS = 3
"""Event streams end only when their page leaves, so a stopping door cuts them; the page asks for the rest later."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m kiosk", description=__doc__)
    parser.add_argument("door", choices=("public", "staff"))
    door = parser.parse_args().door
    try:
        settings = load_settings()
        configure_logs(settings)
        service = build_service(settings)
        app = create_public_app(service) if door == "public" else create_staff_app(service)
    except RehberError as error:
        print(error, file=sys.stderr)
        return 2
    host, port = _address(settings, door)
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return 0


def _address(settings: Settings, door: str) -> tuple[str, int]:
    if door == "public":
        return settings.public_host, settings.public_port
    return settings.staff_host, settings.staff_port


if __name__ == "__main__":
    sys.exit(main())
