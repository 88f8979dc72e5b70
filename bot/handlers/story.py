"""/job 12: the story of one video."""

from telegram import Update

from bot.commands import command
from bot.context import Context
from bot.speech import answer, own_task
from bot.telling import story_of
from core.words import say


async def tell(update: Update, context: Context) -> None:
    number = context.args[0].lstrip("#") if context.args else None
    if number is None:
        await answer(update, say("Which video? <code>{example}</code>", example="/job 12"))
        return
    task = await own_task(update, context, number)
    if task is None:
        refusal = (
            say("There is no such video of yours. /jobs lists them.")
            if number
            else say("Which video? <code>{example}</code>. /jobs lists them.", example="/job 12")
        )
        await answer(update, refusal)
        return
    await answer(update, *story_of(task, context.tools.tariff))


HANDLERS = [command("job", tell)]
