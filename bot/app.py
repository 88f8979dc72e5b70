"""The library's application: our handlers, our context, and the one error handler."""

from typing import Any

import structlog
from telegram import Update
from telegram import error as telegram
from telegram.constants import ParseMode
from telegram.ext import Application, ContextTypes, Defaults, ExtBot

from bot.admins import OUTDATED
from bot.context import Context, Tools
from bot.handlers import FEATURES
from bot.inbox import App
from bot.outbound import Outbound
from bot.refusals import NOT_HERE, refusal_of
from bot.settings import Settings
from bot.speech import answer, toast
from bot.wire import Client, make_request
from core.errors import UserError
from core.words import say
from storage import chats

log = structlog.get_logger()


def make_bot(settings: Settings, outbound: Outbound | None = None) -> Client:
    """A client for the configured Bot API server; texts are HTML unless said otherwise."""
    root = settings.telegram_api_url
    return Client(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=make_request(),
        get_updates_request=make_request(),
        defaults=Defaults(parse_mode=ParseMode.HTML),
        local_mode=settings.telegram_local_mode,
        rate_limiter=outbound,
    )


def make_application(bot: ExtBot[None], tools: Tools) -> App:
    """The application without the library's own updater: updates come from our inbox."""
    app: Any = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    app.bot_data["tools"] = tools
    for handlers in FEATURES:
        app.add_handlers(handlers)
    app.add_error_handler(on_error)
    result: App = app
    return result


async def on_error(update: object, context: Context) -> None:
    """Show what is meant for the person; hand anything else to the inbox, which tries again."""
    error = context.error
    if not isinstance(update, Update) or error is None:
        log.error("error outside an update", exc_info=error)
        if error:
            await context.tools.reports.tell_error(say("The bot failed"), error)
        return
    if isinstance(error, UserError):
        sentence = context.tools.tariff.refusal(error)
        await (toast if update.callback_query else answer)(update, sentence)
        return
    if isinstance(error, telegram.ChatMigrated) and update.effective_chat:
        # What was done is done; what follows is said in the new chat.
        old, new = update.effective_chat.id, error.new_chat_id
        log.info("chat moved", update=update.update_id, old=old, new=new)
        await context.tools.workshop.database.write(chats.migrate, old, new)
        await context.tools.reports.follow(old, new)
        await toast(update, OUTDATED)
        return
    if isinstance(error, telegram.BadRequest | telegram.Forbidden) and (
        refusal_of(error) in NOT_HERE
    ):
        log.info("not welcome", update=update.update_id, reason=str(error))
        return
    if isinstance(error, telegram.NetworkError | telegram.RetryAfter) and not isinstance(
        error, telegram.BadRequest
    ):
        # Telegram's trouble, and no defect of ours that owners could mend.
        log.warning("telegram did not answer", update=update.update_id, reason=str(error))
    else:
        log.error("handler failed", update=update.update_id, exc_info=error)
        await context.tools.reports.tell_error(say("A feature of the bot failed"), error)
    if isinstance(error, Exception):
        context.tools.failures[update.update_id] = error
