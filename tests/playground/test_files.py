"""Photos, videos and other files: what Telegram makes of them, and getting them back."""

import io

import pytest
import telegram
from PIL import Image
from telegram.error import BadRequest

from playground.telegram import ClientRefusalError
from playground.telegram.mp4 import probe

OGG = b"OggS" + bytes(50)


@pytest.fixture(autouse=True)
def chat(world, anna):
    return world.start(anna).chat


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 1500), [(90, 45), (320, 160), (800, 400), (1280, 640)]),
        ((480, 640), [(68, 90), (240, 320), (480, 640)]),
        ((60, 50), [(60, 50)]),
    ],
)
async def test_sizes_of_a_photo(client, world, anna, jpeg, size, expected):
    world.send_photo(anna, jpeg(*size), "caption", spoiler=True)
    message = (await client.get_updates())[-1].message
    assert [(photo.width, photo.height) for photo in message.photo] == expected
    assert (message.caption, message.has_media_spoiler) == ("caption", True)
    file = await message.photo[-1].get_file()
    content = bytes(await file.download_as_bytearray())
    assert content == world.download(message.photo[-1].file_id)
    assert content.startswith(b"\xff\xd8")
    assert len(content) == message.photo[-1].file_size


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
async def test_a_photo_always_arrives_as_jpeg(world, anna, jpeg, kind):
    message = world.send_photo(anna, jpeg(kind=kind))
    assert message.media.content.startswith(b"\xff\xd8")


async def test_a_turned_photo_arrives_upright(world, anna):
    turned = Image.new("RGB", (100, 50))
    exif = turned.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    largest = world.send_photo(anna, out.getvalue()).media.sizes[-1]
    assert (largest.width, largest.height) == (50, 100)


async def test_what_a_person_cannot_send(world, anna):
    with pytest.raises(ClientRefusalError):
        world.send_photo(anna, b"not a picture")
    with pytest.raises(ClientRefusalError):
        world.send_document(anna, b"")
    with pytest.raises(ClientRefusalError):
        world.send_text(anna, "x" * 4097)
    with pytest.raises(ClientRefusalError):
        world.send_text(anna, "  ")


async def test_documents_of_any_kind(client, world, anna):
    world.send_document(anna, b"\0\1", "odd.heic", "look", mime="image/heic")
    world.send_document(anna, b"", "empty.png", allow_empty=True)
    odd, empty = [update.message for update in (await client.get_updates())[-2:]]
    assert (odd.document.file_name, odd.document.mime_type) == ("odd.heic", "image/heic")
    assert odd.caption == "look"
    file = await odd.document.get_file()
    assert file.file_path.endswith(".heic")
    assert bytes(await file.download_as_bytearray()) == b"\0\1"
    assert empty.document.file_size == 0


async def test_voice_audio_video_sticker(client, world, anna, mp4, jpeg):
    world.send_voice(anna, OGG, 7)
    world.send_audio(anna, b"ID3", 9, title="Song", performer="Band", caption="c")
    world.send_video(anna, mp4())
    world.send_video(anna, mp4(), kind="video_note", width=240)
    world.send_sticker(anna, jpeg(kind="WEBP"))
    world.send_sticker(anna, b"moving", moving="tgs")
    world.send_sticker(anna, b"film", moving="webm")
    *some, sticker, moving, film = [u.message for u in (await client.get_updates())[-7:]]
    voice, audio, video, note = some
    moves = [(one.sticker.is_animated, one.sticker.is_video) for one in (sticker, moving, film)]
    assert moves == [(False, False), (True, False), (False, True)]
    assert (voice.voice.duration.seconds, voice.voice.mime_type) == (7, "audio/ogg")
    assert (audio.audio.title, audio.audio.performer, audio.caption) == ("Song", "Band", "c")
    assert video.video.width == 640
    assert note.video_note.length == 240
    assert sticker.sticker.width == 512


