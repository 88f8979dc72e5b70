import base64
import io
import time
import wave
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from playground.services.gateway import Gateway
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from tests import lazily

openai = lazily.Module("openai")

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
PHOTO = (SAMPLES / "coffee.jpg").read_bytes()
DATA = f"data:image/jpeg;base64,{base64.b64encode(PHOTO).decode()}"
PRO = "jimeng-video-3.0-pro"
HD = "jimeng-video-3.0-720P"
FULL_HD = "jimeng-video-3.0-1080P"
OMNI = "OmniHuman_1.5"
TALKING = "jimeng_realman_avatar_picture_omni_v15"
DETECTION = "jimeng_realman_avatar_object_detection"
RECOGNITION = "jimeng_realman_avatar_picture_create_role_omni_v15"
MODELS = {
    "jimeng_ti2v_v30_pro": PRO,
    "jimeng_t2v_v30": HD,
    "jimeng_i2v_first_v30": HD,
    "jimeng_i2v_first_tail_v30": HD,
    "jimeng_i2v_recamera_v30": HD,
    "jimeng_t2v_v30_1080p": FULL_HD,
    "jimeng_i2v_first_v30_1080": FULL_HD,
    "jimeng_i2v_first_tail_v30_1080": FULL_HD,
}


def sound(seconds):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(int(8000 * seconds)))
    return out.getvalue()


def picture(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, "PNG")
    return out.getvalue()


class Clock:
    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now


@pytest.fixture
async def service():
    async with Gateway() as service:
        yield service


@pytest.fixture
async def host():
    """Any address whose files the test can choose."""
    async with Gateway() as host:
        host.results["photo"] = Result(body=PHOTO)
        host.results["sound"] = Result(body=sound(3))
        yield host


class Client:
    def __init__(self, service, key="sk-playground"):
        headers = {"Authorization": f"Bearer {key}"}
        self.session = aiohttp.ClientSession(service.url, headers=headers)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.session.close()

    async def call(self, method, path, body=None, **more):
        async with self.session.request(method, f"/v1{path}", json=body, **more) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.read()

    async def create(self, body):
        return await self.call("POST", "/videos", body)

    async def take(self, body):
        status, answer = await self.create(body)
        assert status == 200, answer
        return answer["id"]

    async def look(self, video):
        return await self.call("GET", f"/videos/{video}")

    async def content(self, video):
        return await self.call("GET", f"/videos/{video}/content", allow_redirects=False)


@pytest.fixture
async def client(service):
    async with Client(service) as client:
        yield client


def words(**more):
    return {"model": PRO, "req_key": "jimeng_ti2v_v30_pro", "prompt": "a horse", **more}


def text(value):
    return {"type": "text", "text": value}


def image(url, **more):
    return {"type": "image_url", "image_url": {"url": url}, **more}


def audio(url):
    return {"type": "audio_url", "audio_url": {"url": url}}


def data(url=DATA):
    return {"type": "image_base64", "image_url": {"url": url}}


def photo(host):
    return host.result_url("photo")


def omni(host, **more):
    return {
        "model": OMNI,
        "req_key": TALKING,
        "generation_type": "omni_human",
        "content": [image(photo(host)), audio(host.result_url("sound"))],
        **more,
    }


def without(order, name):
    return {key: value for key, value in order.items() if key != name}


def order_of(service):
    (render,) = service.studio.renders
    return render.order


# The whole way


async def test_words_become_a_video(service, client):
    status, answer = await client.create(words(seed=-1, frames=121, aspect_ratio="16:9"))
    assert status == 200
    assert set(answer) == {"id", "object", "created_at", "status"}
    assert (answer["object"], answer["status"]) == ("video", "in_queue")
    assert answer["id"].isdecimal()
    assert isinstance(answer["created_at"], int)
    status, shown = await client.look(answer["id"])
    assert shown == {"id": answer["id"], "object": "video", "status": "completed"}
    assert await client.content(answer["id"]) == (200, CLIP.read_bytes())
    assert [one.route for one in service.requests] == ["create", "retrieve", "content"]


async def test_environment(service):
    assert service.environment == {
        "TOKENOPS_API_KEY": "sk-playground",
        "TOKENOPS_BASE_URL": f"{service.url}/v1",
        "TOKENOPS_PROFILE": "tokenops",
        "ALLOW_PRIVATE_HOSTS": "true",
    }


@pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")
async def test_official_sdk(service):
    """Its own create sends a form, which the gateway does not take; the rest fits."""
    sdk = openai.AsyncOpenAI(api_key="sk-playground", base_url=f"{service.url}/v1", max_retries=0)
    async with sdk:
        with pytest.raises(openai.BadRequestError):
            await sdk.videos.create(prompt="a horse", extra_body=words())
        created = await sdk.post("/videos", body=words(), cast_to=openai.types.Video)
        assert (created.status, created.object) == ("in_queue", "video")
        assert (await sdk.videos.poll(created.id)).status == "completed"
        content = await sdk.videos.download_content(created.id)
        assert await content.aread() == CLIP.read_bytes()
        with pytest.raises(openai.NotFoundError):
            await sdk.videos.retrieve("1")


# The request


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/videos"),
        ("GET", "/videos/1"),
        ("GET", "/videos/1/content"),
        ("POST", "/omnihuman/subject/detection"),
        ("POST", "/omnihuman/subject/recognition"),
    ],
)
@pytest.mark.parametrize("key", ["", "sk-playground", "Bearer other"])
async def test_key_is_asked_for_everywhere(client, method, path, key):
    status, answer = await client.call(method, path, headers={"Authorization": key})
    assert (status, answer["error"]["code"]) == (401, "invalid_api_key")


@pytest.mark.parametrize("path", ["/videos", "/omnihuman/subject/detection"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "text/plain"),
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"--b--", "multipart/form-data; boundary=b"),
    ],
)
async def test_body_is_a_json_object(client, path, body, kind):
    headers = {"Content-Type": kind}
    status, answer = await client.call("POST", path, data=body, headers=headers)
    assert status == 400
    assert set(answer["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("key", MODELS)
async def test_req_key_belongs_to_a_model(client, key):
    for model in {PRO, HD, FULL_HD, OMNI} - {MODELS[key]}:
        status, answer = await client.create({"model": model, "req_key": key, "prompt": "x"})
        assert (status, answer["error"]["param"]) == (400, "req_key")


@pytest.mark.parametrize("key", MODELS)
async def test_every_req_key_is_taken(service, client, host, key):
    body = {"model": MODELS[key], "req_key": key, "prompt": "x", "frames": 241, "seed": 3}
    count = 2 if "tail" in key else int("t2v_v30" not in key)
    if count:
        body["image_urls"] = [photo(host)] * count
    if "recamera" in key:
        body |= {"template_id": "handheld", "camera_strength": "weak"}
    await client.take(body)
    order = order_of(service)
    assert (order["req_key"], order["frames"], order["seed"]) == (key, 241, 3)
    assert len(order.get("image_urls", [])) == count


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": None}, "model"),
        ({"model": "sora-2"}, "model"),
        ({"model": 1}, "model"),
        ({"req_key": ""}, "req_key"),
        ({"req_key": 1}, "req_key"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"other": 1}, "other"),
        ({"generation_type": "omni_human"}, "generation_type"),
        ({"mask_urls": []}, "mask_urls"),
        ({"seconds": 5}, "seconds"),
        ({"seconds": "8"}, "seconds"),
        ({"seconds": "5", "frames": 121}, "seconds"),
        ({"size": "16:9"}, "size"),
        ({"size": 720}, "size"),
        ({"size": "1000x500"}, "size"),
        ({"size": "1280x720", "aspect_ratio": "16:9"}, "size"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio"),
        ({"aspect_ratio": 1}, "aspect_ratio"),
        ({"content": "x"}, "content"),
        ({"content": {}}, "content"),
        ({"content": ["x"]}, "content"),
        ({"content": [{"type": "image_url", "image_url": ["url"]}]}, "content"),
        ({"content": [{"type": "image_url", "image_url": {"url": DATA, "x": 1}}]}, "content"),
        ({"content": [{"type": "film"}]}, "content"),
        ({"content": [{"type": ["text"]}]}, "content"),
        ({"content": [{"type": "text", "text": 1}]}, "content"),
        ({"content": [{"type": "text", "text": "x", "more": 1}]}, "content"),
        ({"content": [{"type": "image_url", "image_url": "x"}]}, "content"),
        ({"content": [{"type": "image_url", "image_url": {"url": 1}}]}, "content"),
        ({"content": [image(DATA, role="mask_image")]}, "content"),
        ({"content": [data("https://a.example/b.jpg")]}, "content"),
        ({"content": [data(DATA.partition(",")[2])]}, "content"),
        ({"content": [audio("https://a.example/b.mp3")]}, "content"),
    ],
)
async def test_wrong_value_is_refused(client, change, param):
    status, answer = await client.create(words(**change))
    assert (status, answer["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"frames": 100}, "50200"),
        ({"frames": "121"}, "50204"),
        ({"seed": -2}, "50200"),
        ({"prompt": "x" * 801}, "50200"),
        ({"image_urls": "https://a.example/b.jpg"}, "50204"),
        ({"image_urls": [DATA]}, "50215"),
        ({"image_urls": ["http://127.0.0.1:1/b.jpg"]}, "50215"),
        ({"content": [image(DATA)]}, "50215"),
        ({"content": [data("data:image/jpeg;base64,!!!!")]}, "50207"),
        ({"content": [data("data:image/jpeg;base64,AAAA")]}, "50207"),
        ({"content": [data(), data()]}, "50215"),
        ({"template_id": "handheld"}, "50215"),
    ],
)
async def test_what_the_service_behind_refuses(client, change, code):
    status, answer = await client.create(words(**change))
    assert (status, answer["error"]["code"]) == (400, code)


