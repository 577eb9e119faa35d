"""The reconciler: compares what Telegram handed over, what the database holds, and what people's phones show.

Each message carries a token of its own. Nothing may be lost, nothing answered twice, and order must be kept; a message
whose delivery nobody can know must be followed by the notice that says so.
"""

from dataclasses import dataclass, field

from bot.model import Purpose
from bot.storage.sealing import Seal, load_secret
from tests.whole import Whole


@dataclass(slots=True)
class Ledger:
    """What a run did, by update id of the question."""

    asked: dict[int, tuple[int, str]]
    """(chat, token) of every question sent."""
    findings: list[str] = field(default_factory=list)
    uncertain: int = 0
    notices: int = 0

    def finding(self, text: str) -> None:
        self.findings.append(text)


def reconcile(whole: Whole, asked: dict[int, tuple[int, str]]) -> Ledger:
    """Check every question of a run that has come to rest."""
    ledger = Ledger(asked)
    seal = Seal(load_secret("", whole.settings.data_dir))
    stored = _stored(whole, seal)
    for update_id, (_, token) in asked.items():
        texts = stored.get(update_id, [])
        if len(texts) != 1:
            ledger.finding(f"update {update_id} is stored {len(texts)} times")
        elif token not in texts[0][1]:
            ledger.finding(f"update {update_id} is stored with other words")
        elif texts[0][2] == "received":
            ledger.finding(f"update {update_id} was never answered")
    _check_phones(whole, ledger)
    return ledger


def _stored(whole: Whole, seal: Seal) -> dict[int, list[tuple[int, str, str]]]:
    rows: dict[int, list[tuple[int, str, str]]] = {}
    with whole.database() as db:
        found = db.execute(
            "SELECT id, channel_message_id, sealed_payload, state FROM inbox WHERE channel = 'telegram'"
        ).fetchall()
    for inbox_id, message_id, sealed, state in found:
        update_id = int(str(message_id).rpartition(":")[2])
        assert isinstance(sealed, bytes)
        rows.setdefault(update_id, []).append((int(str(inbox_id)), seal.open(sealed)["text"], str(state)))
    return rows


def _check_phones(whole: Whole, ledger: Ledger) -> None:
    """Answers on each phone, compared with the outbox: each once, in the order of the questions."""
    with whole.database() as db:
        rows = db.execute(
            "SELECT i.channel_message_id, o.id, o.state, o.channel_reference, o.purpose, o.conversation_id"
            " FROM outbox o LEFT JOIN inbox i ON i.id = o.inbox_id WHERE o.channel = 'telegram' ORDER BY o.id"
        ).fetchall()
    answers: dict[int, list[tuple[str, str]]] = {}
    doubts: dict[object, int] = {}
    notices: dict[object, int] = {}
    for message_id, _, state, reference, purpose, conversation in rows:
        if purpose == Purpose.NOTICE.value:
            ledger.notices += 1
            notices[conversation] = notices.get(conversation, 0) + (message_id is None)
            continue
        if message_id is not None:
            update_id = int(str(message_id).rpartition(":")[2])
            answers.setdefault(update_id, []).append((str(state), str(reference)))
        if state == "uncertain":
            ledger.uncertain += 1
            doubts[conversation] = doubts.get(conversation, 0) + 1
    for update_id in ledger.asked:
        told = answers.get(update_id, [])
        if len(told) != 1:
            ledger.finding(f"update {update_id} has {len(told)} answers in the outbox")
        elif told[0][0] not in {"sent", "uncertain"}:
            ledger.finding(f"the answer to update {update_id} is {told[0][0]}")
    for conversation, count in doubts.items():
        if notices.get(conversation, 0) < count:
            ledger.finding(f"{count} answers in doubt, and the person was not told")
    _check_order(whole, ledger, answers)


def _check_order(whole: Whole, ledger: Ledger, answers: dict[int, list[tuple[str, str]]]) -> None:
    for chat in {chat for chat, _ in ledger.asked.values()}:
        shown = [message.message_id for message in whole.emulator.delivered(chat)]
        if len(shown) != len(set(shown)):
            ledger.finding(f"chat {chat} shows a message twice")
        references = [
            int(told[0][1].rpartition(":")[2])
            for update_id in sorted(u for u, (c, _) in ledger.asked.items() if c == chat)
            if (told := answers.get(update_id)) and told[0][0] == "sent"
        ]
        if references != sorted(references):
            ledger.finding(f"chat {chat} was answered out of order")
        if missing := set(references) - set(shown):
            ledger.finding(f"chat {chat} never got {len(missing)} answers that count as sent")
        doubtful = sum(
            1 for u, (c, _) in ledger.asked.items() if c == chat and answers.get(u, [("", "")])[0][0] != "sent"
        )
        extra = _answers_shown(whole, chat) - len(references)
        if extra > doubtful:
            ledger.finding(f"chat {chat} got {extra - doubtful} answers too many")


def _answers_shown(whole: Whole, chat: int) -> int:
    """Messages on the phone that are answers: each has a legal basis or an emergency number."""
    return sum("6458" in message.text or "112" in message.text for message in whole.emulator.delivered(chat))
