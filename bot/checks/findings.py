"""What the validators collect: findings for a person to act on, and how much was looked at."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit. A warning does not fail the check: time passed, nobody made a mistake."""

    path: Path
    reason: str
    remedy: str
    warning: bool = False

    def line(self, root: Path) -> str:
        """One line, `path: reason: remedy`, with the path as seen from the project folder `root`."""
        path = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        return f"{'warning: ' if self.warning else ''}{path}: {self.reason}: {self.remedy}"


@dataclass(slots=True)
class Report:
    """Findings and counts of one run. A check that looked at nothing has failed: see `looked_at_nothing`."""

    findings: list[Finding] = field(default_factory=list)
    looked_at: Counter[str] = field(default_factory=Counter)

    def add(self, path: Path, reason: str, remedy: str) -> None:
        self.findings.append(Finding(path, reason, remedy))

    def warn(self, path: Path, reason: str, remedy: str) -> None:
        self.findings.append(Finding(path, reason, remedy, warning=True))

    def saw(self, what: str, number: int = 1) -> None:
        """Count `number` things of a kind as looked at; `what` is a plural noun."""
        self.looked_at[what] += number

    def require(self, what: str, path: Path) -> None:
        """A finding unless something of this kind was looked at: silence must not pass for success."""
        if not self.looked_at[what]:
            self.add(path, f"looked at no {what}", "check the path, or add what is missing")

    @property
    def failed(self) -> bool:
        return any(not finding.warning for finding in self.findings)

    def summary(self) -> str:
        """For example "checked 40 texts, 10 topics: 2 findings"."""
        seen = ", ".join(f"{number} {what}" for what, number in sorted(self.looked_at.items()) if number)
        errors = sum(not finding.warning for finding in self.findings)
        warnings = len(self.findings) - errors
        tail = f", {warnings} warnings" if warnings else ""
        return f"checked {seen or 'nothing'}: {errors} findings{tail}"