async def test_camera_has_to_be_told(client, host):
    body = {"model": HD, "req_key": "jimeng_i2v_recamera_v30", "prompt": "x"}
    _, answer = await client.create({**body, "image_urls": [photo(host)]})
    assert answer["error"]["code"] == "50201"


@pytest.mark.parametrize(("seconds", "frames"), [("5", 121), ("10", 241)])
async def test_seconds_become_frames(service, client, seconds, frames):
    await client.take(words(seconds=seconds))
    assert order_of(service)["frames"] == frames


@pytest.mark.parametrize(
    ("size", "ratio"),
    [
        ("1280x720", "16:9"),
        ("720x1280", "9:16"),
        ("1920x1088", "16:9"),
        ("2176x928", "21:9"),
        ("1664x1248", "4:3"),
        ("768x1024", "3:4"),
        ("512x512", "1:1"),
    ],
)
async def test_size_becomes_a_ratio(service, client, size, ratio):
    await client.take(words(size=size))
    assert order_of(service)["aspect_ratio"] == ratio


async def test_ratio_means_nothing_to_a_first_frame(service, client, host):
    body = {"model": HD, "req_key": "jimeng_i2v_first_v30", "prompt": "x", "aspect_ratio": "1:1"}
    await client.take({**body, "image_urls": [photo(host)]})
    assert "aspect_ratio" not in order_of(service)


async def test_words_in_content_come_first(service, client):
    await client.take(words(prompt="no", content=[text("yes")]))
    assert order_of(service)["prompt"] == "yes"


async def test_words_in_content_are_enough(service, client):
    await client.take(without(words(content=[text("yes")]), "prompt"))
    assert order_of(service)["prompt"] == "yes"


async def test_pictures_keep_their_order(service, client, host):
    host.results["other"] = Result(body=PHOTO)
    links = [host.result_url("other"), photo(host)]
    body = {"model": HD, "req_key": "jimeng_i2v_first_tail_v30", "prompt": "x"}
    await client.take({**body, "content": [image(link) for link in links]})
    assert order_of(service)["image_urls"] == links
    assert {one.url.rpartition("/")[2] for one in host.requests} == {"photo", "other"}


async def test_data_uri_becomes_bare_base64(service, client):
    await client.take(words(content=[text("x"), data()]))
    assert base64.b64decode(order_of(service)["binary_data_base64"][0]) == PHOTO


async def test_pictures_come_in_one_way(client, host):
    link = photo(host)
    for change in (
        {"image_urls": [link], "content": [data()]},
        {"image_urls": [link], "content": [image(link)]},
        {"content": [image(link), data()]},
    ):
        status, answer = await client.create(words(**change))
        assert (status, answer["error"]["param"]) == (400, "content")


# Talking pictures


async def test_talking_picture(service, client, host):
    host.results["mask"] = Result(body=picture(600, 400))
    body = omni(
        host,
        prompt="x" * 300,
        mask_urls=[host.result_url("mask")],
        output_resolution=720,
        pe_fast_mode=True,
        seed=4,
    )
    await client.take(body)
    assert order_of(service) == {
        "req_key": TALKING,
        "image_url": photo(host),
        "audio_url": host.result_url("sound"),
        "prompt": "x" * 300,
        "mask_url": [host.result_url("mask")],
        "output_resolution": 720,
        "pe_fast_mode": True,
        "seed": 4,
    }


