"""How Rasa and its action server are called: arguments and environment, and what a trained model depends on.

Standard library only, because the launcher, the evaluation and the tests run in other environments than Rasa. Nothing
here starts a process.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bot.rasa.locked import locked

MODEL_NAME: Final = "rehber"
SCHEMA: Final = "rasa"
"""The PostgreSQL schema of Rasa's tracker."""

# Rasa phones home and reports errors unless told not to; the libraries under it write pages of warnings at start.
QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_ENVIRONMENT": "rehber",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}
VECTOR_CACHE: Final = "REHBER_VECTOR_CACHE"
"""Where a training keeps sentence vectors for the next one (`bot.rasa.vector_cache`)."""
# One question is one small matrix, and the machine has other work: a second thread was slower as soon as anything else
# ran, because each step waits for both.
_THREADS: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_TRAINED_FROM: Final = (
    ("nlu_data", "config.yml"),
    ("nlu_data/domain", "*.yml"),
    ("nlu_data/nlu", "**/*.yml"),
    ("nlu_data/entities", "*.yml"),
    ("nlu_data/rules", "*.yml"),
    ("content/topics", "*/*.md"),
    ("bot/rasa", "encoder.py"),
    ("bot/rasa", "vector_cache.py"),
    ("bot/rasa", "passages.py"),
    ("bot/rasa", "passage_search.py"),
    ("bot/rasa", "sentence_featurizer.py"),
    ("bot/rasa", "kernel_classifier.py"),
    ("bot/rasa", "likeness.py"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments and the environment variables that it needs on top of the caller's.

    It must be run with the repository's root as working directory.
    """

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
        *("--data", str(data / "nlu"), str(data / "entities"), str(data / "rules")),
        # The checks have validated the data; Rasa's own look takes minutes and finds what they do not allow.
        *("--out", str(out), "--fixed-model-name", name, "--skip-validation"),
    )
    # Rasa's own cache would be a second opinion about what is up to date; `fingerprint` is the one that counts.
    cache = {
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": str(out / "cache"),
        VECTOR_CACHE: str(out / "vectors.npz"),
    }
    # One large system of equations, and nothing else to do meanwhile.
    cores = {"OPENBLAS_NUM_THREADS": str(os.cpu_count() or 1)}
    return Command(argv, {**QUIET, **_THREADS, **cores, **cache})


def serve(
    root: Path, model: Path, port: int, *, actions_url: str = "", tracker_url: str = "", api_token: str = ""
) -> Command:
    """Serve a model on loopback. Ready when `GET /` answers 200.

    An `api_token` opens `/model/parse` behind it: only the evaluation wants that. Without a `tracker_url` there are no
    actions and conversations live in memory. Token and database URL travel in the environment, where the list of
    processes does not show them.
    """
    data = root / "nlu_data"
    argv = (
        *(str(rasa_python(root)), "-m", "bot.rasa.server", "--port", str(port)),
        *("--model", str(model), "--credentials", str(data / "credentials.yml")),
        *(("--endpoints", str(data / "endpoints.yml")) if tracker_url else ()),
        *(("--enable-api",) if api_token else ()),
    )
    environment = {
        **QUIET,
        **_THREADS,
        "REHBER_RASA_TOKEN": api_token,
        "REHBER_ACTIONS_URL": actions_url,
        "REHBER_TRACKER_URL": _tracker_url(tracker_url),
        "POSTGRESQL_POOL_SIZE": "4",
        "POSTGRESQL_MAX_OVERFLOW": "4",
    }
    return Command(argv, environment)


def actions(root: Path, port: int) -> Command:
    """The action server, on loopback. Ready when `GET /health` answers 200."""
    return Command((str(actions_python(root)), "-m", "bot.actions", "--port", str(port)), dict(QUIET))


def fingerprint(root: Path) -> str:
    """Names everything that a trained model depends on: data, configuration, components, and Rasa's packages."""
    digest = hashlib.sha256("\n".join(locked(root / "uv.lock")).encode())
    for folder, pattern in _TRAINED_FROM:
        for path in sorted((root / folder).glob(pattern)):
            content = _words(path)
            digest.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _words(path: Path) -> bytes:
    """What a model learns from a file. Who reviewed a text, and when, teaches nothing."""
    content = path.read_bytes()
    return content.split(b"---\n", maxsplit=2)[-1] if path.suffix == ".md" else content


def _tracker_url(url: str) -> str:
    """The URL for SQLAlchemy 1.4 with psycopg2, in the tracker's own schema.

    Losing the last moments of a tracker in a crash costs a follow-up's context and no message, so its commits need not
    wait for the disk.
    """
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgres"):
        return url
    options = f"-csearch_path={SCHEMA} -csynchronous_commit=off"
    query = urlencode([*parse_qsl(parts.query), ("options", options)], quote_via=quote)
    return urlunsplit(("postgresql", parts.netloc, parts.path, query, ""))
