"""What a bot says about itself: getMe, commands, name, descriptions, menu button."""

import re

from playground.telegram.errors import bad
from playground.telegram.rendering import user_json
from playground.telegram.request import Request
from playground.telegram.state import Json
from playground.telegram.targets import target

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
MENU_BUTTONS = {"default", "commands", "web_app"}
LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(req: Request) -> Json:
    bot = req.bot
    return {
        **user_json(bot.user),
        "can_join_groups": True,
        "can_read_all_group_messages": not bot.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": bot.has_topics,
        "allows_users_to_create_topics": bot.has_topics,
        "can_manage_bots": False,
    }


def log_out(req: Request) -> bool:
    req.bot.logged_out = True
    return True


def close(req: Request) -> bool:
    req.world.journal.add("closed", bot_id=req.bot.id)
    return True


# Commands


def _place(req: Request) -> tuple[str, str]:
    """The scope, with the chat and person it is for, and the language."""
    scope = req.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    language = req.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    if kind in SCOPES:
        return str(kind), language
    if kind not in CHAT_SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    chat = target(Request(req.world, req.bot, scope, {}))
    person = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat.id}{person}", language


def set_my_commands(req: Request) -> bool:
    place = _place(req)
    commands = req.objects("commands", "BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name = str(command.get("command") or "").removeprefix("/")
        description = str(command.get("description") or "")
        if not COMMAND.fullmatch(name):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": description})
    req.bot.commands[place] = kept
    req.world.journal.add("commands", bot_id=req.bot.id, scope=place[0], language=place[1])
    return True


def get_my_commands(req: Request) -> list[Json]:
    return req.bot.commands.get(_place(req), [])


def delete_my_commands(req: Request) -> bool:
    req.bot.commands.pop(_place(req), None)
    return True


# Texts


def _set_text(req: Request, name: str) -> bool:
    text = req.text(name)
    if len(text) > LIMITS[name]:
        raise bad(f"bot {name.replace('_', ' ')} is too long")
    req.bot.texts[name, req.text("language_code")] = text
    return True


def _get_text(req: Request, name: str) -> Json:
    texts = req.bot.texts
    fallback = req.bot.user.first_name if name == "name" else ""
    default = texts.get((name, ""), "") or fallback
    return {name: texts.get((name, req.text("language_code")), "") or default}


def set_my_name(req: Request) -> bool:
    return _set_text(req, "name")


def get_my_name(req: Request) -> Json:
    return _get_text(req, "name")


def set_my_description(req: Request) -> bool:
    return _set_text(req, "description")


def get_my_description(req: Request) -> Json:
    return _get_text(req, "description")


def set_my_short_description(req: Request) -> bool:
    return _set_text(req, "short_description")


def get_my_short_description(req: Request) -> Json:
    return _get_text(req, "short_description")


# Menu button


def _menu_chat(req: Request) -> int:
    if not req.has("chat_id"):
        return 0
    chat = target(req)
    if chat.type != "private":
        raise bad("chat_id is not a private chat")
    return chat.id


def set_chat_menu_button(req: Request) -> bool:
    button = req.json("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in MENU_BUTTONS:
        raise bad("can't parse menu button: Unsupported type specified")
    req.bot.menu_buttons[_menu_chat(req)] = button
    return True


def get_chat_menu_button(req: Request) -> Json:
    general = req.bot.menu_buttons.get(0, {"type": "commands"})
    return req.bot.menu_buttons.get(_menu_chat(req), general)
