import asyncio
import base64
import hashlib
import io
import json
import time
import wave
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from playground.services.faults import Fault
from playground.services.service import CLIP, Result
from playground.services.studio import Studio
from playground.services.volcengine import CAPABILITIES, Manner, Volcengine
from playground.services.volcengine.errors import MESSAGES, GatewayRefusal, Refusal, http_status
from playground.services.volcengine.fetching import fetch
from playground.services.volcengine.signature import Signed, check, key_of, sign

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
PHOTO = (SAMPLES / "coffee.jpg").read_bytes()
FIRST = "jimeng_i2v_first_v30"
TAIL = "jimeng_i2v_first_tail_v30"
CAMERA = "jimeng_i2v_recamera_v30"
WORDS = "jimeng_t2v_v30"
PRO = "jimeng_ti2v_v30_pro"
OMNI = "jimeng_realman_avatar_picture_omni_v15"
ROLE = "jimeng_realman_avatar_picture_create_role_omni_v15"
DETECT = "jimeng_realman_avatar_object_detection"
ACTOR = "jimeng_dreamactor_m20_gen_video"
SYNC = "CVSync2AsyncSubmitTask", "CVSync2AsyncGetResult"
PLAIN = "CVSubmitTask", "CVGetResult"


def b64(data):
    return base64.b64encode(data).decode()


def picture(width=640, height=480, kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, kind)
    return out.getvalue()


def made(change):
    """What takes time to make is made by its test, not by everyone who collects them."""
    return change() if callable(change) else change


def sound(seconds):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(int(8000 * seconds)))
    return out.getvalue()


class Clock:
    def __init__(self):
        self.now = time.time()

    def __call__(self):
        return self.now


class Client:
    """Signs by hand, so that every part of it can be wrong."""

    def __init__(self, service, session, key="AKLTplayground", secret="cGxheWdyb3VuZA=="):
        self.service, self.session = service, session
        self.key, self.secret = key, secret

    async def call(self, action, order, *, version="", path="/", **wrong):
        version = version or ("2024-06-06" if action == "CVCancelTask" else "2022-08-31")
        body = order if isinstance(order, bytes) else json.dumps(order).encode()
        names = wrong.get("names", ["content-type", "host", "x-content-sha256", "x-date"])
        target = f"{path}?" + wrong.get("query", f"Action={action}&Version={version}")
        headers = {
            "Content-Type": wrong.get("kind", "application/json"),
            "Host": self.service.url.removeprefix("http://"),
            "X-Content-Sha256": hashlib.sha256(body).hexdigest(),
            "X-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(wrong.get("now", time.time()))),
            **wrong.get("headers", {}),
        }
        day = headers["X-Date"][:8]
        scope = f"{day}/{wrong.get('region', 'cn-north-1')}/cv/request"
        signed = Signed(method="POST", target=target, headers=list(headers.items()), body=body)
        signature = sign(signed, names, key_of(self.secret, day))
        headers["Authorization"] = (
            f"HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={';'.join(names)}, "
            f"Signature={signature}"
        )
        headers |= wrong.get("late", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        body = wrong.get("body", body)
        async with self.session.post(
            self.service.url + target, data=io.BytesIO(body), headers=headers
        ) as answer:
            return answer.status, await answer.json()

    async def submit(self, order, action=SYNC[0]):
        return await self.call(action, order)

    async def take(self, order, action=SYNC[0]):
        status, answer = await self.call(action, order)
        assert (status, answer["code"]) == (200, 10000), answer
        return answer["data"]["task_id"]

    async def look(self, task_id, req_key=FIRST, action=SYNC[1], **more):
        return await self.call(action, {"req_key": req_key, "task_id": task_id, **more})

    async def state(self, task_id, req_key=FIRST, action=SYNC[1]):
        _, answer = await self.look(task_id, req_key, action)
        return answer["data"]["status"]

    async def get(self, url):
        async with self.session.get(url, allow_redirects=False) as answer:
            return answer.status, await answer.read()


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def service():
    async with Volcengine(manner=Manner(concurrency=5)) as service:
        yield service


@pytest.fixture
def client(service, session):
    return Client(service, session)


class Host:
    """Serves files, as the bot's signed links do."""

    def __init__(self):
        self.files = {}
        self.asked = []
        self.url = ""

    def put(self, name, data):
        self.files[name] = data
        return f"{self.url}/{name}"

    async def answer(self, request):
        name = request.match_info["name"]
        self.asked.append(name)
        if name == "moved":
            raise web.HTTPFound(f"{self.url}/photo.jpg")
        if name not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[name])


