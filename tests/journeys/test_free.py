"""A bot where nothing costs anything does not talk of credits."""

import re

from tests.world import PATIENCE, SMALL, plain

OF_CREDITS = re.compile(r"credit|charge|cost|price|spend", re.IGNORECASE)


async def test_nothing_is_said_of_credits_where_videos_are_free(
    start_here, telegram, said, taken, toast
):
    anna = telegram.person
    group = telegram.create_group("Friends", anna)
    async with start_here(LIMITS="local.running=0"):
        telegram.add(group, telegram.bot, by=anna)
        telegram.send_photo(anna, plain("red"))
        await said("What should happen")
        telegram.send_text(anna, f"pan left {SMALL}")
        status = await taken()
        telegram.send_text(anna, "/job 1")
        await said("UTC: asked for")
        telegram.send_text(anna, "/settings")
        panel = await said("They hold for all your videos")
        stopped = await toast(status, "Cancel")
        await telegram.wait_for(lambda: "cancelled" in status.text, timeout=PATIENCE)
        telegram.send_text(anna, "/job 1")
        await said("UTC: cancelled")
        doctor = await said("How it stands in Friends", group)

        telegram.send_text(anna, "/cap 5", chat=group)
        cap = await said("of them a day", group)

        telegram.send_text(anna, "/balance")

        assert (await said("free")).text == "Videos are free here: you need no credits."
    told = [stopped, *panel.labels, *(one.text for one in telegram.from_bot(anna))]
    assert [text for text in told if OF_CREDITS.search(text)] == [
        "Videos are free here: you need no credits."
    ]
    assert "✅ Videos cost nothing." in doctor.text
    assert cap.text.splitlines() == [
        "Videos are free here: nobody needs credits.",
        "A member may spend 5 of them a day.",
    ]


async def test_a_free_video_among_others_that_cost_is_said_to_be_free(
    start_here, telegram, taken, said
):
    keys = {"DASHSCOPE_API_KEY": "sk-test", "ACCESS": "open"}
    async with start_here(LIMITS="local.running=0", **keys):
        telegram.send_photo(telegram.person, plain("red"), f"pan left --model camera {SMALL}")
        await taken()
        telegram.send_text(telegram.person, "/job 1")

        story = await said("UTC: asked for")

    assert story.text.splitlines()[-1] == "It is free."
