"""Videos that Telegram does not take as they are: as a document, as a link, or with a word."""

import aiohttp
import av
import pytest

from tests.journeys.services import public_address

STATE = "SELECT state FROM tasks"


@pytest.fixture
def person(telegram):
    telegram.start(telegram.person)
    return telegram.person


@pytest.fixture
def home(telegram, person):
    return telegram.private_chat(person)


@pytest.fixture
def film(rows, tmp_path):
    """The finished video on the bot's disk."""

    def find():
        ((name,),) = rows("SELECT json_extract(facts, '$.clip.video') FROM tasks")
        return tmp_path / "media" / name

    return find


@pytest.mark.parametrize(
    "fault",
    [{"code": 413}, {"code": 400, "description": "Bad Request: VIDEO_CONTENT_TYPE_INVALID"}],
    ids=str,
)
async def test_what_telegram_takes_for_no_video_comes_as_a_document(
    telegram, home, person, ready_for, film, fault, stored
):
    telegram.fail("sendVideo", **fault, times=0)
    flood = telegram.fail("sendDocument", retry_after=1)

    async with ready_for(home):
        await stored(STATE, "delivered")
        (sent,) = [one for one in telegram.from_bot(person) if one.kind == "document"]
        content = film().read_bytes()

    assert sent.media.content == content
    assert (sent.media.file.name, sent.labels[0]) == ("firstframe-1.mp4", "Again")
    assert "Video 1: 2 credits" in sent.text
    # After the flood limit it was not tried as a video once more.
    assert (flood.used, len(telegram.calls("sendVideo"))) == (1, 1)


async def test_what_is_too_large_for_telegram_is_downloaded_from_a_link(
    telegram, home, ready_for, film, said, stored, toast
):
    telegram.max_upload = 10_000

    async with ready_for(home, **public_address()), aiohttp.ClientSession() as browser:
        offer = await said("more than Telegram takes from a bot. Download it here until")
        await stored(STATE, "delivered")
        address = next(line for line in offer.text.splitlines() if line.startswith("http"))
        async with (
            browser.get(address) as whole,
            browser.get(address, headers={"Range": "bytes=4-7"}) as part,
        ):
            found = await whole.read(), await part.read()
        content = film().read_bytes()
        popped_up = await toast(offer, "As file")

    assert found == (content, b"ftyp")
    assert (whole.content_type, whole.content_disposition.filename) == (
        "video/mp4",
        "firstframe-1.mp4",
    )
    assert "Video 1: 2 credits" in offer.text
    assert popped_up == "This file is larger than Telegram takes from a bot: the link gives it."
    refused = [call.method for call in telegram.calls() if call.error_code == 413]
    assert refused == ["sendVideo", "sendDocument"]


async def test_without_a_public_address_the_person_learns_what_remains_and_the_owners_as_well(
    telegram, home, person, ready_for, rows, said, stored, film
):
    telegram.max_upload = 10_000
    owner = telegram.create_user("Owner")
    telegram.start(owner)

    async with ready_for(home, ADMIN_IDS=str(owner.id)):
        word = await said("Video 1 was made but could not be sent.")
        await stored(STATE, "failed")
        told = await said("PUBLIC_URL would let it go out as a link.", owner)
        kept = film()
        telegram.send_text(person, "/balance")
        await said("58 credits free")

    assert "ask the owners of this bot for it. 2 credits were charged" in word.text
    assert kept.name in told.text
    assert kept.exists()
    assert rows("SELECT kind FROM ledger ORDER BY id") == [("hold",), ("capture",)]


async def test_a_film_without_sound_that_comes_back_as_an_animation_is_no_error(
    telegram, home, person, ready_for, film, rows, stored, unsent
):
    (clip,) = (unsent / "media").glob("*.mp4")
    loud = clip.read_bytes()
    try:
        clip.write_bytes(muted(clip))
        async with ready_for(home):
            await stored(STATE, "delivered")
    finally:
        clip.write_bytes(loud)

    (sent,) = [one for one in telegram.from_bot(person) if one.kind == "animation"]
    ((known,),) = rows("SELECT json_extract(facts, '$.sent.file_id') FROM tasks")
    assert telegram.download(known) == sent.media.content


def muted(film):
    """The same film without its sound."""
    quiet = film.with_suffix(".quiet.mp4")
    with av.open(str(film)) as loud, av.open(str(quiet), "w") as output:
        picture = loud.streams.video[0]
        copy = output.add_stream_from_template(picture)
        for packet in loud.demux(picture):
            if packet.dts is not None:
                packet.stream = copy
                output.mux(packet)
    content = quiet.read_bytes()
    quiet.unlink()
    return content