@pytest.fixture
async def host():
    host = Host()
    app = web.Application()
    app.router.add_get("/{name}", host.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    host.put("photo.jpg", PHOTO)
    host.put("hello.wav", sound(3))
    yield host
    await runner.cleanup()


def first(**more):
    return {"req_key": FIRST, "prompt": "a cat", "binary_data_base64": [b64(PHOTO)], **more}


def camera(**more):
    return {
        **first(),
        "req_key": CAMERA,
        "template_id": "handheld",
        "camera_strength": "weak",
        **more,
    }


def omni(host, **more):
    return {
        "req_key": OMNI,
        "image_url": f"{host.url}/photo.jpg",
        "audio_url": f"{host.url}/hello.wav",
        **more,
    }


# The whole way


async def test_photo_becomes_video(client):
    status, answer = await client.submit(first())
    assert status == 200
    assert set(answer) == {"code", "data", "message", "request_id", "status", "time_elapsed"}
    assert (answer["code"], answer["status"], answer["message"]) == (10000, 10000, "Success")
    task = answer["data"]["task_id"]
    assert task.isdecimal()
    assert int(task) > 2**53
    status, answer = await client.look(task)
    assert (status, answer["code"], answer["data"]["status"]) == (200, 10000, "done")
    assert "aigc_meta_tagged" not in answer["data"]
    assert "progress" not in answer["data"]
    assert await client.get(answer["data"]["video_url"]) == (200, CLIP.read_bytes())


async def test_journal_names_routes_by_action(service, client, host):
    task = await client.take(first())
    await client.look(task)
    await client.call("CVCancelTask", {"req_key": FIRST, "task_id": task})
    await client.call("CVProcess", {"req_key": DETECT, "image_url": f"{host.url}/photo.jpg"})
    assert [one.route for one in service.requests] == ["submit", "look", "cancel", "process"]
    service.faults.add(Fault(route="look", status=502))
    with pytest.raises(aiohttp.ContentTypeError):
        await client.look(task)


async def test_environment_points_at_the_service(service):
    assert service.environment == {
        "VOLC_ACCESSKEY": "AKLTplayground",
        "VOLC_SECRETKEY": "cGxheWdyb3VuZA==",
        "VOLC_VISUAL_URL": service.url,
        "ALLOW_PRIVATE_HOSTS": "true",
    }


# The official SDK


@pytest.fixture
def visual(service, monkeypatch):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in service.environment.items():
            patch.setenv(name, value)
        from volcengine.visual.VisualService import VisualService

        visual = VisualService()
    visual.set_scheme("http")
    visual.set_host(service.url.removeprefix("http://"))
    yield visual
    visual.session.close()


async def test_sdk_makes_a_video(visual, client):
    order = first(prompt="人物转身微笑", seed=7, frames=241)
    answer = await asyncio.to_thread(visual.cv_sync2async_submit_task, order)
    task = answer["data"]["task_id"]
    query = {"req_key": FIRST, "task_id": task, "req_json": json.dumps({})}
    answer = await asyncio.to_thread(visual.cv_sync2async_get_result, query)
    assert answer["data"]["status"] == "done"
    assert (await client.get(answer["data"]["video_url"]))[0] == 200


async def test_sdk_makes_a_talking_picture(visual, host):
    answer = await asyncio.to_thread(visual.cv_submit_task, omni(host))
    query = {"req_key": OMNI, "task_id": answer["data"]["task_id"]}
    answer = await asyncio.to_thread(visual.cv_get_result, query)
    assert answer["data"]["video_url"]


async def test_sdk_detects(visual, host):
    order = {"req_key": DETECT, "image_url": f"{host.url}/photo.jpg"}
    answer = await asyncio.to_thread(visual.cv_process, order)
    assert json.loads(answer["data"]["resp_data"])["status"] == 1


async def test_sdk_cancels(service, visual):
    service.studio.manual = True
    answer = await asyncio.to_thread(visual.cv_sync2async_submit_task, first())
    query = {"req_key": FIRST, "task_id": answer["data"]["task_id"]}
    answer = await asyncio.to_thread(visual.cv_cancel_task, query)
    assert (answer["code"], answer["data"]) == (10000, None)


async def test_sdk_sees_refusals(visual):
    visual.set_sk("another")
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        await asyncio.to_thread(visual.cv_sync2async_submit_task, first())


# The signature


# Computed with the official SDK's signer at a frozen clock.
AK, SK = "AKLTEXAMPLEACCESSKEYID0000000000", "RXhhbXBsZVNlY3JldEtleUZvclRlc3RzT25seQ=="
STAMP = "20260102T030405Z"
MOMENT = 1767323045
LIST = "content-type;host;x-content-sha256;x-date"
BOAT = (
    b'{"req_key":"jimeng_i2v_first_v30","image_urls":["https://example.com/a.jpg"],'
    b'"prompt":"a paper boat drifts","seed":-1,"frames":121}'
)
QUERY = b'{"req_key":"jimeng_i2v_first_v30","task_id":"7392616336519610409"}'
VECTORS = {
    "submit": (
        "CVSync2AsyncSubmitTask",
        BOAT,
        "3213b197c18ecc9f3f5d3dfd5fe5a521af55a088c50dd7ffe19888a9f34de812",
    ),
    "look": (
        "CVSync2AsyncGetResult",
        QUERY,
        "133cae1e458adb17e12e65fae4685601486ea7063d49acd699cde37fff1e0a13",
    ),
    "chinese": (
        "CVSync2AsyncSubmitTask",
        '{"req_key":"jimeng_i2v_first_v30","prompt":"人物转身微笑"}'.encode(),
        "bab99ca3bb6c93e95f950b06e586fa3a7e4bb83398df0703667bd227ff2a01f5",
    ),
    "token": (
        "CVSync2AsyncSubmitTask",
        BOAT,
        "59265ff10c994d2f897364cbf57f4005ff0a9d3a384baf5172ccaabe497ce4bd",
    ),
    "cancel": (
        "CVCancelTask",
        QUERY,
        "85b8478ddcab79bc93da90800188390885b38cf7768307e351c2ceb764f62198",
    ),
    "talking": (
        "CVSubmitTask",
        (
            b'{"req_key": "jimeng_realman_avatar_picture_omni_v15", "image_url": '
            b'"https://example.com/p.jpg", "audio_url": "https://example.com/a.mp3"}'
        ),
        "3b8299903ad59d092f32dad025fa77532a406a0cedb646322e0b2e5ca4a4b93e",
    ),
    "detection": (
        "CVProcess",
        (
            b'{"req_key": "jimeng_realman_avatar_object_detection", "image_url": '
            b'"https://example.com/p.jpg"}'
        ),
        "6219e7c2291bf4529cff6ca63aa3c4f60c78ffb20d387c3575fd3b5ed14e9fa7",
    ),
}


def vector(name, **changed):
    action, body, signature = VECTORS[name]
    version = "2024-06-06" if action == "CVCancelTask" else "2022-08-31"
    token = {"X-Security-Token": "STS2exampletoken=="} if name == "token" else {}
    headers = {
        "Host": "visual.volcengineapi.com",
        "Content-Type": "application/json",
        "X-Date": STAMP,
        "X-Content-Sha256": hashlib.sha256(body).hexdigest(),
        "Authorization": f"HMAC-SHA256 Credential={AK}/20260102/cn-north-1/cv/request, "
        f"SignedHeaders={LIST}{';x-security-token' if token else ''}, Signature={signature}",
        **token,
        **changed.pop("headers", {}),
    }
    parts = {
        "method": "POST",
        "target": f"/?Action={action}&Version={version}",
        "body": body,
        **changed,
    }
    return Signed(headers=list(headers.items()), **parts)


@pytest.mark.parametrize("name", VECTORS)
def test_official_signatures_are_right(name):
    assert check(vector(name), {AK: SK}, MOMENT) == AK


def test_signature_follows_the_short_list_of_others():
    body = (
        b'{"req_key":"realman_avatar_picture_omni15_cv","image_url":'
        b'"https://creator.example/avatar.jpg","audio_url":"https://creator.example/speech.mp3",'
        b'"output_resolution":1080}'
    )
    names = ["host", "x-content-sha256", "x-date"]
    headers = {
        "Host": "cv.byteplusapi.com",
        "X-Date": "20260105T122133Z",
        "X-Content-Sha256": hashlib.sha256(body).hexdigest(),
    }
    target = "/?Action=CVSubmitTask&Version=2024-06-06"
    signed = Signed(method="POST", target=target, headers=list(headers.items()), body=body)
    key = key_of("test-secret-key", "20260105", "ap-singapore-1")
    assert sign(signed, names, key, "ap-singapore-1") == (
        "2d35a1ea9d3300e1c17ca70ea329d68f2ba9f7053b5013879ab18e9ad826aa7b"
    )


def test_key_is_derived_step_by_step():
    assert key_of(SK, "20260102").hex() == (
        "f0d5cb89f5ed7da0941b8ed5e924fbfb045dfbfa2d2100ebd68b67ee20b1c285"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"body": BOAT + b" "},
        {"method": "PUT"},
        {"target": "/?Action=CVSync2AsyncSubmitTask&Version=2022-08-30"},
        {"target": "/x?Action=CVSync2AsyncSubmitTask&Version=2022-08-31"},
        {"headers": {"Content-Type": "application/json; charset=utf-8"}},
        {"headers": {"Host": "other.example"}},
        {"headers": {"Host": "visual.volcengineapi.com:8443"}},
        {"headers": {"X-Date": "20260102T030406Z"}},
        {"headers": {"X-Content-Sha256": "0" * 64}},
    ],
)
def test_whatever_is_signed_may_not_change(changed):
    with pytest.raises(GatewayRefusal) as error:
        check(vector("submit", **changed), {AK: SK}, MOMENT)
    assert (error.value.code, error.value.number) == ("SignatureDoesNotMatch", 100010)


