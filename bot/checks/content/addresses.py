"""Rule: no web address, e-mail address or name of a messenger stands in a text unless the official list has it."""

from pathlib import Path

from bot.checks.content.texts import texts
from bot.checks.findings import Report
from bot.content import Library
from bot.content.mentions import Channel, mentions
from bot.content.official import APPOINTMENTS, OfficialList, Verdict


def check(library: Library, root: Path, report: Report) -> None:
    if APPOINTMENTS not in library.sites:
        report.add(root / "official_sites.yaml", f"{APPOINTMENTS} is missing", "add it: people are sent there")
    official = OfficialList(library.phones, library.sites)
    for path, _, text in texts(library, root):
        for string in text.strings():
            for mention in mentions(string).found:
                if mention.channel not in {Channel.ADDRESS, Channel.HANDLE}:
                    continue
                report.saw("web addresses")
                if official.compare(mention).verdict is not Verdict.OFFICIAL:
                    reason = f"{mention.text} is not in official_sites.yaml"
                    report.add(path, reason, "remove it, or add it to the list with its owner and evidence")
