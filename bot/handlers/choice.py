"""An answer to a question that stands between a draft and its order."""

import re
from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.cards import picks_of
from bot.context import Context
from bot.drafting import AT_ONCE
from bot.questions import CONSENT, FRAMES, LATER, NO, VALUES, YES
from bot.speech import own_draft, toast
from bot.tidying import answered_by
from core.words import say
from jobs.ports import now
from storage import accounts, drafts
from storage.content import Content
from storage.drafts import Draft, Stage


async def press(update: Update, context: Context) -> None:
    """Remember the answer and go on with the draft, or drop it."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, number, anchor, kind, value = data.split(":")
    tools, pressed = context.tools, answered_by(update)
    database = tools.workshop.database
    draft = await own_draft(update, context, number)
    if draft is None or not _is_answer(draft, kind, value):
        await toast(update, say("This button is not yours, or it is too old."))
        return
    if not _is_open(draft, kind, value) or draft.content.anchor != int(anchor):
        tools.tidying.heal(draft, pressed, int(anchor))
        await toast(
            update,
            say("This question is over. Send the photo again for another video."),
        )
        return
    if value in {NO, LATER}:
        await database.write(drafts.close, draft)
        await toast(update, say("All right, nothing is made."))
        tools.tidying.settle(draft, pressed)
        return
    if (kind, value) == (CONSENT, YES):
        await database.write(accounts.consent, draft.sender, now())
    await toast(update)

    def change(current: Draft | None) -> tuple[Content, str | None]:
        now_open = current or draft
        content = now_open.content
        if kind == FRAMES:
            return replace(content, picks=picks_of(value)), now_open.album
        return replace(content, answers={**content.answers, kind: value}), now_open.album

    card = pressed.message if pressed and kind == FRAMES else None
    await tools.drafting.receive(draft.spot, change, quiet=AT_ONCE, card=card, pressed=pressed)


def _is_answer(draft: Draft, kind: str, value: str) -> bool:
    """Whether such a question can have this answer: it may be made up."""
    if not re.fullmatch(VALUES.get(kind, ""), value, re.ASCII):
        return False
    photos = len(draft.content.photos)
    return kind != FRAMES or value == NO or all(pick < photos for pick in picks_of(value))


def _is_open(draft: Draft, kind: str, value: str) -> bool:
    """Whether this answer is still awaited, or was interrupted after it was written down."""
    if kind == FRAMES:
        return draft.stage is not Stage.CLOSED and not draft.is_being_placed
    if draft.stage is Stage.COLLECTING:
        return draft.content.answers.get(kind) == value
    return draft.stage is Stage.ASKING


HANDLERS = [
    CallbackQueryHandler(press, pattern=r"^choose:\d{1,18}:\d{1,18}:[a-z]{1,10}:[a-z0-9]{1,32}$")
]
