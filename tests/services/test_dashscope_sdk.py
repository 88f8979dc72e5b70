"""The official SDK against the emulated DashScope, and the shape of what it sends."""

import asyncio
import json

import pytest

from playground.services.dashscope import DashScope
from playground.services.studio import Studio
from tests import lazily
from tests.services.dashscope_kit import PICTURE, picture, wav

aio_session = lazily.Module("dashscope.api_entities.aio_session")
dashscope = lazily.Module("dashscope")
errors = lazily.Module("dashscope.v2.errors")
http_request = lazily.Module("dashscope.api_entities.http_request")
video_synthesis = lazily.Module("dashscope.aigc.video_synthesis")


@pytest.fixture
async def service():
    async with DashScope() as service:
        yield service


@pytest.fixture
async def base(service, monkeypatch):
    """The SDK's own setting of where the service lies; it reads its environment at import."""
    url = service.environment["DASHSCOPE_HTTP_BASE_URL"]
    monkeypatch.setattr("dashscope.base_http_api_url", url)
    monkeypatch.setenv("DASHSCOPE_API_KEY", service.key)
    yield url
    http_request.close_shared_sync_session()
    await aio_session.close_shared_aio_session()


@pytest.fixture
def client(service):
    base = service.environment["DASHSCOPE_HTTP_BASE_URL"]
    with dashscope.Client(api_key=service.key, base_url=base) as client:
        yield client


@pytest.fixture
def files(tmp_path):
    (tmp_path / "first frame.jpg").write_bytes(picture())
    (tmp_path / "last.png").write_bytes(picture(kind="PNG"))
    (tmp_path / "голос.wav").write_bytes(wav(4))
    return tmp_path


async def run(service, call, *arguments, **options):
    return await asyncio.to_thread(call, *arguments, api_key=service.key, **options)


def sent(service, route):
    [one] = service.sent_to(route)
    return {name.lower(): value for name, value in one.headers}, json.loads(one.body)


async def test_a_picture_and_a_sound_become_a_video(service, base, files):
    answer = await run(
        service,
        video_synthesis.VideoSynthesis.async_call,
        model="wan2.6-i2v-flash",
        prompt="Кот поёт 猫",
        negative_prompt="blur",
        img_url=f"file://{files / 'first frame.jpg'}",
        audio_url=f"file://{files / 'голос.wav'}",
        resolution="720P",
        duration=5,
        seed=7,
        prompt_extend=True,
        watermark=False,
        shot_type="multi",
        audio=True,
    )
    assert answer.status_code == 200, answer
    done = await run(service, video_synthesis.VideoSynthesis.wait, answer.output.task_id)
    assert (done.output.task_status, done.output.video_url) == (
        "SUCCEEDED",
        service.result_url(done.output.task_id),
    )
    assert (done.usage["SR"], done.usage["duration"], done.usage["audio"]) == (720, 5, True)
    headers, body = sent(service, "create")
    assert headers["x-dashscope-async"] == headers["x-dashscope-ossresourceresolve"] == "enable"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert body["parameters"] == {
        "audio": True,
        "duration": 5,
        "seed": 7,
        "prompt_extend": True,
        "watermark": False,
        "resolution": "720P",
        "shot_type": "multi",
    }
    given = body["input"]
    assert (given["extend_prompt"], given["function"]) == (True, "video-synthesis")
    assert given["img_url"].endswith("/first frame.jpg")
    assert given["audio_url"].endswith("/голос.wav")
    assert "Кот поёт 猫".encode() in service.sent_to("create")[0].body


async def test_how_the_sdk_uploads(service, base, files):
    answer = await run(
        service,
        video_synthesis.VideoSynthesis.async_call,
        model="wan2.2-i2v-flash",
        img_url=f"file://{files / 'first frame.jpg'}",
    )
    assert answer.status_code == 200, answer
    [policy] = service.sent_to("policy")
    assert policy.url == "/api/v1/uploads?action=getPolicy&model=wan2.2-i2v-flash"
    [upload] = service.sent_to("upload")
    assert not any(name.lower() == "authorization" for name, _ in upload.headers)
    names = [
        piece.split(b'"')[0].decode() for piece in upload.body.split(b'form-data; name="')[1:]
    ]
    assert names == [
        "OSSAccessKeyId",
        "Signature",
        "policy",
        "key",
        "x-oss-object-acl",
        "x-oss-forbid-overwrite",
        "success_action_status",
        "x-oss-content-type",
        "file",
    ]


async def test_two_pictures_become_a_video(service, base, files):
    answer = await run(
        service,
        video_synthesis.VideoSynthesis.call,
        model="wan2.2-kf2v-flash",
        prompt="turns",
        negative_prompt="n",
        first_frame_url=f"file://{files / 'first frame.jpg'}",
        last_frame_url=f"file://{files / 'last.png'}",
        resolution="720P",
        seed=3,
        prompt_extend=True,
    )
    assert answer.output.task_status == "SUCCEEDED", answer
    [one] = service.sent_to("create")
    assert one.url == "/api/v1/services/aigc/image2video/video-synthesis"
    assert len(service.bucket.objects) == 2