async def test_video_with_everything(client, world, anna, mp4, jpeg):
    sent = await client.send_video(
        anna.id,
        mp4(),
        caption="<b>done</b>",
        parse_mode="HTML",
        width=1280,
        height=720,
        duration=5,
        thumbnail=jpeg(320, 180),
        cover=jpeg(1280, 720),
        supports_streaming=True,
    )
    assert (sent.video.width, sent.video.height, sent.video.duration.seconds) == (1280, 720, 5)
    assert sent.video.thumbnail.width == 320
    assert sent.video.cover[-1].width == 1280
    assert sent.caption_entities[0].type == "bold"
    assert world.history(anna)[-1].media.content == mp4()
    assert world.calls("sendVideo")[0].warnings == []


async def test_a_video_describes_itself(client, anna, mp4):
    sent = await client.send_video(anna.id, mp4())
    assert (sent.video.width, sent.video.height, sent.video.duration.seconds) == (640, 360, 4)


async def test_a_silent_video_is_an_animation(client, anna, mp4):
    sent = await client.send_video(anna.id, mp4(sound=False))
    assert sent.video is None
    assert sent.animation.width == 640
    assert sent.document.file_id == sent.animation.file_id


async def test_what_is_no_mp4_is_a_document(client, anna):
    sent = await client.send_video(anna.id, b"RIFF....AVI ")
    assert sent.video is None
    assert sent.document


@pytest.mark.parametrize(("sound", "kind"), [(True, "video"), (False, "animation")])
async def test_a_film_sent_as_a_document_stays_one_only_where_that_is_asked_for(
    client, anna, mp4, sound, kind
):
    film = mp4(sound=sound)

    seen = await client.send_document(anna.id, film, filename="film.mp4")
    kept = await client.send_document(
        anna.id, film, filename="film.mp4", disable_content_type_detection=True
    )

    assert seen.effective_attachment is getattr(seen, kind)
    assert (kept.video, kept.animation, kept.document.file_name) == (None, None, "film.mp4")


async def test_streaming_needs_the_index_first(client, world, anna, mp4):
    await client.send_video(anna.id, mp4(fast=False), supports_streaming=True)
    assert "moov" in world.calls("sendVideo")[0].warnings[0]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda jpeg: jpeg(640, 360), "640x360"),
        (lambda jpeg: jpeg(320, 180, "PNG"), "PNG"),
        (lambda _: b"nonsense", "not a picture"),
        (lambda _: bytes(204_800), "204800 bytes"),
    ],
)
async def test_a_bad_thumbnail_is_ignored_and_noted(client, world, anna, mp4, jpeg, make, reason):
    sent = await client.send_video(anna.id, mp4(), thumbnail=make(jpeg))
    assert sent.video.thumbnail is None
    assert reason in world.calls("sendVideo")[0].warnings[0]


async def test_covers_and_thumbnails_by_file_id(client, world, anna, mp4, jpeg):
    photo = (await client.send_photo(anna.id, jpeg())).photo
    sent = await client.send_video(anna.id, mp4(), cover=photo[0].file_id)
    assert sent.video.cover == photo
    await client.send_video(anna.id, mp4(), thumbnail=photo[0].file_id)
    assert "only an upload" in world.calls("sendVideo")[1].warnings[0]
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await client.send_video(anna.id, mp4(), cover=b"nonsense")


def test_boxes_of_64_bits_and_broken_ones():
    head = b"\0\0\0\x0cftypisom"
    handler = b"\0\0\0\x1chdlr" + bytes(8) + b"soun" + bytes(8)
    large = b"\0\0\0\x01moov" + (16 + len(handler)).to_bytes(8, "big") + handler
    assert probe(head + large).has_sound
    assert not probe(head + b"\0\0\0\x04moov").has_sound
    assert probe(b"RIFF") is None


async def test_other_send_methods(client, anna, mp4, jpeg):
    assert (await client.send_animation(anna.id, mp4(sound=False))).animation
    assert (await client.send_document(anna.id, b"data", filename="a.txt")).document
    assert (await client.send_audio(anna.id, b"ID3", title="Song")).audio.title == "Song"
    assert (await client.send_voice(anna.id, OGG, duration=3)).voice.duration.seconds == 3
    assert (await client.send_voice(anna.id, b"RIFF")).document
    assert (await client.send_video_note(anna.id, mp4(), length=240)).video_note.length == 240
    assert (await client.send_sticker(anna.id, jpeg(512, 512, "WEBP"))).sticker.width == 512


