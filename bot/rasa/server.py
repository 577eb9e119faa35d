"""Starts Rasa's own server on loopback: `python -m bot.rasa.server`, in Rasa's environment.

The same server as `rasa run`, started without the command-line interface, the libraries that this model does not use
and the logs that quote people. `bot.rasa.commands` builds the call.
"""

import argparse
import logging
import os
from pathlib import Path
from typing import Any, Final

from bot.rasa import absent, server_logs

LOOPBACK: Final = "127.0.0.1"
TOKEN_VARIABLE: Final = "REHBER_RASA_TOKEN"  # noqa: S105 - the variable's name

logger = logging.getLogger(__name__)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.rasa.server", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--credentials", type=Path, required=True)
    parser.add_argument("--endpoints", type=Path, help="without it: no actions, and conversations live in memory")
    parser.add_argument(
        "--enable-api",
        action="store_true",
        help=f"serve /model/parse and the rest of Rasa's interface, guarded by the token in {TOKEN_VARIABLE}",
    )
    return parser.parse_args()


def _prepare_the_check_of_action_results() -> None:
    """Let Rasa check what actions return with one prepared validator.

    It checked the schema itself anew at every answer, which took three times as long as understanding the question.
    """
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_: Any, result: Any) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def main() -> None:
    """Serve until told to stop. Ends with status 2 when the API is wanted without a token."""
    arguments = _arguments()
    token = os.environ.get(TOKEN_VARIABLE, "")
    if arguments.enable_api and not token:
        raise SystemExit(f"--enable-api needs a token: set {TOKEN_VARIABLE} to a long random text.")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    server_logs.configure()
    absent.leave_out()

    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    _prepare_the_check_of_action_results()
    endpoints = AvailableEndpoints.read_endpoints(str(arguments.endpoints)) if arguments.endpoints else None
    serve_application(
        str(arguments.model),
        interface=LOOPBACK,
        port=arguments.port,
        credentials=str(arguments.credentials),
        endpoints=endpoints or AvailableEndpoints(),
        auth_token=token if arguments.enable_api else None,
        enable_api=arguments.enable_api,
    )


if __name__ == "__main__":
    main()
