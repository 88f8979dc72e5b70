"""Commands, names, descriptions and the menu button."""

import pytest
import telegram
from telegram.error import BadRequest


async def test_commands_by_scope_and_language(client, world, anna, group):
    world.start(anna)
    await client.set_my_commands([("start", "Begin")])
    await client.set_my_commands([("start", "开始")], language_code="zh")
    scope = telegram.BotCommandScopeChat(anna.id)
    await client.set_my_commands([("admin", "Rule")], scope=scope)
    member = telegram.BotCommandScopeChatMember(group.id, anna.id)
    await client.set_my_commands([("mine", "Only me")], scope=member)
    assert [c.description for c in await client.get_my_commands()] == ["Begin"]
    assert [c.description for c in await client.get_my_commands(language_code="zh")] == ["开始"]
    assert [c.command for c in await client.get_my_commands(scope=scope)] == ["admin"]
    assert [c.command for c in await client.get_my_commands(scope=member)] == ["mine"]
    await client.delete_my_commands(scope=scope)
    assert not await client.get_my_commands(scope=scope)
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await client.set_my_commands([("a", "b")], scope=telegram.BotCommandScopeChat(5))
    with pytest.raises(BadRequest, match=r"(?i)language"):
        await client.set_my_commands([("a", "b")], language_code="english")


async def test_texts(client, world):
    await client.set_my_description("Long")
    await client.set_my_description("Lang", language_code="de")
    await client.set_my_short_description("Short")
    await client.set_my_name("Name")
    assert (await client.get_my_description()).description == "Long"
    assert (await client.get_my_description(language_code="de")).description == "Lang"
    assert (await client.get_my_description(language_code="fr")).description == "Long"
    assert (await client.get_my_short_description()).short_description == "Short"
    assert (await client.get_my_name()).name == "Name"
    with pytest.raises(BadRequest, match=r"(?i)too long"):
        await client.set_my_short_description("x" * 121)


async def test_menu_button(client, world, anna):
    world.start(anna)
    assert (await client.get_chat_menu_button()).type == "commands"
    await client.set_chat_menu_button(anna.id, telegram.MenuButtonDefault())
    assert (await client.get_chat_menu_button(anna.id)).type == "default"
    assert (await client.get_chat_menu_button()).type == "commands"
