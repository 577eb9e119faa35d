"""The identity check in a chat: keeps the open form sealed between two messages and says its questions.

The check itself belongs to `bot.caseapi.verification`; this is its place in a conversation. What a person types here
never reaches Rasa, and is erased from the inbox in the transaction that answers it. Where the channel has a page of its
own for the check (the kiosk), or the office does not allow it on the channel, this only says where to go.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Service
from bot.caseapi import form as forms_of_check
from bot.caseapi.attempts import CHAT, Origin
from bot.caseapi.client import CaseClient, Check
from bot.caseapi.form import Form, Prompt
from bot.caseapi.verification import Outcome, Reply, Verification
from bot.caseapi.wording import say
from bot.hub.render import Renderer
from bot.model import Block, BlockKind, Button, Purpose, Utterance
from bot.post.conversations import Conversation
from bot.storage.attempts import StoredAttempts
from bot.storage.tables import forms

_CANCEL: Final = "form.cancel"


class IdentityCheck:
    """One for a process."""

    def __init__(self, service: Service, client: CaseClient) -> None:
        self._service = service
        self._verification = Verification(client, StoredAttempts(service.engine), service.seal.fingerprint)

    async def begin(self, db: AsyncConnection, talk: Conversation, words: Renderer, about: str) -> list[Utterance]:
        """Open the check, or say where it can be done."""
        if words.capabilities.check_page:
            page = Button(
                words.button("open-check", "").label, link=f"{words.capabilities.check_page}?about={Check(about).value}"
            )
            return [words.say("check-here", buttons=[page, words.person()], key=f"check:{about}")]
        allowed = self._service.settings.telegram_case_check and words.capabilities.private_chat_check
        if not allowed:
            buttons = [words.person(), words.button("menu", "menu")]
            return [words.say("check-elsewhere", buttons=buttons, key=f"check:{about}")]
        reply = self._verification.begin(Check(about), words.language)
        return await self._go_on(db, talk, words, reply)

    async def continue_with(
        self, db: AsyncConnection, talk: Conversation, words: Renderer, text: str
    ) -> list[Utterance] | None:
        """What follows when a check is open in this conversation; None when none is."""
        sealed = await self._open_form(db, talk)
        if sealed is None:
            return None
        form = Form.model_validate(self._service.seal.open(sealed))
        reply = await self._verification.answer(form, text, Origin(f"{talk.channel}:{talk.id.hex}", CHAT))
        return await self._go_on(db, talk, replace(words, language=form.language), reply)

    async def is_open(self, db: AsyncConnection, talk: Conversation) -> bool:
        """Whether what the person sends now belongs to a check."""
        return await self._open_form(db, talk) is not None

    async def cancel(self, db: AsyncConnection, talk: Conversation, words: Renderer) -> Utterance:
        await self.drop(db, talk)
        return words.say("check-cancelled", buttons=[words.button("menu", "menu"), words.person()])

    async def drop(self, db: AsyncConnection, talk: Conversation) -> None:
        """Forget what was typed so far."""
        await db.execute(delete(forms).where(forms.c.conversation_id == talk.id))

    async def _open_form(self, db: AsyncConnection, talk: Conversation) -> bytes | None:
        return await db.scalar(
            select(forms.c.sealed_state).where(forms.c.conversation_id == talk.id, forms.c.expires_at > func.now())
        )

    async def _go_on(self, db: AsyncConnection, talk: Conversation, words: Renderer, reply: Reply) -> list[Utterance]:
        language = self._service.registry.get(words.language)
        blocks = [
            Block(BlockKind.PARAGRAPH, say(sentence, self._service.case_words, language)) for sentence in reply.lines
        ]
        if reply.form is None or reply.prompt is None:
            await self.drop(db, talk)
            return [self._ended(words, blocks, reply.outcome)]
        state = self._service.seal.close(reply.form.model_dump(mode="json"))
        expires = reply.form.opened_at + forms_of_check.LIFETIME
        await db.execute(
            insert(forms)
            .values(conversation_id=talk.id, sealed_state=state, expires_at=expires)
            .on_conflict_do_update(
                index_elements=["conversation_id"], set_={"sealed_state": state, "expires_at": expires}
            )
        )
        blocks.append(Block(BlockKind.PARAGRAPH, say(reply.prompt.question, self._service.case_words, language)))
        return [words.utterance(blocks, self._choices(words, reply.prompt), purpose=Purpose.FORM)]

    def _choices(self, words: Renderer, prompt: Prompt) -> list[Button]:
        language = self._service.registry.get(words.language)
        choices = [
            Button(say(label, self._service.case_words, language), key=f"form:{value}")
            for value, label in prompt.choices
        ]
        return [*choices, words.button("cancel", _CANCEL), words.person()]

    def _ended(self, words: Renderer, blocks: list[Block], outcome: Outcome | None) -> Utterance:
        buttons = [words.person(), words.button("menu", "menu")]
        if outcome is not Outcome.ANSWERED:
            return words.utterance(blocks, buttons)
        erase = Block(BlockKind.NOTE, "", (words.phrase("delete-yours"),))
        return words.utterance([*blocks, erase], buttons, purpose=Purpose.PRIVATE)


def case_client(service: Service) -> CaseClient:
    """A client of the configured case system; use it as an async context manager."""
    settings = service.settings
    return CaseClient(settings.effective_case_api_url, settings.case_api_token.get_secret_value())