@pytest.mark.parametrize(
    "target",
    [
        "/?Version=2022-08-31&Action=CVSync2AsyncSubmitTask",
        "?Action=CVSync2AsyncSubmitTask&Version=2022-08-31",
        "/?Action=CVSync2AsyncSubmit%54ask&Version=2022-08-31",
    ],
)
def test_query_is_brought_into_one_shape(target):
    check(vector("submit", target=target), {AK: SK}, MOMENT)


@pytest.mark.parametrize("port", [":80", ":443"])
def test_usual_ports_are_not_signed(port):
    headers = {"Host": f"visual.volcengineapi.com{port}"}
    check(vector("submit", headers=headers), {AK: SK}, MOMENT)


@pytest.mark.parametrize(
    ("late", "fits"), [(900, True), (-900, True), (901, False), (-901, False)]
)
def test_clock_may_be_a_quarter_of_an_hour_off(late, fits):
    if fits:
        check(vector("submit"), {AK: SK}, MOMENT + late)
        return
    with pytest.raises(GatewayRefusal) as error:
        check(vector("submit"), {AK: SK}, MOMENT + late)
    assert error.value.code == "InvalidTimestamp"


async def test_listed_order_of_headers_is_followed(client):
    names = ["host", "x-date", "x-content-sha256", "content-type"]
    status, _ = await client.call(SYNC[0], first(), names=names)
    assert status == 200


@pytest.mark.parametrize("lost", ["host", "x-date", "x-content-sha256"])
async def test_what_must_be_signed(client, lost):
    names = [name for name in LIST.split(";") if name != lost]
    status, answer = await client.call(SYNC[0], first(), names=names)
    assert status == 401
    assert answer["ResponseMetadata"]["Error"]["Code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"late": {"Authorization": None}}, "InvalidCredential"),
        ({"late": {"Authorization": "Bearer x"}}, "InvalidAuthorization"),
        ({"late": {"X-Date": None}}, "MissingRequestInfo"),
        ({"late": {"X-Date": "2026-01-02"}}, "InvalidTimestamp"),
        ({"late": {"X-Date": "20200101T000000Z"}}, "InvalidCredential"),
        ({"now": time.time() - 1000}, "InvalidTimestamp"),
        ({"region": "cn-beijing"}, "InvalidCredential"),
        ({"late": {"X-Content-Sha256": "0" * 64}}, "SignatureDoesNotMatch"),
        ({"headers": {"X-Content-Sha256": "0" * 64}}, "SignatureDoesNotMatch"),
        ({"body": b"{}"}, "SignatureDoesNotMatch"),
        ({"headers": {"X-Security-Token": "none was issued"}}, "InvalidSecretToken"),
    ],
)
async def test_gateway_refuses(client, wrong, code):
    status, answer = await client.call(SYNC[0], first(), **wrong)
    assert status == 401
    metadata = answer["ResponseMetadata"]
    assert metadata["Error"]["Code"] == code
    assert set(metadata) == {"RequestId", "Action", "Version", "Service", "Region", "Error"}
    assert set(metadata["Error"]) == {"CodeN", "Code", "Message"}
    assert (metadata["Action"], metadata["Version"]) == (SYNC[0], "2022-08-31")
    assert (metadata["Service"], metadata["Region"]) == ("cv", "cn-north-1")


async def test_unknown_key(service, client):
    service.gate.secrets.clear()
    status, answer = await client.submit(first())
    assert (status, answer["ResponseMetadata"]["Error"]["Code"]) == (401, "InvalidAccessKey")


async def test_session_token_has_to_come(service, client):
    service.gate.session_token = "token"
    status, _ = await client.submit(first())
    assert status == 401
    status, _ = await client.call(SYNC[0], first(), headers={"X-Security-Token": "token"})
    assert status == 200


async def test_lack_of_policy(service, client):
    service.gate.lacks_policy = True
    status, answer = await client.submit(first())
    assert (status, answer["ResponseMetadata"]["Error"]["Code"]) == (403, "LackPolicy")


@pytest.mark.parametrize(
    ("action", "version"),
    [(SYNC[0], "2024-06-06"), ("CVCancelTask", "2022-08-31"), ("Other", "2022-08-31"), ("", "")],
)
async def test_unknown_action_or_version(client, action, version):
    query = f"Action={action}&Version={version}"
    status, answer = await client.call(action, first(), query=query)
    error = answer["ResponseMetadata"]["Error"]
    assert (status, error["Code"]) == (404, "InvalidActionOrVersion")


