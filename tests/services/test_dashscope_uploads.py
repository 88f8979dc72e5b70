"""The temporary storage of the emulated DashScope."""

import xml.etree.ElementTree as ET

import aiohttp
import pytest

from playground.services.dashscope import DashScope
from playground.services.dashscope.forms import Part
from playground.services.dashscope.uploads import Bucket, BucketError
from playground.services.studio import Studio
from tests.services.dashscope_kit import RESOLVE, Caller, Time, picture

MODEL = "wan2.2-i2v-flash"


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
async def service(clock):
    async with DashScope(studio=Studio(clock=clock), rate_clock=clock) as service:
        service.rates.enforced = False
        yield service


@pytest.fixture
async def caller(service):
    async with aiohttp.ClientSession() as session:
        yield Caller(service, session)


def code_of(text):
    return ET.fromstring(text).findtext("Code")


async def use(caller, url, model=MODEL, headers=RESOLVE):
    status, body = await caller.create(model, {"img_url": url}, headers=headers)
    return "fits" if status == 200 else body["code"]


async def test_a_policy(caller, service):
    policy = await caller.policy()
    assert policy["upload_dir"].startswith("dashscope-instant/1000000000000001/2026-09-21/")
    assert policy["upload_host"] == f"{service.url}/oss"
    assert (policy["expire_in_seconds"], policy["max_file_size_mb"]) == (300, 100)
    assert policy["x_oss_object_acl"] == "private"
    assert policy["x_oss_forbid_overwrite"] == "true"
    assert (await caller.policy())["upload_dir"] != policy["upload_dir"]


async def test_a_policy_is_for_a_model_that_exists(caller):
    for query, status in (
        ("action=getPolicy&model=gpt", 404),
        ("action=getPolicy", 404),
        (f"action=x&model={MODEL}", 400),
        (f"model={MODEL}", 400),
    ):
        answer, _ = await caller.call("GET", f"/uploads?{query}")
        assert answer == status


async def test_a_file_is_uploaded_and_used(caller):
    assert await use(caller, await caller.stored(picture(), "a b кот.jpg")) == "fits"


@pytest.mark.parametrize(
    ("asked", "status"), [("200", 200), ("201", 201), (None, 204), ("9", 204)]
)
async def test_the_status_that_was_asked_for(caller, asked, status):
    answer = await caller.upload(await caller.policy(), b"x", success_action_status=asked)
    assert answer == (status, "")


async def test_one_policy_serves_several_files(caller):
    policy = await caller.policy()
    for name in ("a", "b"):
        assert (await caller.upload(policy, picture(), name))[0] == 200


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"OSSAccessKeyId": None}, 400, "InvalidArgument"),
        ({"Signature": None}, 400, "InvalidArgument"),
        ({"policy": None}, 400, "InvalidArgument"),
        ({"key": None}, 400, "InvalidArgument"),
        ({"OSSAccessKeyId": "x"}, 403, "InvalidAccessKeyId"),
        ({"Signature": "x"}, 403, "SignatureDoesNotMatch"),
        ({"policy": "x"}, 403, "SignatureDoesNotMatch"),
        ({"key": "elsewhere/a.jpg"}, 403, "AccessDenied"),
        ({"x__oss__object__acl": "public-read"}, 403, "AccessDenied"),
        ({"x__oss__object__acl": None}, 403, "AccessDenied"),
        ({"x__oss__forbid__overwrite": "false"}, 403, "AccessDenied"),
        ({"x__oss__forbid__overwrite": None}, 403, "AccessDenied"),
    ],
)
async def test_a_form_that_is_refused(caller, service, changed, status, code):
    answer, text = await caller.upload(await caller.policy(), b"x", **changed)
    assert (answer, code_of(text)) == (status, code)
    assert not service.bucket.objects


async def test_a_key_lies_in_the_folder_and_has_a_name(caller):
    policy = await caller.policy()
    for name in ("", "deeper/a.jpg"):
        answer, text = await caller.upload(policy, b"x", name)
        assert (answer, code_of(text)) == (403, "AccessDenied")


async def test_a_policy_lives_five_minutes(caller, clock):
    policy = await caller.policy()
    clock.now += 299.9
    assert (await caller.upload(policy, b"x", "a"))[0] == 200
    clock.now += 0.1
    answer, text = await caller.upload(policy, b"x", "b")
    assert answer == 403
    assert "Policy expired" in ET.fromstring(text).findtext("Message")


