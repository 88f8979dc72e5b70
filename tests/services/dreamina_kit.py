"""A client of the workbench by hand, written from the seed and not from the emulation."""

import hashlib
import hmac
import json
import uuid
import zlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

SAMPLES = Path(__file__).parents[2] / "playground" / "samples"
CAT = (SAMPLES / "cat.jpg").read_bytes()
NOW = 1_768_046_400.0
GENERATE = "/mweb/v1/aigc_draft/generate"
HISTORY = "/mweb/v1/get_history_by_ids"
QUEUE = "/mweb/v1/get_history_queue_info"
TOKEN = "/mweb/v1/get_upload_token"
CREDITS = "/commerce/v1/benefits/user_credit"
QUERY = {"aid": "513695", "device_platform": "web", "region": "CN", "da_version": "3.2.2"}
COMMON = {"aid": 513695}


class Clock:
    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def new_id():
    return str(uuid.uuid4())


def node(**fields):
    return {"type": "", "id": new_id(), **fields}


def draft(uri, *, prompt="she smiles", ratio=1, duration=5, moment=NOW):
    component_id = new_id()
    image = {
        "type": "image",
        "id": new_id(),
        "source_from": "upload",
        "platform_type": 1,
        "image_uri": uri,
        "uri": uri,
    }
    core = node(prompt=prompt, video_ratio=ratio, duration=duration * 1000, resolution="1080p")
    component = {
        "type": "video_base_component",
        "id": component_id,
        "min_version": "3.2.2",
        "metadata": node(created_platform=3, created_time_in_ms=int(moment * 1000)),
        "generate_type": "i2v",
        "aigc_mode": "workbench",
        "abilities": node(
            i2v=node(core_param=core, first_frame_image=image, history_option=node())
        ),
    }
    return {
        "type": "draft",
        "id": new_id(),
        "min_version": "3.2.2",
        "is_from_tsn": True,
        "version": "3.2.2",
        "main_component_id": component_id,
        "component_list": [component],
    }


def submission(tree, **fields):
    return {
        "extend": {},
        "submit_id": new_id(),
        "draft_content": json.dumps(tree),
        "http_common_info": COMMON,
        **fields,
    }


def sign(path, version, moment):
    text = f"9e2c|{path[-7:]}|7|{version}|{moment}||11ac"
    return hashlib.md5(text.encode()).hexdigest()


