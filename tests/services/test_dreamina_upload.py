"""Signatures, credentials, and the way of a picture through ImageX."""

import io
import zlib

import pytest
from PIL import Image

from playground.services.dreamina import Dreamina
from playground.services.dreamina.call import Call
from playground.services.dreamina.pictures import Picture, read_picture
from playground.services.dreamina.signing import amz_signature, workbench_sign
from playground.services.studio import Studio
from tests.services.dreamina_kit import (
    CAT,
    QUERY,
    TOKEN,
    Client,
    Clock,
    draft,
    submission,
)


@pytest.fixture
async def service():
    async with Dreamina(studio=Studio(clock=Clock(), manual=True)) as running:
        yield running


@pytest.fixture
async def client(service):
    async with Client(service) as one:
        yield one


def code(response):
    return response.json()["ResponseMetadata"]["Error"]["Code"]


def address(response):
    return response.json()["Result"]["UploadAddress"]


@pytest.mark.parametrize(
    ("version", "path", "moment", "signature"),
    [
        (
            "5.8.0",
            "/commerce/v1/benefits/user_credit",
            "1733966964",
            "f3dbb824b378abea7c03cbb152b3a365",
        ),
        (
            "5.8.0",
            "/mweb/v1/aigc_draft/generate",
            "1733966964",
            "efdc94dbbc3ffdba4af73bf203a04c13",
        ),
        (
            "5.8.0",
            "/mweb/v1/get_history_by_ids",
            "1733966964",
            "a5b242c736c4d8d5d65715b1590e9c00",
        ),
        (
            "5.8.0",
            "/mweb/v1/get_upload_token",
            "1733966964",
            "8d1c3655e7cea313eb658ea8332c8028",
        ),
        (
            "8.4.0",
            "/mweb/v1/aigc_draft/generate",
            "1789742348",
            "103979f37bb61af3a5a6d0a53f9e5992",
        ),
        (
            "8.4.0",
            "/mweb/v1/get_history_by_ids",
            "1789742352",
            "a6def80120c292743fa98f189898e112",
        ),
        (
            "8.4.0",
            "/mweb/v1/get_upload_token",
            "1789746355",
            "166eea62cb5dfc9c50fbcd5382d194fe",
        ),
    ],
)
def test_sign_vectors(version, path, moment, signature):
    assert workbench_sign(path, version, moment) == signature


APPLY_QUERY = (
    "Action=ApplyImageUpload&Version=2018-08-01&ServiceId=tb4s082cfz&FileSize=12345&s=abcdefghij1"
)
COMMIT_QUERY = "Action=CommitImageUpload&Version=2018-08-01&ServiceId=tb4s082cfz"
BODY_HASH = "a138ecfaf572a7a55e2dc903a70bc2c93f8d79bf04e699aed2697464cf8bb3a5"


@pytest.mark.parametrize(
    ("method", "query", "body", "signed", "signature"),
    [
        (
            "GET",
            APPLY_QUERY,
            b"",
            ["x-amz-date", "x-amz-security-token"],
            "a53babbf67a250ba2aba1400819e60f52aab477e29f184cd559667281e510b4c",
        ),
        (
            "GET",
            APPLY_QUERY,
            b"",
            ["host", "x-amz-date", "x-amz-security-token"],
            "66d185a4173b655c2d242b48eeb5fb3a51180744c25376b0578a19029ff0279a",
        ),
        (
            "POST",
            COMMIT_QUERY,
            b'{"SessionKey":"sk-test"}',
            ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"],
            "bf32bc2cff4033f61189eb6768532d8e881a05f70d2e986293ad08f7cdbb0d3d",
        ),
    ],
)
def test_signature_v4_vectors(method, query, body, signed, signature):
    call = Call(
        method=method,
        path="/",
        query=query,
        headers={
            "host": "imagex.bytedanceapi.com",
            "x-amz-content-sha256": BODY_HASH,
            "x-amz-date": "20260110T120000Z",
            "x-amz-security-token": "STSTESTONLY",
        },
        body=body,
    )
    scope = "20260110/cn-north-1/imagex/aws4_request"
    assert amz_signature(call, "SKTESTONLY", scope, signed) == signature


async def test_the_token(service, client):
    data = await client.token()
    assert data["space_name"] == "tb4s082cfz"
    assert data["region"] == "cn"
    assert int(data["expired_time"]) - int(data["current_time"]) == 3600
    assert data["upload_domain"] == service.imagex_url.removeprefix("http://")
    assert "service_id" not in data
    service.switches.service_id = True
    assert (await client.token())["service_id"] == "tb4s082cfz"