# The fields of an order


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff"])
async def test_body_is_an_object(client, body):
    status, answer = await client.submit(body)
    assert (status, answer["code"], answer["data"]) == (400, 50200, None)


async def test_body_is_called_json(client):
    status, answer = await client.call(SYNC[0], first(), kind="text/plain")
    assert (status, answer["code"]) == (400, 50200)


def without(order, name):
    return {key: value for key, value in order.items() if key != name}


VIDEO = {FIRST, f"{FIRST}_1080", TAIL, f"{TAIL}_1080", CAMERA, WORDS, f"{WORDS}_1080p", PRO}
LEGACY = {"jimeng_vgfm_i2v_l20", "jimeng_vgfm_t2v_l20"}
COUNTS = {
    FIRST: 1,
    f"{FIRST}_1080": 1,
    TAIL: 2,
    f"{TAIL}_1080": 2,
    CAMERA: 1,
    WORDS: 0,
    f"{WORDS}_1080p": 0,
    PRO: 1,
    "jimeng_vgfm_i2v_l20": 1,
    "jimeng_vgfm_t2v_l20": 0,
}


def order_of(key, host=None):
    if key in {ROLE, DETECT}:
        return {"req_key": key, "image_url": f"{host.url}/photo.jpg"}
    if key == OMNI:
        return omni(host)
    if key == ACTOR:
        return {
            "req_key": key,
            "binary_data_base64": [b64(PHOTO_BIG)],
            "video_url": host.put("clip.mp4", FILM),
        }
    order = camera() if key == CAMERA else first()
    order["req_key"] = key
    if COUNTS[key] == 0:
        return without(order, "binary_data_base64")
    order["binary_data_base64"] *= COUNTS[key]
    return order


PHOTO_BIG = picture(640, 480)


def film(width=320, height=240, frames=25):
    import av

    out = io.BytesIO()
    with av.open(out, "w", "mp4") as file:
        stream = file.add_stream("mpeg4", rate=1)
        stream.width, stream.height = width, height
        for _ in range(frames):
            frame = av.VideoFrame(width, height, "yuv420p")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


FILM = film()


def action_of(key):
    return CAPABILITIES[key].actions[0]


@pytest.mark.parametrize("key", CAPABILITIES)
async def test_every_req_key_is_taken_by_its_own_action(client, host, key):
    status, answer = await client.submit(order_of(key, host), action_of(key))
    assert (status, answer["code"]) == (200, 10000), answer


@pytest.mark.parametrize("key", CAPABILITIES)
async def test_wrong_action_is_refused(client, host, key):
    for action in {SYNC[0], PLAIN[0], "CVProcess"} - {action_of(key)}:
        status, answer = await client.submit(order_of(key, host), action)
        assert (status, answer["code"]) == (400, 50215)


async def test_wrong_action_of_query_is_refused(client):
    task = await client.take(first())
    status, answer = await client.look(task, action=PLAIN[1])
    assert (status, answer["code"]) == (400, 50215)


@pytest.mark.parametrize("key", CAPABILITIES)
async def test_unknown_field_is_refused(client, host, key):
    status, answer = await client.submit({**order_of(key, host), "extra": 1}, action_of(key))
    assert (status, answer["code"]) == (400, 50215)


@pytest.mark.parametrize("key", sorted(VIDEO | LEGACY))
async def test_fields_that_only_some_have(client, key):
    ratio = {WORDS, f"{WORDS}_1080p", PRO, *LEGACY}
    for name, value, offered in (
        ("aspect_ratio", "9:16", ratio),
        ("aspect_ratio", "9:21", LEGACY),
        ("frames", 241, VIDEO),
        ("template_id", "handheld", {CAMERA}),
        ("camera_strength", "strong", {CAMERA}),
    ):
        status, _ = await client.submit({**order_of(key), name: value})
        assert (status == 200) == (key in offered), (name, value)


@pytest.mark.parametrize("key", sorted({WORDS, f"{WORDS}_1080p", "jimeng_vgfm_t2v_l20"}))
async def test_words_alone_take_no_picture(client, key):
    status, answer = await client.submit({**order_of(key), "binary_data_base64": [b64(PHOTO)]})
    assert (status, answer["code"]) == (400, 50215)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"frames": 120}, 50200),
        ({"frames": "121"}, 50204),
        ({"frames": 121.0}, 50204),
        ({"frames": None}, 50204),
        ({"seed": -2}, 50200),
        ({"seed": 2**31}, 50200),
        ({"seed": "1"}, 50204),
        ({"seed": True}, 50204),
        ({"prompt": ""}, 50201),
        ({"prompt": "  "}, 50201),
        ({"prompt": 7}, 50204),
        ({"prompt": "字" * 801}, 50200),
        ({"req_key": ""}, 50201),
        ({"req_key": 1}, 50204),
        ({"req_key": "jimeng_unheard_of"}, 50402),
        ({"binary_data_base64": b64(PHOTO)}, 50204),
        ({"binary_data_base64": [1]}, 50204),
        ({"binary_data_base64": []}, 50206),
        ({"binary_data_base64": [b64(PHOTO)] * 2}, 50215),
        ({"binary_data_base64": [b64(PHOTO)], "image_urls": ["https://a.example/b.jpg"]}, 50215),
        ({"binary_data_base64": [f"data:image/jpeg;base64,{b64(PHOTO)}"]}, 50207),
        ({"binary_data_base64": [b64(PHOTO) + "\n"]}, 50207),
        ({"binary_data_base64": [""]}, 50206),
        ({"binary_data_base64": [b64(b"not a picture")]}, 50207),
        ({"binary_data_base64": [b64(PHOTO[:-2000])]}, 50207),
        ({"binary_data_base64": [b64(b"-" + picture()[1:])]}, 50207),
        ({"binary_data_base64": [b64(picture().replace(b"IHDR", b"none"))]}, 50207),
        ({"binary_data_base64": [b64(picture()[:-9])]}, 50207),
        ({"binary_data_base64": [b64(picture(kind="WEBP"))]}, 50207),
        ({"binary_data_base64": [b64(picture(kind="BMP"))]}, 50207),
        (lambda: {"binary_data_base64": [b64(picture(4097, 2000))]}, 50205),
        ({"binary_data_base64": [b64(PHOTO + bytes(4_700_001 - len(PHOTO)))]}, 50205),
        ({"binary_data_base64": [b64(picture(319, 500))]}, 50215),
        ({"binary_data_base64": [b64(picture(961, 320))]}, 50215),
    ],
)
async def test_wrong_value_is_refused(client, change, code):
    status, answer = await client.submit({**first(), **made(change)})
    assert (status, answer["code"], answer["data"]) == (400, code, None)