async def test_mask_in_content(service, client, host):
    host.results["mask"] = Result(body=picture(600, 400))
    body = omni(host)
    body["content"].append(image(host.result_url("mask"), role="mask_image"))
    await client.take(body)
    assert order_of(service)["mask_url"] == [host.result_url("mask")]
    assert order_of(service)["image_url"] == photo(host)


@pytest.mark.parametrize("prompt", ["", "speak"])
async def test_words_are_free_for_a_talking_picture(service, client, host, prompt):
    await client.take(omni(host, prompt=prompt))
    assert order_of(service).get("prompt", "") == prompt


async def test_talking_picture_is_refused(client, host):
    link, speech = photo(host), host.result_url("sound")
    host.results["mask"] = Result(body=picture(10, 10))
    for change, reason in (
        ({"generation_type": None}, "invalid_value"),
        ({"generation_type": "video"}, "invalid_value"),
        ({"content": None}, "invalid_value"),
        ({"content": [image(link)]}, "invalid_value"),
        ({"content": [audio(speech)]}, "invalid_value"),
        ({"content": [image(link), image(link), audio(speech)]}, "invalid_value"),
        ({"content": [image(link), audio(speech), audio(speech)]}, "invalid_value"),
        ({"content": [data(), audio(speech)]}, "invalid_value"),
        ({"content": [image(link, role="other"), audio(speech)]}, "invalid_value"),
        ({"content": [image(link), audio(link)]}, "50215"),
        ({"mask_urls": host.result_url("mask")}, "invalid_value"),
        ({"mask_urls": [host.result_url("mask")]}, "50215"),
        ({"image_urls": [link]}, "unknown_parameter"),
        ({"frames": 121}, "unknown_parameter"),
        ({"aspect_ratio": "16:9"}, "unknown_parameter"),
        ({"prompt": "x" * 301}, "50200"),
        ({"output_resolution": 480}, "50200"),
        ({"pe_fast_mode": "true"}, "50204"),
    ):
        status, answer = await client.create(omni(host, **change))
        assert (status, answer["error"]["code"]) == (400, reason), change


async def test_sound_of_a_minute_fails_later(client, host):
    host.results["sound"] = Result(body=sound(60))
    video = await client.take(omni(host))
    _, shown = await client.look(video)
    assert (shown["status"], shown["error"]["code"]) == ("failed", "50215")


def subject(host, key, **more):
    return {"model": OMNI, "req_key": key, "image_url": photo(host), **more}


@pytest.mark.parametrize("subjects", range(6))
async def test_detection(service, client, host, subjects):
    service.subjects = subjects
    status, answer = await client.call(
        "POST", "/omnihuman/subject/detection", subject(host, DETECTION)
    )
    assert status == 200
    assert set(answer) == {"status", "mask_urls", "request_id"}
    assert (answer["status"], len(answer["mask_urls"])) == (int(subjects > 0), subjects)
    areas = []
    for link in answer["mask_urls"]:
        async with aiohttp.ClientSession() as other, other.get(link) as mask:
            drawn = Image.open(io.BytesIO(await mask.read()))
        assert drawn.size == (600, 400)
        areas.append(drawn.histogram()[255])
    assert areas == sorted(areas, reverse=True)


async def test_masks_live_for_an_hour(service, client, host):
    clock = service.studio.clock = Clock()
    _, answer = await client.call("POST", "/omnihuman/subject/detection", subject(host, DETECTION))
    for late, expected in ((3598, 200), (3600, 403)):
        clock.now = time.time() + late
        async with aiohttp.ClientSession() as other:
            async with other.get(answer["mask_urls"][0]) as mask:
                assert mask.status == expected
            async with other.get(answer["mask_urls"][0].partition("?")[0]) as mask:
                assert mask.status == 403


@pytest.mark.parametrize("subjects", [0, 1, 2])
async def test_recognition_is_final(service, client, host, subjects):
    service.subjects = subjects
    status, answer = await client.call(
        "POST", "/omnihuman/subject/recognition", subject(host, RECOGNITION)
    )
    assert status == 200
    assert set(answer) == {"task_id", "status", "request_id"}
    assert answer["status"] == int(subjects > 0)
    assert (await client.look(answer["task_id"]))[0] == 404


@pytest.mark.parametrize(
    ("path", "key", "wrong"),
    [("detection", DETECTION, RECOGNITION), ("recognition", RECOGNITION, DETECTION)],
)
async def test_subject_is_checked(client, host, path, key, wrong):
    for change in (
        {"model": PRO},
        {"model": ""},
        {"req_key": wrong},
        {"req_key": TALKING},
        {"image_url": ""},
        {"image_url": [photo(host)]},
        {"image_url": host.result_url("sound")},
        {"image_url": "http://127.0.0.1:1/"},
        {"prompt": "x"},
    ):
        body = subject(host, key, **change)
        status, _ = await client.call("POST", f"/omnihuman/subject/{path}", body)
        assert status == 400, change


