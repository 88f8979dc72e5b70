"""A button with ready words under the question what should happen."""

from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.drafting import AT_ONCE
from bot.presets import PRESETS
from bot.speech import language_of, own_draft, toast
from bot.tidying import answered_by
from bot.translations import plain, translate
from core.words import say
from storage.content import Content
from storage.drafts import Draft, Stage


async def press(update: Update, context: Context) -> None:
    """Complete the draft with the words the button stands for."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    _, number, photo, choice = data.split(":")
    draft = await own_draft(update, context, number)
    if draft is None or int(choice) >= len(PRESETS):
        await toast(update, say("This button is not yours, or it is too old."))
        return
    pressed, tools = answered_by(update), context.tools
    if draft.stage is Stage.CLOSED or draft.content.anchor != int(photo):
        tools.tidying.heal(draft, pressed, int(photo))
        await toast(
            update,
            say("This question is over. Send the photo again for another video."),
        )
        return
    await toast(update)
    words = plain(translate(PRESETS[int(choice)].words, language_of(update)))

    def change(current: Draft | None) -> tuple[Content, str | None]:
        now_open = current or draft
        return replace(now_open.content, words=words), now_open.album

    await tools.drafting.receive(draft.spot, change, quiet=AT_ONCE, pressed=pressed)


HANDLERS = [CallbackQueryHandler(press, pattern=r"^preset:\d{1,18}:\d{1,18}:\d{1,2}$")]
