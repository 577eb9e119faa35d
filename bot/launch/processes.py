"""The processes of one machine and the file that tells the process runner about them.

supervisord (https://supervisord.org) starts them, restarts what dies, and stops them all; nothing of that is ours. Each
process ends by itself when its runner is killed (`setpriv --pdeathsig`), so that nothing stays behind.
"""

import getpass
from collections.abc import Sequence
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FROM_THE_RUNNER: Final = ("setpriv", "--pdeathsig", "TERM", "--")
LARGEST_LOG: Final = "5MB"


@dataclass(frozen=True, slots=True)
class Process:
    """One process: what to run, how people call it, and the URL that answers when it is ready (if it has one)."""

    name: str
    title: str
    argv: tuple[str, ...]
    ready_url: str = ""
    stop_seconds: int = 10


def write_configuration(processes: Sequence[Process], folder: Path, root: Path) -> Path:
    """Write supervisord's configuration into `folder` and return its path. It holds no secret: those are inherited."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    # RawConfigParser: what supervisord expands is not expanded here.
    file = RawConfigParser()
    file["supervisord"] = {
        "nodaemon": "true",
        "pidfile": _plain(folder / "supervisord.pid"),
        "logfile": _plain(logs / "supervisord.log"),
        "logfile_maxbytes": LARGEST_LOG,
        "directory": _plain(root),
        # As root in a container it would warn otherwise; it runs as whoever started it.
        "user": getpass.getuser(),
    }
    file["unix_http_server"] = {"file": _plain(folder / "runner.sock"), "chmod": "0600"}
    file["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    file["supervisorctl"] = {"serverurl": f"unix://{_plain(folder / 'runner.sock')}"}
    for process in processes:
        file[f"program:{process.name}"] = {
            "command": " ".join(_quoted(word) for word in (*FROM_THE_RUNNER, *process.argv)),
            "autorestart": "true",
            "startretries": "1000000",
            "startsecs": "0",
            "stopsignal": "TERM",
            "stopwaitsecs": str(process.stop_seconds),
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            # supervisord expands this one twice.
            "stdout_logfile": _plain(_plain(logs / f"{process.name}.log")),
            "stdout_logfile_maxbytes": LARGEST_LOG,
            "stdout_logfile_backups": "2",
        }
    path = folder / "supervisord.conf"
    with path.open("w", encoding="utf-8") as out:
        file.write(out)
    return path


def _plain(path: Path | str) -> str:
    """A path as supervisord reads it: it would expand a percent sign."""
    return str(path).replace("%", "%%")


def _quoted(word: str) -> str:
    escaped = word.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
