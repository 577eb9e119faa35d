"""`python -m tests.emulator --port N [--token T]`: the emulator as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.emulator.server import TOKEN, serve_forever


def main() -> None:
    """Serve until interrupted; the first line of output is the address."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--token", default=TOKEN, help="the only bot token that is let in")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_forever(arguments.port, arguments.token))


if __name__ == "__main__":
    main()
