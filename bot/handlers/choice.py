"""An answer to a question that stands between a draft and its order."""

from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.drafting import AT_ONCE
from bot.questions import CONSENT, LATER, NO, YES
from bot.speech import own_draft, toast
from core.words import say
from jobs.ports import now
from storage import accounts, drafts
from storage.drafts import Content, Draft, Stage


async def press(update: Update, context: Context) -> None:
    """Remember the answer and go on with the draft, or drop it."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, number, anchor, kind, value = data.split(":")
    tools = context.tools
    database = tools.workshop.database
    draft = await own_draft(update, context, number)
    if draft is None:
        await toast(update, say("This button is not yours."))
        return
    if draft.stage is not Stage.ASKING or draft.content.anchor != int(anchor):
        await toast(update, say("This photo is already taken care of. Send it again for more."))
        return
    if value in {NO, LATER}:
        await database.write(drafts.close, draft)
        await toast(update, say("All right, nothing is made. Nothing was charged."))
        return
    if (kind, value) == (CONSENT, YES):
        await database.write(accounts.consent, draft.sender, now())
    await toast(update)

    def change(current: Draft | None) -> tuple[Content, str | None]:
        content = (current or draft).content
        return replace(content, answers={**content.answers, kind: value}), None

    await tools.drafting.receive(draft.spot, change, quiet=AT_ONCE)


HANDLERS = [
    CallbackQueryHandler(press, pattern=r"^choose:\d{1,18}:\d{1,18}:[a-z]{1,10}:[a-z0-9]{1,10}$")
]
