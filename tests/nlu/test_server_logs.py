"""What Rasa's server writes when something fails: what and where, and not one word of a person."""

import os
import subprocess
from pathlib import Path

from bot.rasa.commands import rasa_python
from bot.settings import ROOT


def test_failures_are_named_and_nobody_is_quoted() -> None:
    done = subprocess.run(
        [str(rasa_python(ROOT)), str(Path(__file__).parent / "probes" / "logs.py")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    written = done.stdout + done.stderr
    assert "rest.message.received.failure (ValueError)" in written
    assert "plain failure" in written
    assert "ValueError" in written
    assert "Karanfilsokak" not in written.replace("raise ValueError(WORDS)", "")
