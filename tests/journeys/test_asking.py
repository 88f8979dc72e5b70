"""What the bot answers when it is asked, and how it keeps people informed."""

import pytest

from tests.world import PATIENCE, SMALL, plain, tone

RED = plain("red")


@pytest.fixture
def ask(telegram):
    """Write something and wait for the answer to exactly that message."""

    async def ask(words, who=None):
        person = who or telegram.person
        question = telegram.send_text(person, words)
        found = await telegram.wait_for(
            lambda: [one for one in telegram.from_bot(person) if one.reply_to is question],
            timeout=PATIENCE,
        )
        return found[0].text

    return ask


@pytest.fixture
async def ordered(idle_bot, telegram, taken):
    """A video of the first person that stays in the line."""
    telegram.send_photo(telegram.person, RED, f"pan left {SMALL} --seed 7")
    return await taken()


@pytest.mark.usefixtures("idle_bot")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/start", "Send me a photo with a caption, and I make a video that begins with it."),
        ("/help", "--ar 9:16 shape"),
        ("/help", "/models shows what each model can do and costs"),
        ("/jobs", "You have no videos yet."),
        ("/job", "Which video? /job 12"),
        ("/jbos 1", "I do not know /jbos. /help shows what I can do."),
        ("/job 1", "There is no such video of yours."),
        ("/job one", "There is no such video of yours."),
        ("/cancel", "None of your videos is on its way."),
        ("/cancel 1", "There is no such video of yours."),
        ("/balance", "60 credits free: 60 of today's 60, and 0 granted."),
        ("/privacy", "Your photos and sounds: 24 hours, then they are deleted."),
        ("/privacy", "What you began and did not order: 7 days."),
    ],
)
async def test_a_command_is_answered_before_there_is_any_video(ask, command, words):
    answer = await ask(command)

    assert words in answer


async def test_privacy_gives_the_times_that_the_owners_have_set(start_here, ask):
    async with start_here(KEEP_INPUTS_HOURS="1.5", KEEP_RESULTS_DAYS="1"):
        answer = await ask("/privacy")

    assert "1.5 hours" in answer
    assert "1 day here" in answer
    assert "did not order: 7 days" in answer


async def test_balance_gives_the_allowance_that_the_owners_have_set(start_here, ask):
    async with start_here(DAILY_CREDITS="1", PRICES="local/camera=1"):
        answer = await ask("/balance")

    assert "1 credit free: 1 of today's 1" in answer


@pytest.mark.usefixtures("ordered")
async def test_jobs_lists_ones_videos_newest_first(telegram, taken, ask):
    telegram.send_photo(telegram.person, RED, SMALL)
    await taken(2)

    answer = await ask("/jobs")

    assert answer.splitlines()[1:] == [
        "2: waiting in the line, place 2",
        "1: waiting in the line, place 1 · “pan left”",
    ]


@pytest.mark.usefixtures("ordered")
async def test_jobs_lists_nobody_elses_videos(telegram, ask):
    answer = await ask("/jobs", telegram.create_user("Boris"))

    assert "You have no videos yet." in answer


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize("number", ["1", "#1"])
async def test_job_tells_what_was_asked_and_what_is_held(ask, number):
    answer = await ask(f"/job {number}")

    first, summary, words, when, held = answer.splitlines()
    assert first == "Video 1"
    assert summary == "Camera moves (built in), 3 s, 4:3, 480p, seed 7"
    assert words == "“pan left”"
    assert when.endswith("UTC: asked for")
    assert held == "Held until it is done: 6 credits."


@pytest.mark.usefixtures("idle_bot")
async def test_a_seed_that_nobody_asked_for_is_told_by_job_alone(telegram, taken, ask, rows):
    telegram.send_photo(telegram.person, RED, f"pan left {SMALL}")

    status, story = await taken(), await ask("/job 1")

    ((seed,),) = rows("SELECT json_extract(request, '$.seed') FROM tasks")
    assert "seed" not in status.text
    assert story.splitlines()[1].endswith(f"480p, seed {seed}")


@pytest.mark.usefixtures("ready_video")
async def test_job_tells_the_whole_story_of_a_video(telegram, videos, ask):
    telegram.unblock(telegram.person)
    await telegram.wait_for(videos)

    answer = await ask("/job 1")

    lines = [line.partition(" UTC: ")[2] for line in answer.splitlines()]
    assert [line for line in lines if line] == [
        "asked for",
        "ordered",
        "begun",
        "made",
        "handed to Telegram",
        "delivered",
    ]
    assert answer.splitlines()[-1] == "Charged: 2 credits."


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize("command", ["/job", "/cancel"])
async def test_a_strangers_video_reads_like_one_that_does_not_exist(telegram, ask, command):
    boris = telegram.create_user("Boris")

    foreign, unknown = await ask(f"{command} 1", boris), await ask(f"{command} 999", boris)

    assert foreign == unknown


async def test_an_owner_may_read_the_story_of_any_video(start_here, telegram, taken, ask):
    boris = telegram.create_user("Boris")
    async with start_here(LIMITS="local.running=0", ADMIN_IDS=str(boris.id)):
        telegram.send_photo(telegram.person, RED, SMALL)
        await taken()

        answer = await ask("/job 1", boris)

    assert answer.startswith("Video 1\n")


@pytest.mark.usefixtures("ordered")
@pytest.mark.parametrize("command", ["/cancel", "/cancel 1", "/cancel #1"])
async def test_cancel_takes_a_waiting_video_out_of_the_line(ask, rows, command):
    answer = await ask(command)

    assert answer == "Video 1 is cancelled. Nothing was charged."
    assert rows("SELECT state, due FROM tasks") == [("cancelled", None)]


@pytest.mark.usefixtures("ordered")
async def test_cancel_without_a_number_means_the_newest_video(telegram, taken, ask):
    telegram.send_photo(telegram.person, RED, SMALL)
    await taken(2)

    answer = await ask("/cancel")

    assert answer == "Video 2 is cancelled. Nothing was charged."


@pytest.mark.usefixtures("bot")
async def test_one_status_message_is_sent_under_the_photo_and_edited_to_the_end(
    telegram, taken, said, videos
):
    telegram.send_voice(telegram.person, tone(1), 1)
    await said("Now send me a photo")
    photo = telegram.send_photo(telegram.person, RED, "static --res 480p")

    status = await taken()
    done = await said("✅ Video 1 is done.")

    assert status is done
    assert status.reply_to is photo
    assert status.labels == []
    assert set(telegram.from_bot(telegram.person, "Video 1")) == {status, *videos()}


@pytest.mark.usefixtures("ordered")
async def test_the_next_person_learns_the_place_in_the_line(telegram, taken):
    boris = telegram.create_user("Boris")
    telegram.send_photo(boris, RED, SMALL)

    status = await taken(2, boris)

    assert "Video 2 waits: place 2 in the line." in status.text