async def test_the_token_needs_no_more_than_the_cookie(client):
    headers = {"Cookie": f"sessionid={client.session}", "Content-Type": "application/json"}
    query = {"aid": "513695", "da_version": "3.2.2"}
    assert "access_key_id" in await client.token(headers=headers, query=query)
    more = {**query, "web_version": "7.5.0", "region": "cn", "aigc_features": "app_lip_sync"}
    assert "access_key_id" in await client.token(headers=headers, query=more)


@pytest.mark.parametrize("body", [{}, {"scene": 1}, {"scene": "2"}, {"scene": 2, "x": 1}, []])
async def test_the_token_is_for_pictures(client, body):
    assert (await client.token(body))["ret"] == "1000"


@pytest.mark.parametrize("gone", ["aid", "da_version"])
async def test_the_token_needs_its_query(client, gone):
    query = {name: value for name, value in QUERY.items() if name != gone}
    assert (await client.token(query=query))["ret"] == "1000"


async def test_a_wrong_sign_on_the_token_is_seen(client):
    assert (await client.token(headers=client.headers(TOKEN, Sign="0" * 32)))["ret"] == "1014"


async def test_the_addresses_of_an_upload(service, client):
    keys = await client.token()
    place = address(await client.apply(keys, 10))
    uri = place["StoreInfos"][0]["StoreUri"]
    space, _, name = uri.rpartition("/")
    assert space == "tos-cn-i-tb4s082cfz"
    assert len(bytes.fromhex(name)) == 16
    assert len(place["UploadHosts"]) == 1
    assert place["UploadHosts"][0] not in {service.url, service.imagex_url}
    assert "UploadHeader" not in place
    service.switches.single_host = True
    place = address(await client.apply(keys, 10, query={"s": None}))
    assert "UploadHosts" not in place
    assert ":" in place["UploadHost"]
    named = {"FileExtension": ".png", "UploadNum": "1"}
    place = address(await client.apply(keys, 10, query=named))
    assert place["StoreInfos"][0]["StoreUri"].endswith(".png")


@pytest.mark.parametrize(
    "query",
    [
        {"Action": "ApplyUpload"},
        {"Version": "2020-01-01"},
        {"ServiceId": "other"},
        {"FileSize": None},
        {"FileSize": "0"},
        {"FileSize": "ten"},
        {"FileSize": "20000001"},
        {"s": "short"},
        {"s": "ABCDEFGHIJ1"},
        {"UploadNum": "2"},
        {"FileExtension": "png"},
        {"Strange": "1"},
    ],
)
async def test_apply_refuses(client, query):
    keys = await client.token()
    response = await client.apply(keys, 10, query=query)
    assert response.status_code == 403
    assert code(response) == "InvalidParameter"


async def test_more_headers_may_be_signed(client):
    keys = await client.token()
    host = client.service.imagex_url.removeprefix("http://")
    assert (await client.apply(keys, 10, more={"host": host})).status_code == 200
    both = {"host": host, "content-type": "text/plain"}
    assert (await client.apply(keys, 10, more=both)).status_code == 200


@pytest.mark.parametrize(
    ("how", "wrong"),
    [
        ({"drop": ["x-amz-security-token"]}, "SignatureDoesNotMatch"),
        ({"region": "cn"}, "SignatureDoesNotMatch"),
        ({"day": "20260109"}, "SignatureDoesNotMatch"),
        ({"region": "us-east-1"}, "SignatureDoesNotMatch"),
        ({"moment": 1_768_046_400 - 301}, "InvalidTimestamp"),
        ({"moment": 1_768_046_400 + 301}, "InvalidTimestamp"),
        ({"moment": 1_768_046_400 + 299}, ""),
        ({"forge": "Bearer x"}, "CheckAuthenticationError"),
        ({"unsigned": {"x-amz-security-token": "other"}}, "CheckAuthenticationError"),
        ({"unsigned": {"x-amz-date": "20260110T120001Z"}}, "SignatureDoesNotMatch"),
        ({"unsigned": {"x-amz-date": "yesterday"}}, "InvalidTimestamp"),
        ({"unsigned": {"x-amz-content-sha256": "0" * 64}}, "SignatureDoesNotMatch"),
    ],
)
async def test_a_wrong_signature(client, how, wrong):
    keys = await client.token()
    response = await client.apply(keys, 10, **how)
    found = code(response) if response.status_code != 200 else ""
    assert found == wrong


