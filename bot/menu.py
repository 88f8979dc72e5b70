"""The command menus that Telegram shows: what is in them, for whom, and how they get there.

They are for display alone: every handler asks for itself who may give its command.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)
from telegram import error as telegram
from telegram.constants import MenuButtonType

from bot.authority import Where
from bot.translations import SOURCE, languages, plain, translate
from core.access import Role
from core.words import Sentence, say

log = structlog.get_logger()


class Entry(NamedTuple):
    """A command, what it does, the role it needs, and where it is answered."""

    name: str
    what: Sentence
    role: Role = Role.NOBODY
    where: Where = Where.ANYWHERE


PERSONAL = (
    Entry("start", say("What this bot does")),
    Entry("help", say("Captions, options and commands")),
    Entry("video", say("A video from a photo")),
    Entry("settings", say("Model, length, shape and more")),
    Entry("models", say("What each model can do and costs")),
    Entry("effects", say("Ready-made effects")),
    Entry("jobs", say("Your videos")),
    Entry("job", say("The story of one video")),
    Entry("history", say("Your finished videos, to get again")),
    Entry("cancel", say("Stop a video")),
    Entry("balance", say("Your credits")),
    Entry("lang", say("The language I speak")),
    Entry("privacy", say("What is kept, and for how long")),
    Entry("mydata", say("Everything kept about you")),
    Entry("deleteme", say("Delete everything about you")),
)
GROUP = (
    Entry("video", say("A video from a photo")),
    Entry("jobs", say("Your videos")),
    Entry("settings", say("Model, length, shape and more")),
    Entry("help", say("Captions, options and commands")),
)
# What a group's own admins see beside the rest.
GROUP_ADMINS = (Entry("cap", say("What a member may spend in a day")),)
STAFF = (
    Entry("admin", say("how it is, and what you can do"), Role.SUPPORT, Where.STAFF),
    Entry("stats", say("figures of 7d, 30d or 90d"), Role.SUPPORT, Where.STAFF),
    Entry("users", say("who uses the bot"), Role.SUPPORT, Where.PRIVATE),
    Entry("user", say("everything about one person"), Role.SUPPORT, Where.PRIVATE),
    Entry("queue", say("what is being made, and what waits"), Role.SUPPORT, Where.STAFF),
    Entry("task", say("the whole story of a video"), Role.SUPPORT, Where.STAFF),
    Entry("retry", say("make a failed video again"), Role.SUPPORT, Where.STAFF),
    Entry("providers", say("how the services are doing"), Role.SUPPORT, Where.STAFF),
    Entry("uncertain", say("orders nobody knows the fate of"), Role.SUPPORT, Where.STAFF),
    Entry("audit", say("who changed what"), Role.SUPPORT, Where.PRIVATE),
    Entry("selftest", say("whether everything works"), Role.SUPPORT, Where.STAFF),
    Entry("grant", say("give credits"), Role.ADMIN),
    Entry("take", say("take granted credits back"), Role.ADMIN),
    Entry("setquota", say("somebody's daily credits"), Role.ADMIN),
    Entry("allow", say("let somebody in"), Role.ADMIN),
    Entry("ban", say("keep somebody out"), Role.ADMIN),
    Entry("unban", say("end a ban"), Role.ADMIN),
    Entry("block", say("refuse captions with a word"), Role.ADMIN, Where.STAFF),
    Entry("unblock", say("allow a word again"), Role.ADMIN, Where.STAFF),
    Entry("blocked", say("the words that are refused"), Role.ADMIN, Where.STAFF),
    Entry("maintenance", say("no new videos for a while"), Role.ADMIN, Where.STAFF),
    Entry("broadcast", say("a message to everybody"), Role.ADMIN, Where.STAFF),
    Entry("roles", say("who helps to run the bot"), Role.OWNER, Where.STAFF),
    Entry("set", say("settings that can change now"), Role.OWNER, Where.STAFF),
    Entry("backup", say("a checked copy of the database"), Role.OWNER, Where.PRIVATE),
)
# In an empty chat before Start (512 characters), and in the bot's profile (120).
DESCRIPTION = say(
    "I make a video that begins with your photo. Send a photo with a caption that says what "
    "should happen. Two photos in one album are the first and the last frame; with a voice "
    "message the video follows your voice."
)
SHORT_DESCRIPTION = say("Send a photo with a caption, get a video that begins with it.")


async def register(bot: Bot, staff: Mapping[int, Role], owners_chat: int | None) -> None:
    """Show every menu in every language there is a catalogue for; what is right already stays."""
    await _show(bot, BotCommandScopeAllPrivateChats(), PERSONAL)
    await _show(bot, BotCommandScopeAllGroupChats(), GROUP)
    await _show(bot, BotCommandScopeAllChatAdministrators(), (*GROUP, *GROUP_ADMINS))
    if owners_chat is not None and owners_chat < 0:
        everything = [one for one in STAFF if one.where is not Where.PRIVATE]
        await _show(bot, BotCommandScopeChat(owners_chat), (*GROUP, *GROUP_ADMINS, *everything))
    for person, role in staff.items():
        await assign(bot, person, role)
    await _describe(bot)
    if (await bot.get_chat_menu_button()).type != MenuButtonType.COMMANDS:
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def assign(bot: Bot, person: int, role: Role) -> None:
    """Show somebody the commands of their role in their private chat, or take them away again."""
    more = [one for one in STAFF if role >= one.role]
    await _show(bot, BotCommandScopeChat(person), (*PERSONAL, *more) if more else ())


async def _show(bot: Bot, scope: BotCommandScope, entries: Sequence[Entry]) -> None:
    """An empty menu gives way to the one of a wider scope."""
    for language in languages():
        code = _code(language)
        wanted = [BotCommand(one.name, _text(one.what, language)) for one in entries]
        try:
            if list(await bot.get_my_commands(scope, code)) == wanted:
                continue
            if wanted:
                await bot.set_my_commands(wanted, scope, code)
            else:
                await bot.delete_my_commands(scope, code)
        except (telegram.BadRequest, telegram.Forbidden) as error:
            # Somebody who has not started the bot yet; /start shows it to them.
            log.info("menu not shown", scope=scope.to_dict(), reason=error.message)
            return


async def _describe(bot: Bot) -> None:
    for language in languages():
        code = _code(language)
        text, short = _text(DESCRIPTION, language), _text(SHORT_DESCRIPTION, language)
        if (await bot.get_my_description(code)).description != text:
            await bot.set_my_description(text, code)
        if (await bot.get_my_short_description(code)).short_description != short:
            await bot.set_my_short_description(short, code)


def _code(language: str) -> str | None:
    return None if language == SOURCE else language


def _text(sentence: Sentence, language: str) -> str:
    return plain(translate(sentence, language))
