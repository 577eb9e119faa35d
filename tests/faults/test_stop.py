"""Stopping: after Ctrl+C nothing is left behind; after kill -9 of the start command the next start works."""

import os
import signal
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.whole import Whole, whole_service


def family(whole: Whole) -> list[psutil.Process]:
    """The start command, everything below it, and the embedded database."""
    command = psutil.Process(whole.command.pid)
    postmaster = int((whole.settings.data_dir / "postgresql" / "postmaster.pid").read_text().splitlines()[0])
    found = [command, *command.children(recursive=True), psutil.Process(postmaster)]
    assert len(found) > 8, "the search is broken: it found almost nothing"
    return found


@pytest.mark.timeout(300)
def test_ctrl_c_leaves_no_process_and_the_next_start_finds_everything() -> None:
    with tempfile.TemporaryDirectory(prefix="rehber-stop-") as folder:
        with whole_service(Path(folder)) as whole:
            processes = family(whole)
            person = whole.emulator.new_person(language_code="en")
            whole.emulator.send_text(person.chat_id, "How do I register my address?")
            whole.emulator.wait_for(person.chat_id, seconds=30)
        assert psutil.wait_procs(processes, timeout=10)[1] == []
        assert whole.command.returncode == 0

        with whole_service(Path(folder)) as again:
            with again.database() as db:
                row = db.execute("SELECT count(*) FROM inbox").fetchone()
            assert row == (1,), "the second start does not have what the first stored"
            processes = family(again)
            os.kill(again.command.pid, signal.SIGKILL)
            again.command.wait()
            # Everything but the database, which is found running by the next start.
            own = [p for p in processes if p.pid != again.command.pid and p.name() != "postgres"]
            assert psutil.wait_procs(own, timeout=20)[1] == []

        with whole_service(Path(folder)) as third:
            processes = family(third)
        assert psutil.wait_procs(processes, timeout=10)[1] == []
