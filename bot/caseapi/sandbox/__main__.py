"""`python -m bot.caseapi.sandbox`: the sandbox case system as a process, on loopback unless told otherwise.

What the office and the case system agreed on comes from the same variables as Rehber's own settings
(`REHBER_CASE_API_CLIENT_ID`, `…_CLIENT_SECRET`, `…_WEBHOOK_SECRET`), because a command line can be read by everybody.
"""

import argparse
import os

import uvicorn

from bot.caseapi.sandbox.announcer import Announcer
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.tokens import Client
from bot.settings import SANDBOX_WEBHOOK_SECRET


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bot.caseapi.sandbox", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--control-token", default="sandbox", help="bearer token of /sandbox/… (default: sandbox)")
    parser.add_argument("--announce-to", default="", metavar="URL", help="where changes of files are announced")
    arguments = parser.parse_args()
    known = Client()
    client = Client(
        client_id=os.environ.get("REHBER_CASE_API_CLIENT_ID") or known.client_id,
        secret=os.environ.get("REHBER_CASE_API_CLIENT_SECRET") or known.secret,
    )
    secret = os.environ.get("REHBER_CASE_API_WEBHOOK_SECRET") or SANDBOX_WEBHOOK_SECRET
    # Paths of a challenge would fill the log of a process that people watch for its errors.
    uvicorn.run(
        create_app(arguments.control_token, client=client, announcer=Announcer(arguments.announce_to, secret)),
        host=arguments.host,
        port=arguments.port,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