@pytest.mark.parametrize(
    "change",
    [
        {"frames": 121},
        {"frames": 241},
        {"seed": -1},
        {"seed": 2**31 - 1},
        {"prompt": "字" * 800},
        {"binary_data_base64": [b64(picture(960, 320))]},
        {"binary_data_base64": [b64(picture(320, 320, "JPEG"))]},
        lambda: {"binary_data_base64": [b64(picture(4096, 4096))]},
    ],
)
async def test_value_on_the_edge_is_taken(client, change):
    await client.take({**first(), **made(change)})


async def test_jpeg_may_be_padded_between_its_parts(client):
    small = picture(300, 400, "JPEG")
    padded = small[:2] + b"\xff\xff\x01\xff\xd0" + small[2:]
    assert Image.open(io.BytesIO(small)).size == (300, 400)
    _, answer = await client.submit(first(binary_data_base64=[b64(padded)]))
    assert answer["code"] == 50215


async def test_progressive_jpeg_is_measured(client):
    out = io.BytesIO()
    Image.new("RGB", (300, 400)).save(out, "JPEG", progressive=True)
    status, answer = await client.submit(first(binary_data_base64=[b64(out.getvalue())]))
    assert (status, answer["code"]) == (400, 50215)


@pytest.mark.parametrize("name", ["prompt", "req_key", "binary_data_base64"])
async def test_field_has_to_be_there(client, name):
    status, answer = await client.submit(without(first(), name))
    assert (status, answer["code"]) == (400, 50206 if name == "binary_data_base64" else 50201)


@pytest.mark.parametrize(
    "template",
    [
        "hitchcock_dolly_in",
        "hitchcock_dolly_out",
        "robo_arm",
        "dynamic_orbit",
        "central_orbit",
        "crane_push",
        "quick_pull_back",
        "counterclockwise_swivel",
        "clockwise_swivel",
        "handheld",
        "rapid_push_pull",
    ],
)
async def test_templates_of_the_camera(client, template):
    await client.take(camera(template_id=template))


@pytest.mark.parametrize("strength", ["weak", "medium", "strong"])
async def test_strengths_of_the_camera(client, strength):
    await client.take(camera(camera_strength=strength))


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (camera(template_id="zoom"), 50200),
        (camera(camera_strength="mild"), 50200),
        (without(camera(), "template_id"), 50201),
        (without(camera(), "camera_strength"), 50201),
        (without(camera(), "prompt"), 50201),
    ],
)
async def test_camera_has_to_be_told(client, order, code):
    _, answer = await client.submit(order)
    assert answer["code"] == code


async def test_pro_takes_words_or_a_picture(client):
    await client.take({"req_key": PRO, "prompt": "a horse"})
    await client.take({"req_key": PRO, "binary_data_base64": [b64(PHOTO)]})
    await client.take({**order_of(PRO), "aspect_ratio": "21:9"})
    for order in ({"req_key": PRO}, {"req_key": PRO, "prompt": " "}):
        _, answer = await client.submit(order)
        assert answer["code"] == 50201


async def test_pro_takes_one_picture_at_most(client):
    _, answer = await client.submit({"req_key": PRO, "binary_data_base64": [b64(PHOTO)] * 2})
    assert answer["code"] == 50215


@pytest.mark.parametrize("ratio", ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"])
async def test_ratios(client, ratio):
    await client.take({"req_key": WORDS, "prompt": "a horse", "aspect_ratio": ratio})


async def test_ratio_not_offered(client):
    _, answer = await client.submit({"req_key": WORDS, "prompt": "x", "aspect_ratio": "2:1"})
    assert answer["code"] == 50200


async def test_two_pictures_have_one_ratio(client):
    pair = [b64(picture(640, 480)), b64(picture(480, 640))]
    _, answer = await client.submit({**order_of(TAIL), "binary_data_base64": pair})
    assert answer["code"] == 50215
    pair = [b64(picture(640, 480)), b64(picture(1281, 960))]
    await client.take({**order_of(TAIL), "binary_data_base64": pair})


async def test_one_picture_is_too_few_for_two(client):
    _, answer = await client.submit({**order_of(TAIL), "binary_data_base64": [b64(PHOTO)]})
    assert answer["code"] == 50215


async def test_legacy_prompt_is_short(client):
    _, answer = await client.submit({**order_of("jimeng_vgfm_i2v_l20"), "prompt": "x" * 151})
    assert answer["code"] == 50200


async def test_further_req_keys(session):
    further = {"jimeng_next": CAPABILITIES[FIRST]}
    async with Volcengine(further=further) as service:
        await Client(service, session).take(first(req_key="jimeng_next"))


# Pictures and sounds by address


async def test_pictures_are_fetched(client, host):
    await client.take(
        {**without(first(), "binary_data_base64"), "image_urls": [f"{host.url}/photo.jpg"]}
    )
    assert host.asked == ["photo.jpg"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("{host}/missing.jpg", 50215),
        ("{host}/moved", 50215),
        ("http://127.0.0.1:1/x.jpg", 50215),
        ("ftp://a.example/b.jpg", 50215),
        ("no address", 50215),
        ("http://[", 50215),
        ("data:image/jpeg;base64,AAAA", 50215),
        ("{host}/hello.wav", 50207),
        ("{host}/large.png", 50205),
        ("{host}/small.png", 50215),
    ],
)
async def test_picture_that_cannot_be_used(client, host, address, code):
    host.put("large.png", bytes(4_700_001))
    host.put("small.png", picture(10, 10))
    order = {
        **without(first(), "binary_data_base64"),
        "image_urls": [address.format(host=host.url)],
    }
    status, answer = await client.submit(order)
    assert (status, answer["code"]) == (400, code)


