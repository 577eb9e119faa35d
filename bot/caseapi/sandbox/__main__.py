"""`python -m bot.caseapi.sandbox`: the sandbox case system as a process, on loopback unless told otherwise.

What the office and the case system agreed on comes from the same variables as Rehber's own settings
(`REHBER_CASE_API_CLIENT_ID`, `…_CLIENT_SECRET`, `…_WEBHOOK_SECRET`), because a command line can be read by everybody.

With `--https FOLDER` it speaks HTTPS with a certificate of its own authority, whose `ca.pem` it writes there; only then
can it be told to show an expired one. With `--client-ca FILE` callers must show a certificate, and need no token:

    python -m bot.caseapi.sandbox --port 8443 --https data/office --client-ca data/office/ca.pem
    REHBER_CASE_API_URL=https://localhost:8443 REHBER_CASE_API_CA=data/office/ca.pem REHBER_CASE_API_CLIENT_SECRET= \\
    REHBER_CASE_API_CERTIFICATE=data/office/client.pem REHBER_CASE_API_KEY=data/office/client-key.pem make run

An office whose address is set agrees on its own secret for announcements: give both sides the same `…_WEBHOOK_SECRET`.
"""

import argparse
import os
from pathlib import Path

import uvicorn

from bot.caseapi.sandbox.announcer import Announcer
from bot.caseapi.sandbox.app import create_app
from bot.caseapi.sandbox.certificates import Presented
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
    parser.add_argument("--https", type=Path, metavar="FOLDER", help="speak HTTPS; certificates are written there")
    parser.add_argument("--client-ca", type=Path, metavar="FILE", help="who signs the callers' certificates (PEM)")
    arguments = parser.parse_args()
    if arguments.client_ca and not arguments.https:
        parser.error("--client-ca needs --https: a certificate is shown in a TLS handshake")
    presented = Presented(arguments.https, arguments.host, arguments.client_ca) if arguments.https else None
    known = Client()
    client = Client(
        client_id=os.environ.get("REHBER_CASE_API_CLIENT_ID") or known.client_id,
        secret=os.environ.get("REHBER_CASE_API_CLIENT_SECRET") or known.secret,
        certified=arguments.client_ca is not None,
    )
    secret = os.environ.get("REHBER_CASE_API_WEBHOOK_SECRET") or SANDBOX_WEBHOOK_SECRET
    app = create_app(
        arguments.control_token,
        client=client,
        announcer=Announcer(arguments.announce_to, secret),
        expire=presented.expire if presented else None,
    )
    # Paths of a challenge would fill the log of a process that people watch for its errors.
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ssl_context_factory=(lambda config, default: presented.context) if presented else None,
    )


if __name__ == "__main__":
    main()