async def test_a_file_id_sends_the_same_again(client, world, anna, mp4, jpeg):
    first = await client.send_video(anna.id, mp4(), thumbnail=jpeg(100, 100))
    again = await client.send_video(anna.id, first.video.file_id, caption="again")
    assert again.video == first.video
    assert again.video.thumbnail == first.video.thumbnail
    photo = await client.send_photo(anna.id, jpeg())
    small = await client.send_photo(anna.id, photo.photo[0].file_id)
    assert small.photo == photo.photo


async def test_documents_may_change_their_method(client, anna, mp4):
    sent = await client.send_video(anna.id, mp4())
    assert (await client.send_document(anna.id, sent.video.file_id)).video


async def test_a_file_id_belongs_to_one_bot(api, world, anna, jpeg):
    world.start(anna)
    other = world.create_bot("Other")
    world.start(anna, bot=other)
    sent = (await api("sendPhoto", {"photo": jpeg()}, chat_id=anna.id)).result
    file_id = sent["photo"][-1]["file_id"]
    answer = await api("sendPhoto", token=other.token, chat_id=anna.id, photo=file_id)
    assert answer.refusal[0] == 400
    assert (await api("getFile", token=other.token, file_id=file_id)).refusal[0] == 400


async def test_the_largest_download(client, world, anna):
    limit = 20_971_520
    world.send_document(anna, b"x", claimed_size=limit)
    world.send_document(anna, b"x", claimed_size=limit + 1)
    fits, large = [update.message.document for update in (await client.get_updates())[-2:]]
    assert (await fits.get_file()).file_size == limit
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await large.get_file()


async def test_a_link_lives_for_an_hour(client, world, anna, session):
    world.send_document(anna, b"data")
    file = await (await client.get_updates())[-1].message.document.get_file()
    assert world.bot.token in file.file_path
    async with session.get(file.file_path) as answer:
        assert await answer.read() == b"data"
    world.advance(3600)
    async with session.get(file.file_path) as answer:
        assert answer.status == 404


async def test_a_web_address_is_not_fetched(client, anna):
    with pytest.raises(BadRequest, match=r"(?i)video notes can't be sent by url"):
        await client.send_video_note(anna.id, "https://example.com/a.mp4")


async def test_album_sent_by_the_bot(client, world, anna, jpeg, mp4):
    media = [
        telegram.InputMediaPhoto(jpeg(), caption="one"),
        telegram.InputMediaVideo(mp4(sound=False), width=320, thumbnail=jpeg(90, 90)),
        telegram.InputMediaPhoto(jpeg(200, 200)),
    ]
    sent = await client.send_media_group(anna.id, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].media_group_id
    assert (sent[0].caption, sent[1].video.width, sent[2].photo[-1].width) == ("one", 320, 200)
    assert sent[1].video.thumbnail.width == 90
    assert [message.kind for message in world.from_bot(anna)] == ["photo", "video", "photo"]


async def test_album_sent_by_a_person(client, world, anna, jpeg):
    sent = world.send_album(anna, [jpeg(), (jpeg(), "second"), jpeg()])
    messages = [update.message for update in (await client.get_updates())[-3:]]
    assert [message.caption for message in messages] == [None, "second", None]
    assert {message.media_group_id for message in messages} == {sent[0].album_id}
    with pytest.raises(ClientRefusalError):
        world.send_album(anna, [jpeg()])


async def test_swapped_album(client, world, anna, jpeg):
    sent = world.send_album(anna, [jpeg(), jpeg(), jpeg()], "caption", swap=(0, 2))
    updates = (await client.get_updates())[-3:]
    numbers = [message.message_id for message in sent]
    assert [update.message.message_id for update in updates] == numbers[::-1]
    assert updates[0].update_id < updates[1].update_id < updates[2].update_id
