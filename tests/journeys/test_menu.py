"""Menus, descriptions, /help and links: what Telegram and the bot tell people they can do."""

import pytest

from tests.world import PATIENCE, SMALL, plain

RED = plain("red")
ANN, GROUPS, ADMINS = "all_private_chats", "all_group_chats", "all_chat_administrators"


@pytest.fixture
def menu_of(telegram):
    """The names of the commands that are shown at a place in a language."""
    return lambda place, language="": [
        command["command"] for command in telegram.bot.commands.get((place, language), [])
    ]


@pytest.fixture
def shown(telegram):
    """Wait until every menu stands; the menu button comes last, so descriptions are there, too."""

    async def wait():
        await telegram.wait_for(
            lambda: telegram.bot.texts.get(("short_description", "zh")), timeout=PATIENCE
        )

    return wait


@pytest.fixture
def ask(telegram):
    """Write something and wait for the answer to exactly that message."""

    async def ask(words, who=None, chat=None):
        person = who or telegram.person
        question = telegram.send_text(person, words, **({"chat": chat} if chat else {}))
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(chat or person) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0]

    return ask


async def test_each_place_has_its_menu_in_each_language(start_here, telegram, menu_of, shown):
    owner, friends = telegram.create_user("Olga"), telegram.create_user("Fred")
    telegram.start(owner)
    desk = telegram.create_supergroup("Desk", owner, telegram.bot)
    absent = friends.id  # has never written: Telegram knows no chat with them
    async with start_here(ADMIN_IDS=f"{absent},{owner.id}", OWNERS_CHAT=str(desk.id)):
        await shown()

    assert menu_of(GROUPS) == ["video", "jobs", "settings", "help"]
    assert menu_of(ADMINS) == [*menu_of(GROUPS), "cap"]
    assert {"start", "settings", "models", "lang", "deleteme"} <= set(menu_of(ANN))
    assert not {"cap", "grant", "stats", "backup"} & set(menu_of(ANN))
    assert set(menu_of(ANN)) | {"backup", "user", "stats"} <= set(menu_of(f"chat:{owner.id}"))
    assert {"video", "cap", "stats"} <= set(menu_of(f"chat:{desk.id}"))
    assert not {"backup", "user", "audit"} & set(menu_of(f"chat:{desk.id}"))
    for place in (ANN, GROUPS, ADMINS, f"chat:{owner.id}", f"chat:{desk.id}"):
        assert menu_of(place, "zh") == menu_of(place)
    assert not any(str(absent) in place for place, _ in telegram.bot.commands)
    assert "你的视频" in str(telegram.bot.commands[GROUPS, "zh"])
    assert telegram.bot.texts["description", ""].startswith("I make a video that begins")
    assert telegram.bot.texts["short_description", "zh"].endswith("视频。")


async def test_a_second_start_sets_nothing_again(start_here, telegram, shown):
    async with start_here():
        await shown()
    before = len(telegram.calls("setMyCommands"))
    asked = len(telegram.calls("getChatMenuButton"))
    async with start_here():
        await telegram.wait_for(lambda: len(telegram.calls("getChatMenuButton")) > asked)

    assert len(telegram.calls("setMyCommands")) == before == 6
    assert len(telegram.calls("setMyDescription")) == 2
    assert telegram.calls("setChatMenuButton") == []


async def test_an_owner_is_shown_the_owners_commands_at_the_first_start(
    start_here, telegram, menu_of, ask
):
    async with start_here(ADMIN_IDS=str(telegram.person.id)):
        await ask("/start")
        place = f"chat:{telegram.person.id}"
        await telegram.wait_for(lambda: menu_of(place, "zh"))

    assert "backup" in menu_of(place)


async def test_whoever_gets_a_role_gets_its_menu_and_loses_it_with_the_role(
    start_here, telegram, menu_of, ask
):
    boris = telegram.create_user("Boris")
    place = f"chat:{boris.id}"
    async with start_here(ADMIN_IDS=str(telegram.person.id)):
        await ask("/start", boris)
        await ask(f"/roles {boris.id} support")
        assert "retry" in menu_of(place)
        assert not {"grant", "backup"} & set(menu_of(place))

        await ask(f"/roles {boris.id} none")

    assert menu_of(place) == menu_of(place, "zh") == []


@pytest.mark.usefixtures("idle_bot")
async def test_help_leads_to_settings_and_models(ask, page):
    answer = await ask("/help")
    assert "--ar 9:16 shape" in answer.text
    await page(answer, "🎬 Models", "Camera moves (built in)")

    answer = await ask("/help")
    await page(answer, "⚙️ Settings", "They hold for all your videos.")


@pytest.mark.usefixtures("idle_bot")
async def test_start_and_help_in_a_group_are_about_groups(telegram, ask, toast):
    boris = telegram.create_user("Boris")
    group = telegram.create_supergroup("Friends", telegram.person, boris, telegram.bot)

    started = await ask("/start", boris, group)
    answer = await ask("/help", boris, group)

    assert started.text == answer.text
    assert "In this group write /video" in answer.text
    assert "--ar" not in answer.text
    refusal = "Only the admins of this group can change that."
    assert await toast(answer, "⚙️ Settings", boris) == refusal
    assert answer.text.startswith("In this group")


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("link", ["job_0", "job_1x", "p_ab12", "job_" + "9" * 40, "<b>"])
async def test_a_link_that_leads_nowhere_is_a_start(ask, link):
    answer = await ask(f"/start {link}")

    greeting = "Send me a photo with a caption" in answer.text
    assert greeting or answer.text == "There is no such video of yours. /jobs lists them."
    assert greeting is (link != "job_0")


@pytest.mark.usefixtures("idle_bot")
async def test_a_link_to_a_video_shows_it_to_its_owner_alone(telegram, taken, ask):
    telegram.send_photo(telegram.person, RED, f"pan left {SMALL}")
    await taken()

    mine = await ask("/start job_1")
    foreign = await ask("/start job_1", telegram.create_user("Boris"))

    assert mine.text.startswith("Video 1\n")
    assert foreign.text == "There is no such video of yours. /jobs lists them."
