"""Linked channels, threads that are no topics, and commands that name no bot."""

import pytest

from playground.telegram import ClientRefusalError


async def arrived(client, kind="message"):
    return [
        getattr(update, kind) for update in await client.get_updates() if getattr(update, kind)
    ]


async def test_a_post_is_copied_into_the_discussion_group(
    client, world, anna, channel, supergroup, jpeg
):
    world.promote(supergroup, world.bot)
    world.link(channel, supergroup)

    world.send_photo(anna, jpeg(), "/video dance", chat=channel)

    copy = (await arrived(client))[-1]
    assert copy.is_automatic_forward
    assert (copy.from_user.id, copy.sender_chat.id) == (777000, channel.id)
    assert (copy.caption, copy.chat.id) == ("/video dance", supergroup.id)
    assert copy.forward_origin.chat.id == channel.id
    assert (await client.get_chat(channel.id)).linked_chat_id == supergroup.id


async def test_only_supergroups_are_linked(world, group, channel):
    with pytest.raises(ClientRefusalError):
        world.link(channel, group)


async def test_a_plain_reply_has_a_thread_that_is_no_topic(client, world, anna, supergroup):
    first = world.send_text(anna, "/one", chat=supergroup)
    second = world.send_text(anna, "/two", chat=supergroup, reply_to=first)
    world.send_text(anna, "/three", chat=supergroup, reply_to=second)

    *_, plain, reply, answer = await arrived(client)

    assert (plain.message_thread_id, plain.is_topic_message) == (None, None)
    assert {one.message_thread_id for one in (reply, answer)} == {first.message_id}
    assert {one.is_topic_message for one in (reply, answer)} == {None}


async def test_a_command_without_a_name_is_for_the_bot_that_spoke_last(client, world, anna, group):
    other = world.create_bot("Other")
    world.add(group, other)
    world.send_text(anna, "/first", chat=group)
    world.call(other, "sendMessage", {"chat_id": group.id, "text": "I am here"})
    world.send_text(anna, "/second", chat=group)
    world.send_text(anna, f"/third@{world.bot.username}", chat=group)
    await client.send_message(group.id, "And I am here")
    world.send_text(anna, "/fourth", chat=group)

    commands = [
        message.text.partition("@")[0] for message in await arrived(client) if message.text
    ]

    assert commands == ["/first", "/third", "/fourth"]


async def test_a_voice_may_have_a_caption(client, world, anna, group):
    world.send_voice(anna, b"sound", 1, "/video sing", chat=group)

    assert (await arrived(client))[-1].caption == "/video sing"