async def test_what_is_signed_must_be_sent(client):
    keys = await client.token()
    first = (await client.apply(keys, 10, more={"x-more": "1"})).request
    headers = {name: value for name, value in first.headers.items() if name != "x-more"}
    assert code(await client.http.get(first.url, headers=headers)) == "SignatureDoesNotMatch"


async def test_the_date_must_be_signed(client):
    keys = await client.token()
    first = (await client.apply(keys, 10)).request
    given = first.headers["authorization"].replace("x-amz-date;", "")
    response = await client.http.get(first.url, headers={**first.headers, "authorization": given})
    assert code(response) == "SignatureDoesNotMatch"
    assert "x-amz-date" in response.json()["ResponseMetadata"]["Error"]["Message"]


async def test_a_wrong_key(service, client):
    keys = await client.token()
    wrong = await client.apply({**keys, "secret_access_key": "x"}, 10)
    assert code(wrong) == "SignatureDoesNotMatch"
    unknown = await client.apply({**keys, "access_key_id": "AKTPx"}, 10)
    assert code(unknown) == "CheckAuthenticationError"
    service.switches.imagex_error_status = 200
    again = await client.apply({**keys, "secret_access_key": "x"}, 10)
    assert (again.status_code, code(again)) == (200, "SignatureDoesNotMatch")


async def test_the_query_is_signed(client):
    keys = await client.token()
    first = (await client.apply(keys, 10)).request
    forged = str(first.url).replace("FileSize=10", "FileSize=11")
    response = await client.http.get(forged, headers=first.headers)
    assert code(response) == "SignatureDoesNotMatch"


async def test_credentials_live_an_hour(service, client):
    keys = await client.token()
    service.studio.clock.now += 3599
    place = address(await client.apply(keys, 5))
    service.studio.clock.now += 1
    assert code(await client.apply(keys, 5)) == "CheckAuthenticationError"
    assert (await client.send(place, b"12345")).status_code == 403
    fresh = await client.token()
    assert (await client.apply(fresh, 5)).status_code == 200
    service.expire_credentials()
    assert code(await client.apply(fresh, 5)) == "CheckAuthenticationError"


@pytest.mark.parametrize(
    "changes",
    [
        {"Content-CRC32": f"{zlib.crc32(b'62'):x}"},
        {"Content-CRC32": "0012D20A"},
        {"Content-CRC32": None},
        {"Content-Type": "image/jpeg"},
    ],
)
async def test_bytes_are_refused_with_http_200(client, changes):
    assert f"{zlib.crc32(b'62'):08x}" == "0012d20a"
    place = address(await client.apply(await client.token(), 2))
    refused = await client.send(place, b"62", changes=changes)
    assert refused.status_code == 200
    assert refused.json()["code"] != 2000
    assert refused.json()["message"]
    assert (await client.send(place, b"62")).json()["code"] == 2000


@pytest.mark.parametrize("auth", [None, "SpaceKey/other"])
async def test_bytes_need_their_own_auth(client, auth):
    place = address(await client.apply(await client.token(), 2))
    refused = await client.send(place, b"62", changes={"Authorization": auth})
    assert refused.status_code == 403


async def test_as_many_bytes_as_promised(client):
    place = address(await client.apply(await client.token(), 3))
    assert (await client.send(place, b"62")).json()["code"] != 2000


async def test_an_unknown_place_for_bytes(client):
    place = address(await client.apply(await client.token(), 2))
    place["StoreInfos"][0]["StoreUri"] = "tos-cn-i-tb4s082cfz/" + "0" * 32
    assert (await client.send(place, b"62")).json()["code"] != 2000


async def test_a_header_that_the_service_asks_for(service, client):
    service.switches.upload_header = True
    place = address(await client.apply(await client.token(), 2))
    name = next(iter(place["UploadHeader"]))
    assert (await client.send(place, b"62", changes={name: None})).json()["code"] != 2000
    assert (await client.send(place, b"62")).json()["code"] == 2000


