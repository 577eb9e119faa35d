"""The identity check in a chat: keeps the open form sealed between two messages and says its questions.

The check itself belongs to `bot.caseapi.verification`; this is its place in a conversation. What a person types here
never reaches Rasa, and is erased from the inbox in the transaction that answers it. Where the channel has a page of its
own for the check (the kiosk), or the office does not allow it on the channel, this only says where to go.

A confirmed person may go on asking for five minutes: the session is kept sealed, and takes no words.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi import answer
from bot.caseapi import form as forms_of_check
from bot.caseapi.attempts import CHAT, Origin
from bot.caseapi.client import CaseClient, CaseFile, Check
from bot.caseapi.form import Form, Prompt
from bot.caseapi.tls import office_tls
from bot.caseapi.verification import OpenSession, Outcome, Reply, Verification
from bot.caseapi.wording import say
from bot.errors import SettingsError
from bot.hub import kept
from bot.hub.calendar_page import calendar_buttons, calendar_page
from bot.hub.kept import Kept
from bot.hub.render import Renderer
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post.conversations import Conversation
from bot.storage.attempts import StoredAttempts

_CANCEL: Final = "form.cancel"
_LABELS: Final = {Check.APPOINTMENT: "check-appointment", Check.STATUS: "check-status"}


class IdentityCheck:
    """One for a process."""

    def __init__(self, service: Service, client: CaseClient) -> None:
        self._service = service
        self._verification = Verification(client, StoredAttempts(service.engine), service.seal.fingerprint)

    async def begin(self, db: AsyncConnection, talk: Conversation, words: Renderer, about: str) -> list[Utterance]:
        """Answer a person who is confirmed already; else open the check, or say where it can be done."""
        if words.capabilities.check_page:
            page = Button(
                words.button("open-check", "").label, link=f"{words.capabilities.check_page}?about={Check(about).value}"
            )
            return [words.say("check-here", buttons=[page, words.person()], key=f"check:{about}")]
        allowed = self._service.settings.telegram_case_check and words.capabilities.private_chat_check
        if not allowed:
            buttons = [words.person(), words.button("menu", "menu")]
            reason = "check-not-abroad" if words.capabilities.stored_abroad else "check-elsewhere"
            return [words.say(reason, buttons=buttons, key=f"check:{about}")]
        session = await self.session(db, talk)
        if session is not None:
            reply = await self._verification.again(session, Check(about))
            return await self._go_on(db, talk, words, reply, Check(about))
        reply = self._verification.begin(Check(about), words.language)
        # The first screen asks people to send no numbers here: this is the one place where they may.
        told = Block(BlockKind.PARAGRAPH, words.phrase("check-begins"))
        questions = await self._go_on(db, talk, words, reply, Check(about))
        return [replace(question, blocks=(told, *question.blocks)) for question in questions]

    async def begin_anew(self, db: AsyncConnection, talk: Conversation, words: Renderer, about: str) -> list[Utterance]:
        """Open the check from its first question, whoever was confirmed before: a family has several documents."""
        await self.drop(db, talk)
        return await self.begin(db, talk, words, about)

    async def continue_with(
        self, db: AsyncConnection, talk: Conversation, words: Renderer, text: str
    ) -> list[Utterance] | None:
        """What follows when a check is open in this conversation; None when none is."""
        state = await kept.find(db, self._service.seal, talk.id, Kept.CHECK)
        if state is None:
            return None
        form = Form.model_validate(state)
        # By the account, not the conversation: who erases the conversation has the same tries left.
        reply = await self._verification.answer(form, text, Origin(f"{talk.channel}:{talk.address}", CHAT))
        return await self._go_on(db, talk, replace(words, language=form.language), reply, form.check)

    async def session(self, db: AsyncConnection, talk: Conversation) -> OpenSession | None:
        """The session of a person who was confirmed here in the last five minutes."""
        state = await kept.find(db, self._service.seal, talk.id, Kept.SESSION)
        return None if state is None else OpenSession.model_validate(state)

    async def read(
        self, db: AsyncConnection, talk: Conversation, words: Renderer, check: Check
    ) -> CaseFile | list[Utterance]:
        """What `check` needs of the file of the person who is confirmed here, or what to tell them instead."""
        session = await self.session(db, talk)
        if session is None:
            return [self.over(words)]
        found = await self._verification.read(session, check)
        return found if isinstance(found, CaseFile) else await self._go_on(db, talk, words, found, check)

    async def calendar(self, db: AsyncConnection, talk: Conversation, words: Renderer, which: str) -> list[Utterance]:
        """The calendar file of the appointment with this number among those to come; without it, the answer as it is
        now."""
        found = await self.read(db, talk, words, Check.APPOINTMENT)
        if not isinstance(found, CaseFile):
            return found
        now = datetime.now(UTC)
        entries = dict(enumerate(answer.to_come(found, now), start=1))
        entry = entries.get(int(which)) if which.isdecimal() else None
        if entry is None or not words.capabilities.files:
            return await self.begin(db, talk, words, Check.APPOINTMENT.value)
        return [calendar_page(self._service, words, entry, now)]

    def over(self, words: Renderer) -> Utterance:
        """For a button of a check that is not open any more."""
        return words.remark("check-over")

    async def cancel(self, db: AsyncConnection, talk: Conversation, words: Renderer) -> Utterance:
        await self.drop(db, talk)
        return words.remark("check-cancelled")

    async def drop(self, db: AsyncConnection, talk: Conversation) -> None:
        """Forget what was typed so far, and who was confirmed."""
        await kept.drop_everything(db, talk.id)

    async def _go_on(
        self, db: AsyncConnection, talk: Conversation, words: Renderer, reply: Reply, about: Check
    ) -> list[Utterance]:
        """Keep what the reply leaves open, and say it."""
        language = self._service.registry.get(words.language)
        blocks = [
            Block(BlockKind.PARAGRAPH, say(sentence, self._service.case_words, language)) for sentence in reply.lines
        ]
        if reply.form is None or reply.prompt is None:
            await self.drop(db, talk)
            if session := reply.session:
                await self._keep(db, talk, Kept.SESSION, session, session.until)
            return [self._ended(words, blocks, reply, about)]
        # As long as this question stands in the chat: a late answer may be a name, so it is told that the time is over,
        # and goes nowhere else.
        await self._keep(db, talk, Kept.CHECK, reply.form, datetime.now(UTC) + forms_of_check.LIFETIME)
        blocks.append(Block(BlockKind.PARAGRAPH, say(reply.prompt.question, self._service.case_words, language)))
        return [words.utterance(blocks, self._choices(words, reply.prompt), purpose=Purpose.FORM)]

    def _choices(self, words: Renderer, prompt: Prompt) -> list[Button]:
        language = self._service.registry.get(words.language)
        choices = [
            Button(say(label, self._service.case_words, language), key=f"form:{value}")
            for value, label in prompt.choices
        ]
        return [*choices, words.button("cancel", _CANCEL), words.person()]

    async def _keep(
        self, db: AsyncConnection, talk: Conversation, kind: Kept, state: BaseModel, until: datetime
    ) -> None:
        await kept.keep(db, self._service.seal, talk.id, kind, state.model_dump(mode="json"), until=until)

    def _ended(self, words: Renderer, blocks: list[Block], reply: Reply, about: Check) -> Utterance:
        buttons = [words.person(), words.button("menu", "menu")]
        if reply.session:
            others = [words.button(_LABELS[check], f"check:{check.value}") for check in Check if check is not about]
            buttons = [*others, words.button("other-document", f"check.anew:{about.value}"), *buttons]
        settings = self._service.settings
        if reply.to_come and settings.reminders and settings.hears_of_changes and words.capabilities.writes_first:
            buttons = [words.button("remind", "remind:appointment"), *buttons]
        buttons = [*calendar_buttons(words, len(reply.to_come)), *buttons]
        if reply.outcome is not Outcome.ANSWERED:
            return words.utterance(blocks, buttons)
        erase = Block(BlockKind.NOTE, "", (words.phrase("delete-yours"),))
        return words.utterance([*blocks, erase], buttons, purpose=Purpose.PRIVATE)


def case_client(service: Service) -> CaseClient:
    """A client of the configured case system; use it as an async context manager. Raises SettingsError."""
    settings = service.settings
    secret = settings.case_api_client_secret.get_secret_value()
    if not secret and not settings.case_api_certificate:
        raise SettingsError(
            "The case system has to know this office. Set REHBER_CASE_API_CLIENT_SECRET or REHBER_CASE_API_CERTIFICATE."
        )
    return CaseClient(
        settings.effective_case_api_url,
        secret,
        client_id=settings.case_api_client_id,
        tls=office_tls(settings.case_api_certificate, settings.case_api_key, settings.case_api_ca),
    )