async def test_nothing_is_overwritten(caller):
    policy = await caller.policy()
    assert (await caller.upload(policy, b"x"))[0] == 200
    answer, text = await caller.upload(policy, b"y")
    assert (answer, code_of(text)) == (409, "FileAlreadyExists")


def fields_of(policy):
    return [
        ("OSSAccessKeyId", policy["oss_access_key_id"]),
        ("Signature", policy["signature"]),
        ("policy", policy["policy"]),
        ("key", f"{policy['upload_dir']}/a"),
        ("x-oss-object-acl", "private"),
        ("x-oss-forbid-overwrite", "true"),
    ]


async def test_the_file_is_the_last_part_and_the_only_one(caller):
    policy = await caller.policy()
    fields = fields_of(policy)
    file = ("file", b"x")
    for parts, code in (
        ([file, *fields], "MalformedPOSTRequest"),
        ([*fields, file, ("success_action_status", "200")], "MalformedPOSTRequest"),
        (fields, "IncorrectNumberOfFilesInPOSTRequest"),
        ([*fields, file, file], "IncorrectNumberOfFilesInPOSTRequest"),
    ):
        answer, text = await caller.post(policy, parts)
        assert (answer, code_of(text)) == (400, code)
    assert (await caller.post(policy, [*fields, file]))[0] == 204


async def test_what_is_no_form(caller):
    policy = await caller.policy()
    for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=no"):
        answer, text = await caller.post(policy, [("file", b"x")], **{"Content-Type": kind})
        assert (answer, code_of(text)) == (400, "MalformedPOSTRequest")


async def test_the_key_stays_out_of_the_bucket(caller):
    policy = await caller.policy()
    answer, text = await caller.post(policy, [("file", b"x")], Authorization="Bearer x")
    assert (answer, code_of(text)) == (400, "InvalidArgument")


def test_a_file_that_is_too_large(clock):
    bucket = Bucket(clock)
    fields = fields_of(bucket.policy("1", MODEL, "http://bucket"))
    parts = [Part(name, value.encode()) for name, value in fields]
    with pytest.raises(BucketError, match="EntityTooLarge"):
        bucket.put([*parts, Part("file", bytes((100 << 20) + 1))])
    assert bucket.put([*parts, Part("file", bytes(100 << 20))]) == 204


async def test_aiohttp_writes_such_a_form_too(caller, service):
    policy = await caller.policy()
    form = aiohttp.FormData()
    for name, value in fields_of(policy):
        form.add_field(name, value)
    form.add_field("file", b"\r\n--x\r\n", filename="a.jpg", content_type="image/jpeg")
    async with caller.session.post(policy["upload_host"], data=form) as answer:
        assert answer.status == 204
    [stored] = service.bucket.objects.values()
    assert stored.data == b"\r\n--x\r\n"


async def test_an_object_lives_two_days(caller, clock):
    url = await caller.stored(picture())
    clock.now += 48 * 3600 - 1
    assert await use(caller, url) == "fits"
    clock.now += 1
    assert await use(caller, url) == "InvalidParameter.DataInspection"


async def test_an_object_belongs_to_its_model(caller):
    url = await caller.stored(picture())
    assert await use(caller, url, "wan2.2-i2v-plus") == "InvalidParameter.DataInspection"


async def test_an_object_belongs_to_its_account_and_all_its_keys(caller, service):
    url = await caller.stored(picture())
    service.access.keys |= {"sk-other": "2", "sk-same": "1000000000000001"}
    caller.key = "sk-other"
    assert await use(caller, url) == "InvalidParameter.DataInspection"
    caller.key = "sk-same"
    assert await use(caller, url) == "fits"


async def test_an_object_that_is_not_there(caller):
    url = "oss://dashscope-instant/x/y/z.jpg"
    assert await use(caller, url) == "InvalidParameter.DataInspection"


async def test_the_header_opens_the_bucket(caller):
    url = await caller.stored(picture())
    assert await use(caller, url, headers={}) == "InvalidParameter.DataInspection"


async def test_a_hundred_policies_a_second_for_a_model(caller, service):
    service.rates.enforced = True
    for _ in range(100):
        await caller.policy()
    status, body = await caller.call("GET", f"/uploads?action=getPolicy&model={MODEL}")
    assert (status, body["code"]) == (429, "Throttling.RateQuota")
    await caller.policy("wan2.2-i2v-plus")