async def test_a_commit(service, client):
    keys = await client.token()
    place = address(await client.apply(keys, len(CAT)))
    await client.send(place, CAT)
    done = (await client.commit(keys, place["SessionKey"])).json()["Result"]
    uri = place["StoreInfos"][0]["StoreUri"]
    width, height = Image.open(io.BytesIO(CAT)).size
    assert done == {
        "Results": [{"Uri": uri}],
        "PluginResult": [
            {
                "ImageUri": uri,
                "ImageWidth": width,
                "ImageHeight": height,
                "ImageFormat": "jpeg",
                "ImageSize": len(CAT),
            }
        ],
    }
    asked = {"SuccessOids": [uri], "SuccessActionStatus": "200", "Functions": []}
    again = await client.commit(
        keys, place["SessionKey"], body=asked, query={"FileSize": str(len(CAT))}
    )
    assert again.json()["Result"]["Results"] == [{"Uri": uri, "UriStatus": 2000}]
    for where, (first, second) in {
        "results": (True, False),
        "plugin": (False, True),
        "store": (False, False),
    }.items():
        service.switches.uri_place = where
        result = (await client.commit(keys, place["SessionKey"])).json()["Result"]
        assert ("Uri" in result["Results"][0], "ImageUri" in result["PluginResult"][0]) == (
            first,
            second,
        )


async def test_the_failed_status_of_a_uri(service, client):
    service.switches.uri_status = 2001
    keys = await client.token()
    place = address(await client.apply(keys, len(CAT)))
    await client.send(place, CAT)
    done = await client.commit(keys, place["SessionKey"])
    assert done.json()["Result"]["Results"][0]["UriStatus"] == 2001
    uri = place["StoreInfos"][0]["StoreUri"]
    assert (await client.generate(submission(draft(uri))))["ret"] == "1000"


async def test_a_commit_refuses(client):
    keys = await client.token()
    place = address(await client.apply(keys, 2))
    key = place["SessionKey"]
    assert code(await client.commit(keys, key)) == "ObjectNotFound"
    await client.send(place, b"62")
    assert code(await client.commit(keys, key)) == "InvalidImage"
    assert code(await client.commit(keys, "other")) == "InvalidParameter"
    assert code(await client.commit(keys, key, body={"Odd": 1})) == "InvalidParameter"
    assert code(await client.commit(keys, key, query={"Odd": "1"})) == "InvalidParameter"
    plain = {"content-type": "text/plain"}
    assert code(await client.commit(keys, key, unsigned=plain)) == "InvalidParameter"


async def test_a_commit_is_signed_over_its_body(client):
    keys = await client.token()
    first = (await client.commit(keys, "x")).request
    response = await client.http.post(
        first.url, headers=first.headers, content=b'{"SessionKey": "y"}'
    )
    assert code(response) == "SignatureDoesNotMatch"
    unsigned = await client.commit(keys, "x", drop=["x-amz-content-sha256"])
    assert code(unsigned) == "SignatureDoesNotMatch"


async def test_another_account_cannot_commit_or_use_a_picture():
    async with (
        Dreamina(sessions=["one", "two"]) as service,
        Client(service) as one,
        Client(service, session="two") as two,
    ):
        keys = await one.token()
        place = address(await one.apply(keys, len(CAT)))
        await one.send(place, CAT)
        foreign = await two.commit(await two.token(), place["SessionKey"])
        assert code(foreign) == "InvalidParameter"
        await one.commit(keys, place["SessionKey"])
        uri = place["StoreInfos"][0]["StoreUri"]
        assert (await two.generate(submission(draft(uri))))["ret"] == "1000"


async def test_the_same_bytes_get_a_new_uri(client):
    assert await client.upload() != await client.upload()


async def test_ordered_refusals(service, client):
    keys = await client.token()
    service.refuse_imagex_next("CheckAuthenticationError")
    assert code(await client.apply(keys, len(CAT))) == "CheckAuthenticationError"
    place = address(await client.apply(keys, len(CAT)))
    service.refuse_upload_next("busy")
    assert (await client.send(place, CAT)).json()["message"] == "busy"
    service.refuse_next("1057", route="token")
    assert (await client.token())["ret"] == "1057"
    assert "access_key_id" in await client.token()


async def test_bytes_may_be_answered_with_nothing(service, client):
    service.switches.silent_upload = True
    keys = await client.token()
    place = address(await client.apply(keys, len(CAT)))
    service.refuse_upload_next()
    silent = await client.send(place, CAT)
    assert (silent.status_code, silent.content) == (200, b"")
    assert code(await client.commit(keys, place["SessionKey"])) == "ObjectNotFound"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("jpeg", {}),
        ("jpeg", {"progressive": True}),
        ("png", {}),
        ("webp", {}),
        ("webp", {"lossless": True}),
        ("webp", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}),
    ],
)
def test_pictures_are_measured(kind, options):
    made = io.BytesIO()
    Image.new("RGB", (321, 123), "red").save(made, kind, **options)
    assert read_picture(made.getvalue()) == Picture(kind, 321, 123)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", CAT[:100]]
)
def test_other_bytes_are_no_picture(data):
    assert read_picture(data) is None
