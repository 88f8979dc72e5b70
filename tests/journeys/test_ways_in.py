"""Every way in: how photos, words and sounds become an order, and what is asked before."""

import io

import pytest
from PIL import Image

from tests.world import PATIENCE, SMALL, plain, tone

RED, BLUE = plain("red"), plain("blue", size=(480, 640))
TALL, WIDE = (480, 640), (640, 480)
SIDES = "request ->> '$.{0}.width', request ->> '$.{0}.height'"
FRAMES = f"SELECT {SIDES.format('first_frame')}, {SIDES.format('last_frame')} FROM tasks"
PROMPTS = "SELECT request ->> '$.prompt' FROM tasks"
FINISHED = "This question is over."


def shown(card):
    """The colours that a card shows from left to right."""
    image = Image.open(io.BytesIO(card.media.content)).convert("RGB")
    middle = [image.getpixel((x, image.height // 2)) for x in range(0, image.width, 20)]
    names = {(True, False, False): "red", (False, False, True): "blue"}
    found = [names.get((r > 200, g > 90, b > 200)) for r, g, b in middle]
    return [
        name
        for before, name in zip([None, *found], found, strict=False)
        if name and name != before
    ]


@pytest.fixture
def arranged(telegram, toast):
    """Press a button of a card and wait until it shows these frames."""

    async def press(card, button, *colours):
        await toast(card, button)
        await telegram.wait_for(lambda: card.media and shown(card) == [*colours], timeout=PATIENCE)

    return press


@pytest.fixture
async def card(idle_bot, telegram, said):
    """The card under an album of two photos without words."""
    telegram.send_album(telegram.person, [RED, BLUE])
    return await said("First and last frame are here")


async def test_two_photos_without_words_are_shown_with_an_arrow(telegram, card):
    first = telegram.history(telegram.person)[0]

    assert (card.kind, card.reply_to) == ("photo", first)
    assert shown(card) == ["red", "blue"]
    assert card.labels[-3:] == ["🔄 Swap", "🔁 Loop", "Remove last"]
    assert "Camera moves (built in), 5 s: costs 10 of your 60 credits." in card.text


async def test_swapped_frames_are_ordered_as_the_card_shows_them(
    telegram, card, arranged, toast, taken, rows, stale
):
    await arranged(card, "🔄 Swap", "blue", "red")
    again = stale(card, "🔄 Swap")
    await toast(card, "🪐 Orbit")

    status = await taken()

    assert "10 credits are held." in status.text
    assert rows(FRAMES) == [(*TALL, *WIDE)]
    assert await toast(again, "Forged") == f"{FINISHED} Send the photo again for another video."
    assert len(telegram.from_bot(telegram.person)) == 3


async def test_a_removed_frame_can_be_added_again_and_a_loop_ends_where_it_began(
    card, arranged, toast, taken, rows
):
    await arranged(card, "Remove last", "red")
    await arranged(card, "Add the other one", "red", "blue")
    await arranged(card, "🔁 Loop", "red", "red")
    assert "The video ends with the photo it begins with." in card.text
    await toast(card, "🪐 Orbit")
    await taken()

    assert rows(FRAMES) == [(*WIDE, *WIDE)]


async def test_a_card_survives_a_restart(start_here, telegram, said, arranged):
    async with start_here(LIMITS="local.running=0"):
        telegram.send_photo(telegram.person, RED)
        question = await said("What should happen")
    async with start_here(LIMITS="local.running=0"):
        await arranged(question, "🔁 Loop", "red", "red")

    assert "costs" not in question.text


async def test_a_photo_in_answer_to_the_question_is_the_last_frame(
    idle_bot, telegram, said, toast, taken, rows
):
    photo = telegram.send_photo(telegram.person, RED)
    question = await said("What should happen")
    telegram.send_photo(telegram.person, BLUE, reply_to=question)
    card = await said("First and last frame are here")
    assert shown(card) == ["red", "blue"]

    telegram.send_text(telegram.person, "morph", reply_to=card)
    status = await taken()

    assert status.reply_to is photo
    assert rows(FRAMES) == [(*WIDE, *TALL)]


async def test_of_more_photos_than_can_be_used_the_person_picks(
    idle_bot, telegram, said, toast, taken, rows
):
    telegram.send_album(telegram.person, [RED, plain("green"), BLUE], SMALL)
    question = await said("I have 3 photos, and a video takes two")
    assert question.labels == [
        "The first two",
        "The first and the last",
        "Only the first",
        "None, drop them",
    ]
    assert rows("SELECT id FROM tasks") == []

    await toast(question, "The first and the last")
    await taken()
    assert rows(FRAMES) == [(*WIDE, *TALL)]

    telegram.send_album(telegram.person, [RED, BLUE, RED], SMALL)
    await telegram.wait_for(
        lambda: len(telegram.from_bot(telegram.person, "I have 3 photos")) > 1, timeout=PATIENCE
    )
    dropped = await toast(await said("I have 3 photos"), "None, drop them")
    assert dropped == "All right, nothing is made."
    assert rows("SELECT stage FROM drafts WHERE stage <> 'closed'") == []


async def test_a_voice_after_two_photos_goes_with_one_where_a_model_takes_no_more(
    card, telegram, said, toast, taken, rows
):
    telegram.send_voice(telegram.person, tone(1), 1)
    await toast(await said("One photo can be used here, as the first frame."), "Only the last")
    await taken()

    assert rows(FRAMES) == [(*TALL, None, None)]


async def test_an_album_is_not_lost_where_something_else_follows_at_once(
    idle_bot, telegram, taken, rows
):
    telegram.send_album(telegram.person, [RED, BLUE], f"pan left {SMALL}")
    telegram.send_album(telegram.person, [BLUE, RED], f"pan right {SMALL}")
    telegram.send_photo(telegram.person, RED, f"zoom in {SMALL}")

    await taken(3)

    assert sorted(rows(PROMPTS)) == [("pan left",), ("pan right",), ("zoom in",)]
    assert set(rows(FRAMES)) == {(*TALL, *WIDE), (*WIDE, None, None), (*WIDE, *TALL)}


async def test_a_late_part_of_an_album_is_offered_as_the_last_frame_of_one_more_video(
    idle_bot, telegram, said, toast, taken, rows
):
    telegram.withhold_update()
    late, _ = telegram.send_album(telegram.person, [BLUE, (RED, SMALL)])
    await taken(1)
    telegram.release_updates()

    question = await said("arrived after the video was started")
    assert question.reply_to is late
    assert question.labels == ["Yes, as the last frame", "No, thanks"]
    assert rows("SELECT count(*) FROM tasks") == [(1,)]
    await toast(question, "Yes, as the last frame")
    await taken(2)

    assert rows(FRAMES) == [(*WIDE, None, None), (*WIDE, *TALL)]


async def test_a_sticker_that_does_not_move_is_a_photo(idle_bot, telegram, said, taken):
    sticker = telegram.send_sticker(telegram.person, plain("red", "WEBP", (512, 512)))
    question = await said("What should happen")
    telegram.send_text(telegram.person, SMALL)

    assert question.reply_to is sticker
    assert (await taken()).reply_to is sticker


@pytest.mark.parametrize(
    ("send", "answer"),
    [
        (lambda t: t.send_sticker(t.person, b"x", moving="tgs"), "This sticker moves;"),
        (lambda t: t.send_sticker(t.person, b"x", moving="webm"), "This sticker moves;"),
        (
            lambda t: t.send_video(t.person, b"x", kind="animation"),
            "I make videos from photos, not",
        ),
        (lambda t: t.send_video(t.person, b"x", "a film"), "I make videos from photos, not"),
        (lambda t: t.send_document(t.person, b"x", "a.pdf"), "I cannot use this."),
    ],
    ids=["animated", "video sticker", "gif", "film", "document"],
)
async def test_what_cannot_be_used_is_said_in_private_chats_only(
    idle_bot, telegram, said, send, answer
):
    sent = send(telegram)

    reply = await said(answer)

    assert reply.reply_to is sent
    assert len(telegram.from_bot(telegram.person)) == 1


async def test_a_forwarded_photo_is_a_photo(idle_bot, telegram, taken):
    boris = telegram.create_user("Boris")
    photo = telegram.send_photo(telegram.person, RED, SMALL, forwarded_from=boris)

    assert (await taken()).reply_to is photo


async def test_a_voice_in_answer_to_ones_video_takes_its_photo(
    ready_video, telegram, arrives, taken, rows, tmp_path, said
):
    telegram.unblock(telegram.person)
    video = await arrives()
    voice = telegram.send_voice(telegram.person, tone(1), 1, reply_to=video)

    status = await taken(2)

    assert status.reply_to is voice
    photos = {row[0] for row in rows("SELECT request ->> '$.first_frame.file' FROM tasks")}
    assert len(photos) == 1
    await arrives(2)
    (tmp_path / "media" / photos.pop()).unlink()
    telegram.send_voice(telegram.person, tone(1), 1, reply_to=video)
    assert await said("The files of video 1 are no longer kept.")


TALKING = {
    "TOKENOPS_API_KEY": "key",
    "TOKENOPS_BASE_URL": "http://127.0.0.1:9/v1",
    "PUBLIC_URL": "http://127.0.0.1:9",
    "SECRET_KEY": "a secret that signs links",
    "ACCESS": "open",
    "DAILY_CREDITS": "100",
    "LIMITS": "tokenops.running=0,local.running=0",
}


async def test_a_photo_after_a_voice_takes_the_place_of_the_photo_alone(
    start_here, telegram, said, toast, taken, rows
):
    async with start_here(**TALKING):
        telegram.send_photo(telegram.person, RED, "waves")
        await taken()
        telegram.send_voice(telegram.person, tone(5), 5)
        await said("the person in it will speak")
        photo = telegram.send_photo(telegram.person, BLUE, "sings")

        await telegram.wait_for(
            lambda: [
                one
                for one in telegram.from_bot(telegram.person, "the person in it will speak")
                if one.reply_to is photo
            ],
            timeout=PATIENCE,
        )
        await toast(await said("the person in it will speak"), "Start")
        await toast(await said("Do you have the right"), "Yes, I have the right")
        await taken(2)

    spoken = "SELECT request ->> '$.first_frame.height', request ->> '$.audio.seconds' FROM tasks"
    assert rows(spoken) == [(480, None), (640, 5.0)]


async def test_a_talking_picture_shows_its_price_and_offers_less_of_the_sound(
    start_here, telegram, said, toast, taken, rows
):
    async with start_here(**TALKING):
        telegram.send_photo(telegram.person, RED)
        await said("What should happen")
        telegram.send_voice(telegram.person, tone(61), 61)

        price = await said("the person in it will speak")
        assert price.text.splitlines()[1:] == [
            "Your sound has 61 s, the video will have 59 s.",
            "Only the first 59 s of the sound are used.",
            "OmniHuman 1.5 (gateway) makes it for 177 of your 100 credits.",
        ]
        assert price.labels == [
            "First 59 s: 177 credits",
            "First 5 s: 15 credits",
            "First 15 s: 45 credits",
            "First 30 s: 90 credits",
            "Cancel",
        ]
        assert rows("SELECT id FROM tasks") == []
        await toast(price, "First 15 s: 45 credits")
        await toast(await said("Do you have the right"), "Yes, I have the right")
        status = await taken()

    assert "OmniHuman 1.5 (gateway), 15 s," in status.text
    assert "45 credits are held." in status.text
    assert rows("SELECT cost, request ->> '$.audio.seconds' FROM tasks") == [(45, 15.0)]
