"""/lang: the bot speaks the language that a person chose, everywhere and from then on."""

import pytest

from tests.world import PATIENCE, SMALL, plain, tone

RED = plain("red")


@pytest.fixture
def lang(telegram):
    """Write /lang and wait for the buttons."""

    async def ask(who=None, chat=None, **more):
        person = who or telegram.person
        where = {"chat": chat, **more} if chat else {}
        question = telegram.send_text(person, "/lang", **where)
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(chat or person) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0]

    return ask


async def test_everything_new_is_said_in_the_chosen_language_also_after_a_restart(
    start_here, telegram, lang, toast, videos, said
):
    async with start_here():
        buttons = await lang()
        assert buttons.labels == ["✓ as in Telegram", "English", "中文"]
        assert await toast(buttons, "中文") == "我现在说中文了。"
        await telegram.wait_for(
            lambda: buttons.labels == ["与 Telegram 相同", "English", "✓ 中文"], timeout=PATIENCE
        )
    async with start_here():
        telegram.send_voice(telegram.person, tone(1), 1)
        await said("视频从它开始")
        telegram.send_photo(telegram.person, RED, "static --res 480p")
        status = await said("视频 1")
        await telegram.wait_for(videos, timeout=PATIENCE)
        await telegram.wait_for(lambda: "完成" in status.text, timeout=PATIENCE)

    (video,) = videos()
    assert "视频 1" in video.text
    assert "再来一次" in video.labels


@pytest.mark.usefixtures("idle_bot")
async def test_telegrams_language_comes_back(telegram, lang, toast, rows):
    chinese = telegram.create_user("Chen", language_code="zh-hans")
    buttons = await lang(chinese)
    assert await toast(buttons, "English", chinese) == "I speak English now."
    assert rows(f"SELECT spoken FROM accounts WHERE id = {chinese.id}") == [("en",)]

    await telegram.wait_for(lambda: "as in Telegram" in buttons.labels, timeout=PATIENCE)
    assert await toast(buttons, "as in Telegram", chinese) == "我现在说中文了。"
    assert rows(f"SELECT spoken FROM accounts WHERE id = {chinese.id}") == [(None,)]


@pytest.mark.usefixtures("idle_bot")
async def test_settings_choose_the_language_too(telegram, forged, toast, page):
    panel = forged("set:language:zh")

    await page(panel, "Forged", "适用于你的所有视频")

    assert "语言：中文" in panel.labels


@pytest.mark.usefixtures("idle_bot")
async def test_ready_words_are_in_the_language_of_the_person(telegram, said, toast, rows):
    chinese = telegram.create_user("Chen", language_code="zh-hans")
    telegram.send_photo(chinese, RED)

    await toast(await said("视频里要发生什么", chinese), "🔍 慢慢推近", chinese)

    await telegram.wait_for(lambda: telegram.from_bot(chinese, "视频 1"), timeout=PATIENCE)
    assert rows("SELECT request ->> '$.prompt' FROM tasks") == [("镜头缓慢推近",)]


@pytest.mark.usefixtures("idle_bot")
async def test_in_a_group_each_presses_for_themselves(telegram, lang, toast, taken):
    boris = telegram.create_user("Boris")
    chat = telegram.create_supergroup("Friends", telegram.person, boris, telegram.bot)
    buttons = await lang(telegram.person, chat)

    assert await toast(buttons, "中文", boris) == "我现在说中文了。"

    telegram.send_photo(telegram.person, RED, SMALL)
    assert "Video 1" in (await taken()).text


@pytest.mark.usefixtures("idle_bot")
async def test_an_admin_presses_for_the_anonymous_one_who_asked(telegram, lang, toast, rows):
    anna, boris = telegram.person, telegram.create_user("Boris")
    chat = telegram.create_supergroup("朋友们", anna, boris, telegram.bot)
    buttons = await lang(anna, chat, as_chat=chat)
    assert buttons.labels == ["✓ 与 Telegram 相同", "English", "中文"]

    refusal = await toast(buttons, "English", boris)
    await toast(buttons, "English", anna)

    assert refusal == "Only the admins of this chat can press this."
    chosen = "SELECT id, spoken FROM accounts WHERE spoken IS NOT NULL"
    assert rows(chosen) == [(chat.id, "en")]


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize("data", ["lang:xx", "lang:../zh", "lang:"])
async def test_a_language_that_nobody_wrote_is_refused(forged, toast, rows, data):
    popped_up = await toast(forged(data), "Forged")

    assert popped_up in (
        "That cannot be chosen any more. This is how it stands now.",
        "This button is not yours, or it is too old.",
    )
    assert rows("SELECT count(*) FROM accounts WHERE spoken IS NOT NULL") == [(0,)]
