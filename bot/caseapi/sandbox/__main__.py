"""`python -m bot.caseapi.sandbox --port 8090`: the sandbox as a process. Loopback unless told otherwise."""

import argparse
import os

import uvicorn

from bot.caseapi.sandbox.app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.caseapi.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument(
        "--token",
        default=os.environ.get("REHBER_CASE_API_TOKEN", "sandbox"),
        help="bearer token that callers must send (default: REHBER_CASE_API_TOKEN, or `sandbox`)",
    )
    arguments = parser.parse_args()
    # Paths of a challenge would fill the log of a process that people watch for its errors.
    uvicorn.run(
        create_app(arguments.token),
        host=arguments.host,
        port=arguments.port,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
