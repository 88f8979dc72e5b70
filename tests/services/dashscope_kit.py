"""Shared by the tests of the emulated DashScope: files, bodies, and a caller over raw HTTP."""

import base64
import io
import json
import wave
from fractions import Fraction

import av
import numpy as np
from PIL import Image

I2V = "/services/aigc/video-generation/video-synthesis"
KF2V = "/services/aigc/image2video/video-synthesis"
NOW = 1_789_997_600.0  # 2026-09-21 13:33:20 UTC, 21:33:20 in China


class Time:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def picture(width=640, height=480, kind="JPEG", mode="RGB", **options):
    file = io.BytesIO()
    Image.new(mode, (width, height), 120).save(file, kind, **options)
    return file.getvalue()


def inline(data, mime="image/jpeg"):
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


PICTURE = inline(picture())


def wav(seconds, rate=8000):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(bytes(round(seconds * rate) * 2))
    return file.getvalue()


def mp3(seconds, rate=24000, bitrate=64000):
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as out:
        stream = out.add_stream("mp3", rate=rate, layout="mono")
        stream.bit_rate = bitrate
        step = 1200
        for at in range(0, round(seconds * rate), step):
            tone = np.sin(np.arange(at, at + step) / 20)
            frame = av.AudioFrame.from_ndarray(
                (tone * 9000).astype("int16")[None, :], format="s16", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def clip(seconds=3, width=320, height=240, kind="mp4", **options):
    file = io.BytesIO()
    with av.open(file, "w", format=kind, options=options) as out:
        stream = out.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        image = np.zeros((height, width, 3), "uint8")
        for _ in range(round(seconds * 4)):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode(None))
    return file.getvalue()


class Caller:
    """Calls the service as the documents say; every answer is (status, body)."""

    def __init__(self, service, session):
        self.service = service
        self.session = session
        self.key = service.key

    def url(self, path):
        return self.service.environment["DASHSCOPE_HTTP_BASE_URL"] + path

    async def call(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        async with self.session.request(
            method, self.url(path), headers=headers, **options
        ) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json"
            return answer.status, json.loads(text) if is_json else text

    async def create(self, model, given, parameters=None, *, path=None, headers=None, **more):
        path = path or (KF2V if "kf2v" in model else I2V)
        body = {"model": model, "input": given, "parameters": parameters or {}, **more}
        headers = {"X-DashScope-Async": "enable", **(headers or {})}
        return await self.call("POST", path, json=body, headers=headers)

    async def made(self, model="wan2.2-i2v-flash", given=None, parameters=None, **options):
        """The id of a task that was accepted."""
        status, body = await self.create(
            model, given or {"img_url": PICTURE}, parameters, **options
        )
        assert status == 200, body
        assert body["output"].keys() == {"task_id", "task_status"}
        assert body["output"]["task_status"] == "PENDING"
        return body["output"]["task_id"]

    async def refused(self, *arguments, **options):
        """The status and code of a refusal in the shape of the service."""
        status, body = await self.create(*arguments, **options)
        assert body.keys() == {"code", "message", "request_id"}, body
        return status, body["code"]

    async def look(self, task_id):
        status, body = await self.call("GET", f"/tasks/{task_id}")
        assert status == 200, body
        return body

    async def policy(self, model="wan2.2-i2v-flash"):
        status, body = await self.call("GET", f"/uploads?action=getPolicy&model={model}")
        assert status == 200, body
        return body["data"]

    async def upload(self, grant, data, name="a.jpg", **changed):
        """Fill the form as documented; a field that is changed to None is left out."""
        fields = {
            "OSSAccessKeyId": grant["oss_access_key_id"],
            "Signature": grant["signature"],
            "policy": grant["policy"],
            "key": f"{grant['upload_dir']}/{name}",
            "x-oss-object-acl": grant["x_oss_object_acl"],
            "x-oss-forbid-overwrite": grant["x_oss_forbid_overwrite"],
            "success_action_status": "200",
            **{name.replace("__", "-"): value for name, value in changed.items()},
        }
        fields = {name: value for name, value in fields.items() if value is not None}
        return await self.post(grant, [*fields.items(), ("file", data)])

    async def post(self, policy, parts, **headers):
        body = b"".join(
            b'--xyz\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
            % (
                name.encode(),
                b'; filename="a"' if name == "file" else b"",
                value if isinstance(value, bytes) else value.encode(),
            )
            for name, value in parts
        )
        headers = {"Content-Type": "multipart/form-data; boundary=xyz", **headers}
        async with self.session.post(
            policy["upload_host"], data=io.BytesIO(body + b"--xyz--\r\n"), headers=headers
        ) as answer:
            return answer.status, await answer.text()

    async def stored(self, data, name="a.jpg", model="wan2.2-i2v-flash"):
        """The `oss://` address of a file that was uploaded for a model."""
        policy = await self.policy(model)
        status, text = await self.upload(policy, data, name)
        assert status == 200, text
        return f"oss://{policy['upload_dir']}/{name}"


RESOLVE = {"X-DashScope-OssResourceResolve": "enable"}