async def test_no_more_is_fetched_than_is_taken(host):
    assert await fetch(f"{host.url}/photo.jpg", len(PHOTO), 50211) == PHOTO
    with pytest.raises(Refusal) as error:
        await fetch(f"{host.url}/photo.jpg", len(PHOTO) - 1, 50211)
    assert error.value.code == 50211


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"image_url": ["https://a.example/b.jpg"]}, 50204),
        ({"image_url": ""}, 50201),
        ({"audio_url": ""}, 50201),
        ({"audio_url": "{host}/photo.jpg"}, 50215),
        ({"audio_url": "{host}/missing.wav"}, 50215),
        ({"mask_url": "{host}/mask.png"}, 50204),
        ({"mask_url": ["{host}/photo.jpg", "{host}/mask.png"]}, 50215),
        ({"mask_url": ["{host}/hello.wav"]}, 50207),
        ({"prompt": "x" * 301}, 50200),
        ({"seed": 2**31}, 50200),
        ({"output_resolution": 480}, 50200),
        ({"output_resolution": "720"}, 50204),
        ({"pe_fast_mode": 1}, 50204),
        ({"pe_fast_mode": True}, 50215),
        ({"pe_fast_mode": True, "output_resolution": 1080}, 50215),
        ({"frames": 121}, 50215),
        ({"image_urls": []}, 50215),
        ({"binary_data_base64": []}, 50215),
    ],
)
async def test_talking_picture_is_refused(client, host, change, code):
    host.put("mask.png", picture(10, 10))
    change = json.loads(json.dumps(change).replace("{host}", host.url))
    status, answer = await client.submit(omni(host, **change), PLAIN[0])
    assert (status, answer["code"]) == (400, code)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "x" * 300, "seed": -1},
        {"prompt": ""},
        {"output_resolution": 720},
        {"output_resolution": 1080, "pe_fast_mode": False},
        {"output_resolution": 720, "pe_fast_mode": True},
        {"mask_url": ["{host}/mask.png"]},
    ],
)
async def test_talking_picture_is_taken(client, host, change):
    size = Image.open(io.BytesIO(PHOTO)).size
    host.put("mask.png", picture(*size))
    change = json.loads(json.dumps(change).replace("{host}", host.url))
    await client.take(omni(host, **change), PLAIN[0])


@pytest.mark.parametrize("name", ["image_url", "audio_url"])
async def test_talking_picture_needs_both(client, host, name):
    _, answer = await client.submit(without(omni(host), name), PLAIN[0])
    assert answer["code"] == 50201


async def test_sound_of_a_minute_passes_the_submit_and_fails(client, host):
    host.put("hello.wav", sound(60))
    task = await client.take(omni(host), PLAIN[0])
    status, answer = await client.look(task, OMNI, PLAIN[1])
    assert (status, answer["code"], answer["data"]) == (400, 50215, None)
    host.put("hello.wav", sound(59.9))
    assert await client.state(await client.take(omni(host), PLAIN[0]), OMNI, PLAIN[1]) == "done"


async def test_long_sound_may_be_refused_at_once(session, host):
    host.put("hello.wav", sound(60))
    async with Volcengine(manner=Manner(refuse_long_sound=True)) as service:
        _, answer = await Client(service, session).submit(omni(host), PLAIN[0])
        assert answer["code"] == 50215
        assert not service.studio.renders
        host.put("hello.wav", sound(3))
        await Client(service, session).take(omni(host), PLAIN[0])


@pytest.mark.parametrize(
    ("rate", "options"), [(44100, {"id3v2_version": "0"}), (22050, {"id3v2_version": "4"})]
)
async def test_mp3_is_measured(client, host, rate, options):
    import av

    for seconds, state in ((59, 200), (61, 400)):
        out = io.BytesIO()
        with av.open(out, "w", "mp3", options=options) as file:
            quickly = {"compression_level": "9"}
            stream = file.add_stream("libmp3lame", rate=rate, layout="mono", options=quickly)
            for _ in range(seconds):
                frame = av.AudioFrame("s16p", "mono", rate)
                frame.sample_rate = rate
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        assert out.getvalue().startswith(b"ID3") == (rate == 22050)
        host.put("hello.wav", out.getvalue())
        task = await client.take(omni(host), PLAIN[0])
        assert (await client.look(task, OMNI, PLAIN[1]))[0] == state


async def test_ogg_is_no_sound_for_it(client, host):
    host.put("hello.wav", (SAMPLES / "hello.ogg").read_bytes())
    _, answer = await client.submit(omni(host), PLAIN[0])
    assert answer["code"] == 50215


@pytest.mark.parametrize(
    ("film_size", "code"),
    [
        ({"width": 100, "height": 240}, 50215),
        ({"width": 2064, "height": 240}, 50215),
        ({"width": 1456, "height": 1456, "frames": 1}, 50215),
        ({"frames": 31}, 50214),
        (None, 50210),
    ],
)
async def test_film_to_imitate(client, host, film_size, code):
    order = order_of(ACTOR, host)
    host.put("clip.mp4", b"no film" if film_size is None else film(**film_size))
    _, answer = await client.submit(order)
    assert answer["code"] == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (FILM[:4] + b"none" + FILM[8:], 50210),
        (FILM.replace(b"mvhd", b"none"), 50210),
        (FILM.replace(b"tkhd", b"none"), 50210),
        (FILM.replace(b"mvhd" + bytes(12) + b"\0\0\3\xe8", b"mvhd" + bytes(16)), 50214),
    ],
)
async def test_film_says_what_it_is(client, host, data, code):
    order = order_of(ACTOR, host)
    assert data != FILM
    host.put("clip.mp4", data)
    _, answer = await client.submit(order)
    assert answer["code"] == code


async def test_webm_to_imitate(client, host):
    order = order_of(ACTOR, host)
    host.put("clip.mp4", b"\x1aE\xdf\xa3" + bytes(100))
    await client.take(order)


# Recognition and detection


@pytest.mark.parametrize(("subjects", "seen"), [(0, 0), (1, 1), (3, 1)])
async def test_recognition_answers_in_text(service, client, host, subjects, seen):
    service.subjects = subjects
    task = await client.take(order_of(ROLE, host), PLAIN[0])
    _, answer = await client.look(task, ROLE, PLAIN[1])
    assert json.loads(answer["data"]["resp_data"]) == {"status": seen}
    assert answer["data"]["status"] == "done"
    assert not answer["data"]["video_url"]


