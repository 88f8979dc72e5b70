"""The command menu that Telegram shows, per language, set only where it changed."""

from telegram import Bot, BotCommand

from bot.translations import SOURCE, languages, translate
from core.access import Role
from core.words import Sentence, say

COMMANDS: tuple[tuple[str, Sentence], ...] = (
    ("start", say("What this bot does")),
    ("help", say("Captions, options and commands")),
    ("video", say("A video from a photo")),
    ("jobs", say("Your videos")),
    ("job", say("The story of one video")),
    ("history", say("Your finished videos, to get again")),
    ("cancel", say("Stop a video")),
    ("balance", say("Your credits")),
    ("effects", say("Ready-made effects")),
    ("privacy", say("What is kept, and for how long")),
    ("mydata", say("Everything kept about you")),
    ("deleteme", say("Delete everything about you")),
)

# Commands of those who look after the bot, with the role that each needs.
STAFF: tuple[tuple[str, Role, Sentence], ...] = (
    ("stats", Role.SUPPORT, say("figures of 7d, 30d or 90d")),
    ("providers", Role.SUPPORT, say("how the services are doing")),
    ("uncertain", Role.SUPPORT, say("orders nobody knows the fate of")),
    ("selftest", Role.SUPPORT, say("whether everything works")),
    ("maintenance", Role.ADMIN, say("no new videos for a while")),
    ("set", Role.OWNER, say("settings that can change now")),
    ("backup", Role.OWNER, say("a checked copy of the database")),
)


async def register(bot: Bot) -> None:
    """Show the commands in every language there is a catalogue for."""
    for language in languages():
        code = None if language == SOURCE else language
        wanted = [BotCommand(name, translate(text, language)) for name, text in COMMANDS]
        if list(await bot.get_my_commands(language_code=code)) != wanted:
            await bot.set_my_commands(wanted, language_code=code)