@pytest.mark.parametrize(
    ("model", "template", "given"),
    [
        ("wanx2.1-i2v-turbo", "flying", {"img_url": PICTURE}),
        ("wanx2.1-kf2v-plus", "mech1", {"first_frame_url": PICTURE}),
    ],
)
async def test_an_effect(service, base, model, template, given):
    answer = await run(
        service,
        video_synthesis.VideoSynthesis.call,
        model=model,
        template=template,
        resolution="720P",
        **given,
    )
    assert answer.output.task_status == "SUCCEEDED", answer
    headers, body = sent(service, "create")
    assert "x-dashscope-ossresourceresolve" not in headers
    assert body["input"]["prompt"] is None
    assert body["input"]["template"] == template


async def test_a_waiting_task_is_cancelled_and_listed(base, service):
    service.studio.manual = True
    answer = await run(
        service,
        video_synthesis.VideoSynthesis.async_call,
        model="wan2.2-i2v-flash",
        img_url=PICTURE,
    )
    task_id = answer.output.task_id
    gone = await run(service, video_synthesis.VideoSynthesis.cancel, task_id)
    assert gone.status_code == 200
    again = await run(service, video_synthesis.VideoSynthesis.cancel, task_id)
    assert (again.status_code, again.code) == (400, "UnsupportedOperation")
    looked = await run(service, video_synthesis.VideoSynthesis.wait, task_id)
    assert looked.output.task_status == "CANCELED"
    listed = await run(
        service,
        video_synthesis.VideoSynthesis.list,
        model_name="wan2.2-i2v-flash",
        status="CANCELED",
    )
    assert [row["task_id"] for row in listed.output["data"]] == [task_id]


async def test_the_asyncio_variant_with_its_slashes(service, base):
    service.studio.manual = True
    answer = await video_synthesis.AioVideoSynthesis.async_call(
        model="wan2.2-i2v-flash", img_url=PICTURE, api_key=service.key
    )
    task_id = answer.output.task_id
    looked = await video_synthesis.AioVideoSynthesis.fetch(task_id, api_key=service.key)
    assert looked.output.task_status == "PENDING"
    gone = await video_synthesis.AioVideoSynthesis.cancel(task_id, api_key=service.key)
    assert gone.status_code == 200
    assert [one.url for one in service.sent_to("look")] == [f"/api/v1/tasks/{task_id}/"]
    [cancel] = service.sent_to("cancel")
    assert cancel.url.endswith("/cancel/")


async def test_a_failed_task_is_an_answer_to_the_old_layer(service, base):
    service.fail_next("DataInspectionFailed", "Not this picture.")
    answer = await run(
        service, video_synthesis.VideoSynthesis.call, model="wan2.2-i2v-flash", img_url=PICTURE
    )
    assert answer.status_code == 200
    assert answer.output.task_status == "FAILED"
    assert answer.output["code"] == "DataInspectionFailed"


async def test_the_new_layer_with_three_files(service, client, files):
    job = await asyncio.to_thread(
        client.videos.jobs.create,
        model="wan2.7-i2v",
        prompt="p",
        media=[
            {"type": "first_frame", "url": f"file://{files / 'first frame.jpg'}"},
            {"type": "last_frame", "url": f"file://{files / 'last.png'}"},
            {"type": "driving_audio", "url": f"file://{files / 'голос.wav'}"},
        ],
        duration=5,
        resolution="720P",
    )
    done = await asyncio.to_thread(client.videos.jobs.wait, job.task_id)
    assert done.succeeded
    assert done.video_url == service.result_url(job.task_id)
    headers, body = sent(service, "create")
    assert headers["x-dashscope-ossresourceresolve"] == "enable"
    assert headers["user-agent"].startswith("dashscope-v2-python/2.0.2")
    assert list(body) == ["model", "input", "parameters"]
    assert body["input"].keys() == {"prompt", "media"}
    assert len(service.sent_to("policy")) == 1
    assert len(service.sent_to("upload")) == 3


async def test_the_new_layer_fails_cancels_and_lists(service, client):
    service.studio.manual = True
    create = {"model": "wan2.2-i2v-flash", "image_url": PICTURE}
    failed = await asyncio.to_thread(client.videos.jobs.create, **create)
    service.studio.fail(failed.task_id, "DataInspectionFailed", "Not this picture.")
    with pytest.raises(errors.DashScopeError, match="Not this picture"):
        await asyncio.to_thread(client.videos.jobs.fetch, failed.task_id)
    waiting = await asyncio.to_thread(client.videos.jobs.create, **create)
    await asyncio.to_thread(client.videos.jobs.cancel, waiting.task_id)
    listed = await asyncio.to_thread(client.videos.jobs.list)
    assert (listed.total, listed.tasks) == (2, [])  # it looks for another name than `data`


async def test_the_new_layer_takes_the_wrong_path_to_two_pictures(client):
    with pytest.raises(errors.DashScopeError, match="url error, please check url!"):
        await asyncio.to_thread(
            client.videos.jobs.create,
            model="wan2.2-kf2v-flash",
            extra_input={"first_frame_url": PICTURE, "last_frame_url": PICTURE},
        )


async def test_an_http_200_with_a_code_is_an_error_to_the_new_layer(service, client):
    service.refuse_next("DataInspectionFailed", "Not this one.", status=200)
    with pytest.raises(errors.DashScopeError, match="Not this one"):
        await asyncio.to_thread(
            client.videos.jobs.create, model="wan2.2-i2v-flash", image_url=PICTURE
        )


def test_a_studio_may_be_brought_along():
    studio = Studio(manual=True)
    assert DashScope(studio=studio).studio is studio