@pytest.mark.parametrize("subjects", range(6))
async def test_detection_draws_masks(service, client, host, subjects):
    service.subjects = subjects
    host.put("photo.jpg", picture(601, 402))
    _, answer = await client.submit(order_of(DETECT, host), "CVProcess")
    found = json.loads(answer["data"]["resp_data"])
    assert (found["code"], found["status"]) == (0, int(subjects > 0))
    links = found["object_detection_result"]["mask"]["url"]
    assert len(links) == subjects
    masks = [Image.open(io.BytesIO((await client.get(link))[1])) for link in links]
    assert all(mask.size == (601, 402) and mask.mode == "L" for mask in masks)
    areas = [mask.histogram()[255] for mask in masks]
    assert areas == sorted(areas, reverse=True)
    assert all(areas)
    assert all(mask.histogram()[0] + mask.histogram()[255] == 601 * 402 for mask in masks)
    if masks:
        together = [
            sum(pixels) for pixels in zip(*(mask.tobytes() for mask in masks), strict=True)
        ]
        assert max(together) == 255


async def test_masks_live_for_an_hour(service, client, host):
    clock = service.studio.clock = Clock()
    _, answer = await client.submit(order_of(DETECT, host), "CVProcess")
    link = json.loads(answer["data"]["resp_data"])["object_detection_result"]["mask"]["url"][0]
    clock.now += 3598
    assert (await client.get(link))[0] == 200
    clock.now += 2
    assert (await client.get(link))[0] == 403


async def test_mask_of_detection_fits_the_submit(client, host):
    _, answer = await client.submit(order_of(DETECT, host), "CVProcess")
    links = json.loads(answer["data"]["resp_data"])["object_detection_result"]["mask"]["url"]
    await client.take(omni(host, mask_url=links), PLAIN[0])


# The life of a task


async def test_states(service, client):
    service.studio.manual = True
    task = await client.take(first())
    assert await client.state(task) == "in_queue"
    service.studio.begin(task)
    assert await client.state(task) == "generating"
    service.studio.finish(task)
    assert await client.state(task) == "done"


async def test_talking_picture_is_prepared_first(session, host):
    clock = Clock()
    async with Volcengine(studio=Studio(seconds=(40, 40), clock=clock)) as service:
        client = Client(service, session)
        task = await client.take(omni(host), PLAIN[0])
        assert await client.state(task, OMNI, PLAIN[1]) == "processing"
        clock.now += 10
        assert await client.state(task, OMNI, PLAIN[1]) == "generating"
        clock.now += 30
        assert await client.state(task, OMNI, PLAIN[1]) == "done"


@pytest.mark.parametrize("code", [50511, 50516, 50517, 50519, 50500, 50501])
async def test_outer_code_says_how_it_ended(service, client, code):
    service.studio.manual = True
    task = await client.take(first())
    service.studio.fail(task, str(code), "No")
    status, answer = await client.look(task)
    assert (status, answer["code"], answer["message"]) == (http_status(code), code, "No")
    assert answer["data"] is None


async def test_failure_may_have_a_state(session):
    async with Volcengine(manner=Manner(failed_with_data=True)) as service:
        client = Client(service, session)
        task = await client.take(first())
        service.studio.fail(task, "50511", "No")
        _, answer = await client.look(task)
        assert (answer["code"], answer["data"]["status"]) == (50511, "done")
        _, answer = await client.look(7)
        assert (answer["code"], answer["data"]) == (50204, None)


async def test_finished_without_a_video(service, client):
    task = await client.take(first())
    service.withhold(task)
    _, answer = await client.look(task)
    assert (answer["code"], answer["data"]["status"]) == (10000, "done")
    assert not answer["data"]["video_url"]


async def test_expired(service, client):
    task = await client.take(first())
    service.expire(task)
    assert await client.state(task) == "expired"


async def test_not_found(service, client, session):
    task = await client.take(first())
    service.gate.secrets["other"] = "secret"
    assert await client.state("7392616336519610409") == "not_found"
    assert await client.state(task, f"{FIRST}_1080") == "not_found"
    assert await Client(service, session, "other", "secret").state(task) == "not_found"
    assert await client.state(task) == "done"
    service.studio.forget(task)
    assert await client.state(task) == "not_found"


async def test_unknown_task_may_be_an_error(session):
    async with Volcengine(manner=Manner(unknown_task="50215")) as service:
        status, answer = await Client(service, session).look("1")
        assert (status, answer["code"]) == (400, 50215)


async def test_new_task_may_be_unseen(session):
    async with Volcengine(manner=Manner(unseen_looks=1)) as service:
        client = Client(service, session)
        task = await client.take(first())
        assert await client.state(task) == "not_found"
        assert await client.state(task) == "done"


async def test_record_is_kept_for_twelve_hours(service, client):
    clock = service.studio.clock = Clock()
    task = await client.take(first())
    clock.now += 12 * 3600 - 1
    assert await client.state(task) == "done"
    clock.now += 1
    assert await client.state(task) == "not_found"


async def test_link_lives_for_an_hour(service, client):
    clock = service.studio.clock = Clock()
    task = await client.take(first())
    _, answer = await client.look(task)
    link = answer["data"]["video_url"]
    clock.now += 3598
    assert (await client.get(link))[0] == 200
    clock.now += 2
    assert (await client.get(link))[0] == 403
    _, answer = await client.look(task)
    assert answer["data"]["video_url"] == link


async def test_links_may_be_fresh(session):
    clock = Clock()
    manner = Manner(fresh_links=True)
    async with Volcengine(manner=manner, studio=Studio(clock=clock)) as service:
        client = Client(service, session)
        task = await client.take(first())
        await client.look(task)
        clock.now += 7200
        _, answer = await client.look(task)
        assert (await client.get(answer["data"]["video_url"]))[0] == 200


@pytest.mark.parametrize("query", ["", "?x-expires=9999999999&x-signature=00", "?x-expires=x"])
async def test_link_is_signed(client, query):
    task = await client.take(first())
    _, answer = await client.look(task)
    plain = answer["data"]["video_url"].partition("?")[0]
    assert (await client.get(plain + query))[0] == 403


