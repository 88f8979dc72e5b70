"""The journeys of the tour, in order: without a key, and with one."""

from docs.stage import Stage

SMALL = "--dur 3 --res 480p --seed 7"


async def first_video(stage: Stage) -> None:
    """A photo with a caption.

    One message tells how it goes; the video comes with a receipt and the buttons that can work for it.
    """
    await stage.asks(stage.anna, "/start")
    stage.photo(stage.anna, "cat", f"slow push in {SMALL}")
    await stage.gets()


async def album(stage: Stage) -> None:
    """Two photos.

    They are the first and the last frame, and can be arranged before anything is made.
    """
    stage.album(stage.anna, "coffee", "cat")
    card = await stage.hears("First and last frame are here")
    await stage.press(stage.anna, card, "🔄 Swap")
    await stage.hears("First and last frame are here")
    await stage.press(stage.anna, card, "Remove last")
    await stage.hears("What should happen")
    await stage.press(stage.anna, card, "Add the other one")
    await stage.hears("First and last frame are here")
    await stage.press(stage.anna, card, "🔁 Loop")
    await stage.hears("ends with the photo it begins with")
    stage.say(stage.anna, f"slow orbit {SMALL}", reply_to=card)
    await stage.gets()


async def words_later(stage: Stage) -> None:
    """A photo, and the words later.

    The bot asks and offers ready answers; what cannot be is answered with what can.
    """
    stage.photo(stage.anna, "coffee")
    await stage.hears("What should happen")
    words = stage.say(stage.anna, "pan left --dur 30")
    await stage.hears("is not possible with")
    stage.edit(stage.anna, words, f"pan left {SMALL}")
    await stage.gets()


async def group(stage: Stage) -> None:
    """In a group.

    When it is added, the bot says what works there. It answers what is meant for it and nothing
    else, and its buttons work for those they belong to.
    """
    telegram = stage.telegram
    boris = telegram.create_user("Boris", username="boris")
    chat = telegram.create_supergroup("Friends", stage.anna, boris)
    stage.notes.happens("Anna adds the bot to the group Friends")
    telegram.add(chat, telegram.bot)
    await stage.hears("")
    photo = stage.photo(boris, "cat", "look at this", chat)
    stage.say(boris, "isn't he lovely", chat)
    stage.say(stage.anna, f"/video pan left {SMALL}", chat, reply_to=photo)
    video = await stage.gets()
    await stage.press(boris, video, "Again")
    await stage.asks(boris, "/settings", chat)
    await stage.press(boris, video, "Report")
    await stage.hears("")


async def channel(stage: Stage) -> None:
    """In a channel.

    A post with a photo and `#video` gets its video as a reply; readers see nothing else.
    """
    telegram = stage.telegram
    stage.notes.happens("Anna makes the bot an admin of the channel News")
    chat = telegram.create_channel("News", stage.anna, telegram.bot)
    await stage.hears("")
    stage.photo(stage.anna, "coffee", f"Good morning! #video slow push in {SMALL}", chat)
    await stage.hears("", "video")


async def chinese(stage: Stage) -> None:
    """In Chinese.

    The bot speaks the language of the person's Telegram, or the one chosen with `/lang`.
    """
    ming = stage.telegram.create_user("小明", language_code="zh-hans")
    await stage.asks(ming, "/start")
    stage.photo(ming, "cat", f"镜头缓缓推近 {SMALL}")
    await stage.gets("已完成")
    stage.photo(ming, "coffee")
    await stage.hears("视频里要")
    await stage.asks(ming, "/balance")


async def paid(stage: Stage) -> None:
    """A model that costs something.

    What is held stands in the status, what was charged in the receipt.
    """
    stage.photo(stage.anna, "cat", "the cat waves --dur 3 --res 720p --seed 7")
    await stage.gets()
    await stage.asks(stage.anna, "/balance")


async def voice(stage: Stage) -> None:
    """A photo that speaks.

    The price is said first; before anybody's face and voice come to life, the bot asks once
    whether that is right.
    """
    photo = stage.photo(stage.anna, "astronaut")
    await stage.hears("What should happen")
    stage.voice(stage.anna, reply_to=photo)
    price = await stage.hears("Start")
    await stage.press(stage.anna, price, "Start")
    question = await stage.hears("Do you have the right")
    await stage.press(stage.anna, question, "Yes, I have the right")
    await stage.gets()


async def results(stage: Stage) -> None:
    """What a finished video offers.

    Another seed, other words, another model, its continuation; and all videos again later.
    """
    stage.photo(stage.anna, "coffee", "steam rises --dur 3 --res 720p --seed 7")
    video = await stage.gets()
    await stage.press(stage.anna, video, "New seed")
    await stage.gets()
    await stage.press(stage.anna, video, "Edit words")
    question = await stage.hears("has these words")
    stage.say(stage.anna, "a storm in the cup", reply_to=question)
    await stage.gets()
    await stage.press(stage.anna, video, "Other model")
    await stage.hears("Back")
    await stage.press(stage.anna, video, "Back")
    await stage.hears("Continue")
    await stage.press(stage.anna, video, "Continue")
    await stage.hears("What should happen")
    await stage.asks(stage.anna, "/jobs")
    page = await stage.asks(stage.anna, "/history")
    await stage.press(stage.anna, page, page.labels[0])
    await stage.hears("", "video")


async def choosing(stage: Stage) -> None:
    """Choosing once for all.

    Settings are one message of buttons; models say what they can do and cost.
    """
    panel = await stage.asks(stage.anna, "/settings")
    await stage.press(stage.anna, panel, "set:ratio")
    await stage.hears("")
    await stage.press(stage.anna, panel, "set:ratio:9:16")
    await stage.hears("")
    models = await stage.asks(stage.anna, "/models")
    await stage.press(stage.anna, models, "dashscope")
    await stage.hears("")


async def owner(stage: Stage) -> None:
    """For owners.

    Credits, figures, services, maintenance, settings, and who did what.
    """
    olga = stage.olga
    for words in (
        "/grant",
        f"/grant {stage.anna.id} 100 for the calendar",
    ):
        await stage.asks(olga, words)
    await stage.hears("The owners of this bot gave you")
    for words in ("/stats", "/providers"):
        await stage.asks(olga, words)
    await stage.asks(olga, "/maintenance on 15m new disk")
    stage.photo(stage.anna, "cat", "waves")
    await stage.hears("takes no new videos")
    for words in ("/maintenance off", "/set credits.daily 40 thrift", "/audit"):
        await stage.asks(olga, words)


async def data(stage: Stage) -> None:
    """Your data.

    What is kept and for how long, all of it as a file, and the end of it.
    """
    await stage.asks(stage.anna, "/privacy")
    stage.say(stage.anna, "/mydata")
    await stage.hears("Everything I keep")
    question = await stage.asks(stage.anna, "/deleteme")
    await stage.press(stage.anna, question, "Delete everything about me")
    waiting = await stage.hears("")
    await stage.press(stage.anna, waiting, waiting.labels[0])
    await stage.hears("")


JOURNEYS = {
    False: (first_video, album, words_later, group, channel, chinese),
    True: (paid, voice, results, choosing, owner, data),
}