# The life of a video


async def test_states(service, client):
    service.studio.manual = True
    video = await client.take(words())
    assert (await client.look(video))[1]["status"] == "in_queue"
    service.studio.begin(video)
    assert (await client.look(video))[1]["status"] == "processing"
    service.studio.finish(video)
    assert (await client.look(video))[1]["status"] == "completed"


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        ("object", {"code": "50511", "message": "No"}),
        ("string", "No"),
        ("null", None),
    ],
)
async def test_failure_is_told_in_one_of_three_shapes(shape, error):
    studio = Studio(manual=True)
    async with Gateway(error_shape=shape, studio=studio) as service, Client(service) as client:
        video = await client.take(words())
        studio.fail(video, "50511", "No")
        status, shown = await client.look(video)
        assert status == 200
        assert shown == {"id": video, "object": "video", "status": "failed", "error": error}
        assert (await client.content(video))[0] == 400


async def test_unknown_videos(service, client):
    video = await client.take(words())
    service.keys.add("other")
    async with Client(service, "other") as other:
        assert (await other.look(video))[0] == 404
        assert (await other.content(video))[0] == 404
    assert (await client.look("1"))[0] == 404
    service.studio.forget(video)
    assert (await client.look(video))[0] == 404


async def test_video_is_kept_for_twelve_hours(service, client):
    clock = service.studio.clock = Clock()
    video = await client.take(words())
    clock.now += 12 * 3600 - 1
    assert (await client.look(video))[0] == 200
    clock.now += 1
    assert (await client.look(video))[0] == 404
    assert (await client.content(video))[0] == 404


async def test_content_too_early(service, client):
    service.studio.manual = True
    video = await client.take(words())
    status, answer = await client.content(video)
    assert (status, answer["error"]["code"]) == (400, "video_not_ready")
    service.early_status = 409
    assert (await client.content(video))[0] == 409


async def test_content_may_lag(service, client):
    service.content_lag = 2
    video = await client.take(words())
    assert [(await client.content(video))[0] for _ in range(3)] == [404, 404, 200]


async def test_content_may_lie_elsewhere(service, client):
    service.redirects = True
    video = await client.take(words())
    assert (await client.content(video))[0] == 302
    _, body = await client.call("GET", f"/videos/{video}/content")
    assert body == CLIP.read_bytes()


async def test_content_can_be_changed(service, client):
    video = await client.take(words())
    service.results[video] = Result(status=403, body=b"")
    assert (await client.content(video))[0] == 403


@pytest.mark.parametrize("method", ["DELETE", "PUT"])
async def test_nothing_can_be_deleted(client, method):
    video = await client.take(words())
    assert (await client.call(method, f"/videos/{video}"))[0] == 405


async def test_there_is_no_list(client):
    assert (await client.call("GET", "/videos"))[0] == 405


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (403, "permission_error"),
        (429, "rate_limit_error"),
        (500, "server_error"),
        (503, "server_error"),
    ],
)
async def test_refusals_can_be_asked_for(service, client, status, kind):
    service.refuse_next("insufficient_user_quota", "No credit", status=status)
    got, answer = await client.create(words())
    assert got == status
    assert answer["error"] == {
        "message": "No credit",
        "type": kind,
        "param": None,
        "code": "insufficient_user_quota",
    }
    assert not service.studio.renders
    await client.take(words())


async def test_only_a_right_request_uses_up_a_refusal(service, client):
    service.refuse_next("50411")
    assert (await client.create(words(seconds="1")))[1]["error"]["code"] == "invalid_value"
    assert (await client.create(words()))[1]["error"]["code"] == "50411"


async def test_refusals_of_other_routes(service, client, host):
    video = await client.take(words())
    for route in ("retrieve", "content", "detection", "recognition"):
        service.refuse_next("x", status=503, route=route)
    path = "/omnihuman/subject"
    assert (await client.look(video))[0] == 503
    assert (await client.content(video))[0] == 503
    assert (await client.call("POST", f"{path}/detection", subject(host, DETECTION)))[0] == 503
    body = subject(host, RECOGNITION)
    assert (await client.call("POST", f"{path}/recognition", body))[0] == 503
    assert (await client.look(video))[0] == 200
