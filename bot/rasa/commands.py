"""How Rasa and its action server are called: arguments and environment, and what a trained model depends on.

Standard library only, because the launcher, the evaluation and the tests run in other environments than Rasa.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODEL_NAME: Final = "rehber"
SCHEMA: Final = "rasa"
"""The PostgreSQL schema of Rasa's tracker."""

# Rasa phones home and reports errors unless told not to; TensorFlow, which it imports, writes pages at start.
QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_ENVIRONMENT": "rehber",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # One question is one small matrix: more threads only take turns on the same core.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments and the environment variables that it needs on top of the caller's."""

    argv: tuple[str, ...]
    environment: dict[str, str]


def rasa_python(root: Path) -> Path:
    """The interpreter of Rasa's own environment."""
    return root / ".venv-rasa" / "bin" / "python"


def actions_python(root: Path) -> Path:
    """The interpreter of the action server's environment."""
    return root / ".venv-actions" / "bin" / "python"


def train(root: Path, out: Path, name: str = MODEL_NAME) -> Command:
    """Train a model into `out/<name>.tar.gz`. Prints megabytes of progress bars: send its output to a file."""
    data = root / "nlu_data"
    argv = (
        *(str(rasa_python(root)), "-m", "rasa", "train"),
        *("--config", str(data / "config.yml"), "--domain", str(data / "domain")),
        *("--data", str(data / "nlu"), str(data / "rules")),
        *("--out", str(out), "--fixed-model-name", name),
    )
    return Command(argv, dict(QUIET))


def serve(
    root: Path, model: Path, port: int, *, token: str, actions_url: str = "", tracker_url: str = "", api: bool = False
) -> Command:
    """Serve a model on loopback. `api` opens `/model/parse` behind `token`: only the evaluation wants that."""
    data = root / "nlu_data"
    argv = (
        *(str(rasa_python(root)), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)),
        *("--model", str(model), "--credentials", str(data / "credentials.yml")),
        *(("--endpoints", str(data / "endpoints.yml")) if tracker_url else ()),
        *("--auth-token", token),
        *(("--enable-api",) if api else ()),
    )
    environment = {
        **QUIET,
        "REHBER_ACTIONS_URL": actions_url,
        "REHBER_TRACKER_URL": tracker_url,
        "POSTGRESQL_SCHEMA": SCHEMA,
        "POSTGRESQL_POOL_SIZE": "4",
        "POSTGRESQL_MAX_OVERFLOW": "4",
    }
    return Command(argv, environment)


def actions(root: Path, port: int) -> Command:
    """The action server, on loopback."""
    argv = (str(actions_python(root)), "-m", "rasa_sdk", "--actions", "bot.actions", "--port", str(port))
    return Command(argv, {"SANIC_HOST": "127.0.0.1", "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "WARNING"})


def fingerprint(root: Path) -> str:
    """Names everything that a trained model depends on: data, configuration, components, and the locked packages."""
    digest = hashlib.sha256()
    paths = [*(root / "nlu_data").rglob("*.yml"), *(root / "bot" / "rasa").glob("*.py"), root / "uv.lock"]
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()[:16]
