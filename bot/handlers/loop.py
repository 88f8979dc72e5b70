"""Loop: a video that ends as it began, so that it can go round and round."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context
from bot.handlers.other_model import CHOICE, offer, order
from bot.pressing import owner_press
from bot.remaking import remake
from bot.results import loops
from bot.speech import toast
from core.variations import looped, may_loop
from core.words import say

LOOP = rf"loop:\d{{1,18}}(:{CHOICE})?"


async def make(update: Update, context: Context) -> None:
    """Order it from the model of the video; where that cannot, the person chooses another one."""
    press = await owner_press(update, context)
    if press is None:
        return
    if not may_loop(press.task.request):
        await toast(update, say("Video {number} cannot be looped.", number=press.task.id))
        return
    request = looped(press.task.request)
    models = loops(press.task, context.tools.workshop.catalog.models())
    if press.rest:
        await order(update, context, press, request, "loop", models)
    elif models and models[0].model == request.model:
        await remake(update, context, press, request, "loop")
    else:
        await offer(update, context, press, request, "loop", models)


HANDLERS = [CallbackQueryHandler(make, pattern=rf"^{LOOP}$")]