def authorization(method, query, signed, body, keys, *, region="cn-north-1", day=None):
    """`signed` are the headers to sign, by their names in lower case."""
    names = ";".join(sorted(signed))
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in query.items())
    canonical = "\n".join(
        [
            method,
            "/",
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{signed[name]}" for name in sorted(signed)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    date = signed["x-amz-date"]
    scope = f"{day or date[:8]}/{region}/imagex/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("AWS4" + keys["secret_access_key"]).encode()
    for part in [*scope.split("/"), f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}"]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    who = f"{keys['access_key_id']}/{scope}"
    return f"AWS4-HMAC-SHA256 Credential={who}, SignedHeaders={names}, Signature={key.hex()}"


class Client:
    def __init__(self, service, *, session=None):
        self.service = service
        self.session = session or service.environment["DREAMINA_SESSIONID"]
        self.http = httpx.AsyncClient(verify=False, trust_env=False)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.http.aclose()

    @property
    def now(self):
        return self.service.studio.clock()

    def headers(self, path, *, version="5.8.0", moment=None, **changes):
        moment = int(self.now if moment is None else moment)
        headers = {
            "Content-Type": "application/json",
            "Appid": "513695",
            "Appvr": version,
            "Pf": "7",
            "Origin": "https://jimeng.jianying.com",
            "Referer": "https://jimeng.jianying.com",
            "Cookie": f"sessionid={self.session}",
            "Device-Time": str(moment),
            "Sign": sign(path, version, moment),
            "Sign-Ver": "1",
            **changes,
        }
        return {name: value for name, value in headers.items() if value is not None}

    async def post(self, path, body, *, query=QUERY, headers=None):
        self.http.cookies.clear()
        response = await self.http.post(
            self.service.environment["DREAMINA_BASE_URL"] + path,
            params=query,
            headers=headers or self.headers(path),
            content=json.dumps(body),
        )
        assert response.status_code == 200
        return response.json()

    async def token(self, body=None, **how):
        answer = await self.post(TOKEN, {"scene": 2} if body is None else body, **how)
        return answer["data"] if answer["ret"] == "0" else answer

    async def imagex(
        self,
        method,
        query,
        keys,
        *,
        body=b"",
        more=None,
        unsigned=None,
        drop=(),
        moment=None,
        region="cn-north-1",
        forge=None,
        day=None,
    ):
        moment = self.now if moment is None else moment
        date = datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")
        signed = {"x-amz-date": date, "x-amz-security-token": keys["session_token"]}
        if method == "POST":
            signed["x-amz-content-sha256"] = hashlib.sha256(body).hexdigest()
        signed |= more or {}
        listed = {name: value for name, value in signed.items() if name not in drop}
        given = authorization(method, query, listed, body, keys, region=region, day=day)
        headers = {**signed, "authorization": forge or given, **(unsigned or {})}
        if method == "POST":
            headers.setdefault("content-type", "application/json")
        self.http.cookies.clear()
        root = self.service.environment["DREAMINA_IMAGEX_URL"]
        text = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in query.items())
        return await self.http.request(method, f"{root}/?{text}", headers=headers, content=body)

    async def apply(self, keys, size, *, query=None, **how):
        asked = {
            "Action": "ApplyImageUpload",
            "Version": "2018-08-01",
            "ServiceId": "tb4s082cfz",
            "FileSize": str(size),
            "s": "abcdefghij1",
            **(query or {}),
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        return await self.imagex("GET", asked, keys, **how)

    async def send(self, address, data, *, changes=None):
        info = address["StoreInfos"][0]
        host = address["UploadHosts"][0] if "UploadHosts" in address else address["UploadHost"]
        headers = {
            "Authorization": info["Auth"],
            "Content-CRC32": f"{zlib.crc32(data):08x}",
            "Content-Type": "application/octet-stream",
            **address.get("UploadHeader", {}),
            **(changes or {}),
        }
        headers = {name: value for name, value in headers.items() if value is not None}
        url = f"http://{host}/upload/v1/{info['StoreUri']}"
        return await self.http.post(url, headers=headers, content=data)

    async def commit(self, keys, session_key, *, query=None, body=None, **how):
        asked = {
            "Action": "CommitImageUpload",
            "Version": "2018-08-01",
            "ServiceId": "tb4s082cfz",
            **(query or {}),
        }
        raw = json.dumps({"SessionKey": session_key, **(body or {})}).encode()
        return await self.imagex("POST", asked, keys, body=raw, **how)

    async def upload(self, data=CAT):
        keys = await self.token()
        applied = (await self.apply(keys, len(data))).json()
        address = applied["Result"]["UploadAddress"]
        assert (await self.send(address, data)).status_code == 200
        done = (await self.commit(keys, address["SessionKey"])).json()
        assert done["Result"]["Results"][0]["Uri"] == address["StoreInfos"][0]["StoreUri"]
        return address["StoreInfos"][0]["StoreUri"]

    async def generate(self, body, **how):
        return await self.post(GENERATE, body, **how)

    async def submit(self, **wishes):
        """The whole way to an accepted job: its history id and its submit id."""
        body = submission(draft(await self.upload(), **wishes))
        answer = await self.generate(body)
        assert answer["ret"] == "0", answer
        return answer["data"]["aigc_data"]["history_record_id"], body["submit_id"]

    async def look(self, asked, field="history_ids", **more):
        body = {field: [asked], "http_common_info": COMMON, **more}
        return await self.post(HISTORY, body)

    async def record(self, asked, field="history_ids"):
        return (await self.look(asked, field))["data"].get(asked)

    async def fetch(self, url, **headers):
        self.http.cookies.clear()
        return await self.http.get(url, headers=headers)


def path_of(url):
    return urlsplit(url).path
