"""Nothing that a person wrote reaches a log by way of an error, whoever reports it."""

import json
import subprocess
import sys

import pytest

from bot.settings import ROOT

BEGIN = """
import asyncio, gc, logging, sys, threading
import structlog
from bot.logs import configure_logs
from bot.settings import Settings

configure_logs(Settings(log_level="debug"))
log = structlog.get_logger()
library = logging.getLogger("some.library")

def fail(local="canary in a local variable"):
    try:
        raise KeyError("canary in a cause")
    except KeyError as cause:
        error = ValueError("canary in a message")
        error.add_note("canary in a note")
        raise error from cause

def group():
    errors = []
    for _ in range(2):
        try:
            fail()
        except ValueError as error:
            errors.append(error)
    raise ExceptionGroup("canary of a group", [errors[0], ExceptionGroup("canary inside", [errors[1]])])
"""

REPORTED = {
    "our log": "try: fail()\nexcept ValueError: log.exception('turn.failed', inbox_id=7)",
    "our log, a group": "try: group()\nexcept* ValueError: log.exception('turn.failed')",
    "our log, a group by hand": "try: group()\nexcept Exception: log.exception('turn.failed')",
    "a library": "try: fail()\nexcept ValueError: library.exception('turn.failed')",
    "a library, a group": "try: group()\nexcept Exception: library.error('turn.failed', exc_info=True)",
    "nobody": "group()",
    "a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "a destructor": "class X:\n    def __del__(self): fail()\nx = X(); del x; gc.collect()",
    "a task that nobody waits for": (
        "async def main():\n"
        "    async def inner(): fail()\n"
        "    task = asyncio.create_task(inner()); await asyncio.sleep(0.01); del task; gc.collect()\n"
        "asyncio.run(main())"
    ),
    "a callback": (
        "async def main():\n"
        "    asyncio.get_running_loop().call_soon(fail); await asyncio.sleep(0.01)\n"
        "asyncio.run(main())"
    ),
    "a broken statement": (
        "import sqlalchemy\n"
        "from bot.storage.database import make_engine\n"
        "from sqlalchemy.exc import DBAPIError\n"
        "engine = make_engine('postgresql://127.0.0.1:1/none')\n"
        "hidden = engine.sync_engine.hide_parameters\n"
        "error = DBAPIError('SELECT :a', {'a': 'canary'}, Exception('x'), hide_parameters=hidden)\n"
        "assert 'canary' not in str(error)\n"
        "try: raise error\nexcept DBAPIError: log.exception('turn.failed')"
    ),
}


@pytest.mark.parametrize("how", REPORTED)
def test_the_words_of_an_error_are_not_written(how: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", BEGIN + REPORTED[how]], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    written = run.stdout + run.stderr
    assert "canary" not in written
    assert "Error" in written, "that there was an error, and of what kind, is written"
    assert "<string>" in written or "DBAPIError" in written, "and where"


def test_what_is_written_is_one_json_object_a_line() -> None:
    program = (
        BEGIN + "log.info('turn.closed', inbox_id=7)\nlibrary.info('chatter')\nlibrary.warning('%s matters', 'it')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    first, second = run.stderr.splitlines()
    line = json.loads(first)
    assert (line["event"], line["inbox_id"], line["level"]) == ("turn.closed", 7, "info")
    assert second == "WARNING some.library it matters"


@pytest.mark.parametrize("name", ["httpx", "httpx2", "httpcore", "telegram", "uvicorn.access"])
def test_libraries_that_log_addresses_are_quiet(name: str) -> None:
    program = BEGIN + f"logging.getLogger('{name}').info('GET https://api.telegram.org/bot123:canary/getMe')"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stderr == ""
