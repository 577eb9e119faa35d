"""The action server: `python -m bot.actions --port N`, on loopback, in its own environment.

Rasa's SDK as it is, in one process instead of three, without tracing, and with an answer to its own mistakes that does
not repeat the conversation.
"""

import argparse
import logging
import warnings
from typing import Final

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.response import HTTPResponse, json

from bot.actions.answer import ActionAnswer, ActionOfferTopics

LOOPBACK: Final = "127.0.0.1"

logger = logging.getLogger("bot.actions")


def build_app() -> Sanic:
    """The SDK's application with Rehber's actions. `GET /health` answers when it is ready."""
    executor = ActionExecutor()
    executor.register_action(ActionAnswer())
    executor.register_action(ActionOfferTopics())
    app: Sanic = create_app(executor, cors_origins=[])
    app.error_handler = ErrorHandler()
    app.error_handler.add(Exception, _refuse)
    return app


def _refuse(request: Request, error: Exception) -> HTTPResponse:
    # The SDK's own handler sends and logs the request, which holds the conversation.
    status = error.status_code if isinstance(error, SanicException) else 500
    logger.error("A call failed with status %d (%s).", status, type(error).__name__)
    return json({"error": type(error).__name__}, status=status)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bot.actions", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port: int = parser.parse_args().port
    warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # One warning a call that Rasa 3.6 talks to SDK 3.21: tried and found to work, see docs/decisions/0003.
    logging.getLogger("rasa_sdk.utils").setLevel(logging.ERROR)
    app = build_app()
    app.prepare(host=LOOPBACK, port=port, single_process=True, access_log=False, motd=False)
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main()