async def test_result_can_be_changed(service, client):
    task = await client.take(first())
    service.results[task] = Result(status=404, body=b"")
    _, answer = await client.look(task)
    assert (await client.get(answer["data"]["video_url"]))[0] == 404


async def test_legacy_link_is_where_all_links_are(client):
    task = await client.take(order_of("jimeng_vgfm_i2v_l20"))
    _, answer = await client.look(task, "jimeng_vgfm_i2v_l20")
    assert answer["data"]["video_url"]


async def test_legacy_link_may_lie_in_text(session):
    async with Volcengine(manner=Manner(link_in_resp_data=True)) as service:
        client = Client(service, session)
        for key in (FIRST, "jimeng_vgfm_i2v_l20"):
            task = await client.take(order_of(key))
            _, answer = await client.look(task, key)
            assert bool(answer["data"]["video_url"]) == (key == FIRST)
        (link,) = json.loads(answer["data"]["resp_data"])["urls"]
        assert (await client.get(link))[0] == 200


LABEL = {"producer_id": "p", "content_propagator": "c"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ({"aigc_meta": LABEL}, 50204),
        ("{", 50200),
        ("[]", 50215),
        ({"return_url": True}, 50215),
        ({"aigc_meta": "x"}, 50204),
        ({"aigc_meta": {"producer_id": "p"}}, 50201),
        ({"aigc_meta": {"content_propagator": "p"}}, 50201),
        ({"aigc_meta": {**LABEL, "producer_id": ""}}, 50200),
        ({"aigc_meta": {**LABEL, "propagate_id": "x" * 257}}, 50200),
        ({"aigc_meta": {**LABEL, "propagate_id": 1}}, 50204),
        ({"aigc_meta": {**LABEL, "other": "x"}}, 50215),
    ],
)
async def test_label_is_checked(client, text, code):
    task = await client.take(first())
    value = (
        text
        if isinstance(text, str) or (code == 50204 and LABEL in text.values())
        else json.dumps(text)
    )
    status, answer = await client.look(task, req_json=value)
    assert (status, answer["code"]) == (400, code)


async def test_label_is_written(client):
    task = await client.take(first())
    label = {**LABEL, "content_producer": "x" * 256, "propagate_id": "i"}
    _, answer = await client.look(task, req_json=json.dumps({"aigc_meta": label}))
    assert answer["data"]["aigc_meta_tagged"] is True
    assert answer["data"]["video_url"]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"req_key": FIRST}, 50201),
        ({"req_key": FIRST, "task_id": 7392616336519610409}, 50204),
        ({"req_key": FIRST, "task_id": "1", "prompt": "x"}, 50215),
        ({"task_id": "1"}, 50201),
    ],
)
@pytest.mark.parametrize("action", [SYNC[1], "CVCancelTask"])
async def test_query_is_checked(client, order, code, action):
    status, answer = await client.call(action, order)
    assert (status, answer["code"]) == (400, code)


async def test_cancel_has_no_label(client):
    order = {"req_key": FIRST, "task_id": "1", "req_json": "{}"}
    _, answer = await client.call("CVCancelTask", order)
    assert answer["code"] == 50215


async def test_only_a_waiting_task_can_be_cancelled(service, client):
    service.studio.manual = True
    task = await client.take(first())
    order = {"req_key": FIRST, "task_id": task}
    assert (await client.call("CVCancelTask", order))[0] == 200
    assert await client.state(task) == "not_found"
    assert service.studio.billable == 0
    order["task_id"] = await client.take(first())
    service.studio.begin(order["task_id"])
    status, answer = await client.call("CVCancelTask", order)
    assert (status, answer["code"]) == (400, 50215)
    order["task_id"] = "1"
    status, answer = await client.call("CVCancelTask", order)
    assert (status, answer["code"]) == (400, 50215)


# Limits and refusals


async def test_tasks_at_a_time(session, host):
    studio = Studio(manual=True)
    async with Volcengine(studio=studio) as service:
        client = Client(service, session)
        task = await client.take(first())
        for key in (FIRST, CAMERA):
            status, answer = await client.submit(order_of(key))
            assert (status, answer["code"], answer["data"]) == (429, 50430, None)
        await client.take(order_of(f"{FIRST}_1080"))
        await client.take(order_of(OMNI, host), PLAIN[0])
        service.gate.secrets["other"] = "secret"
        await Client(service, session, "other", "secret").take(first())
        studio.finish(task)
        await client.take(first())


async def test_requests_a_second(service, client):
    clock = service.studio.clock = Clock()
    service.gate.qps = 2
    for expected in (200, 200, 429):
        status, answer = await client.look("1")
        assert status == expected
    assert answer["code"] == 50429
    clock.now += 1
    assert (await client.look("1"))[0] == 200


async def test_capability_not_opened(service, client):
    service.closed.add(FIRST)
    status, answer = await client.submit(first())
    assert (status, answer["code"]) == (401, 50400)
    assert (await client.look("1"))[1]["code"] == 50400


@pytest.mark.parametrize("code", sorted(set(MESSAGES) - {10000}))
async def test_every_code_can_be_asked_for(service, client, code):
    service.refuse_next(code)
    status, answer = await client.submit(first())
    expected = {50400: 401, 50429: 429, 50430: 429, 50500: 500, 50501: 500}.get(code, 400)
    assert (status, answer["code"], answer["status"]) == (expected, code, code)
    assert answer["data"] is None
    assert answer["message"] == MESSAGES[code]
    assert not service.studio.renders
    await client.take(first())


async def test_refusals_of_other_routes(service, client, host):
    task = await client.take(first())
    order = {"req_key": FIRST, "task_id": task}
    for route in ("look", "process", "cancel"):
        service.refuse_next(50500, "Later", route=route)
    assert (await client.look(task))[1]["message"] == "Later"
    assert (await client.call("CVCancelTask", order))[1]["code"] == 50500
    status, _ = await client.submit(order_of(DETECT, host), "CVProcess")
    assert status == 500
    assert await client.state(task) == "done"


async def test_only_a_right_request_uses_up_a_refusal(service, client):
    service.refuse_next(50411)
    assert (await client.submit(first(frames=1)))[1]["code"] == 50200
    assert (await client.submit(first()))[1]["code"] == 50411
