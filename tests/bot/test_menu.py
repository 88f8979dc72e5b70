"""The menus as data: what is in them is what the bot knows, and fits what Telegram takes."""

import re

import pytest
from telegram.ext import CommandHandler

from bot import menu
from bot.handlers import FEATURES
from bot.translations import languages, plain, translate

MENUS = {
    "personal": menu.PERSONAL,
    "group": menu.GROUP,
    "group admins": (*menu.GROUP, *menu.GROUP_ADMINS),
    "owners": (*menu.PERSONAL, *menu.STAFF),
}


def names(entries):
    return [one.name for one in entries]


def test_the_menus_hold_exactly_the_commands_that_the_bot_takes():
    taken = {
        name
        for handlers in FEATURES
        for handler in handlers
        if isinstance(handler, CommandHandler)
        for name in handler.commands
    }

    assert {one.name for entries in MENUS.values() for one in entries} == taken


def test_what_groups_are_shown_is_in_private_chats_too():
    assert set(names(menu.GROUP)) < set(names(menu.PERSONAL))


@pytest.mark.parametrize("name", MENUS)
def test_a_menu_fits_what_telegram_takes(name):
    entries = MENUS[name]

    assert len(names(entries)) == len(set(names(entries))) <= 100
    for one in entries:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", one.name)
        for language in languages():
            assert 3 <= len(plain(translate(one.what, language))) <= 60


@pytest.mark.parametrize("language", languages())
def test_the_descriptions_fit(language):
    assert len(translate(menu.DESCRIPTION, language)) <= 512
    assert len(translate(menu.SHORT_DESCRIPTION, language)) <= 120
