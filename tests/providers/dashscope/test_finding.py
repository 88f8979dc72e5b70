"""Finding an order whose answer was lost: by model, moment and words, and never by a guess."""

import json
from dataclasses import replace

import pytest

from core.errors import ProviderError, UncertainError
from playground.services.faults import Fault
from providers.base import Pending, RemoteId
from tests.providers.dashscope_kit import NOW, headers, task, traced


@pytest.fixture
def lose(service, studio):
    """Place an order whose answer is lost; gives the service's number of it."""

    async def lose(client, *arguments, done=True, **options):
        service.faults.add(Fault(route="create", drop="after"))
        order = client.order(*arguments, **options)
        with pytest.raises(UncertainError):
            await client.provider.submit(order)
        render = studio.renders[-1]
        if done:
            studio.finish(render.id)
        return order, render.id

    return lose


async def test_a_lost_order_is_found_and_its_video_fetched(client, service, lose):
    order, lost = await lose(client)

    remote = await client.provider.find(order, traced())

    assert task(remote) == lost
    await client.provider.fetch(await client.provider.look(remote, order), order)
    assert service.studio.billable == 1


async def test_an_order_that_was_never_taken_may_be_placed_again(client, service):
    service.faults.add(Fault(route="create", drop="before"))
    with pytest.raises(UncertainError):
        await client.submit()

    assert await client.provider.find(client.order(), traced()) is None


@pytest.mark.parametrize("begun", [False, True])
async def test_words_come_with_the_end(begun, client, studio, lose):
    order, lost = await lose(client, done=False)
    if begun:
        studio.begin(lost)

    assert await client.provider.find(order, traced()) == Pending()

    studio.finish(lost)
    assert task(await client.provider.find(order, traced())) == lost


async def test_one_that_is_unfinished_may_make_it_a_tie(client, studio, lose):
    order, first = await lose(client)
    _, second = await lose(client, done=False)

    assert await client.provider.find(order, traced()) == Pending()

    studio.fail(second, "InternalError", "no")
    assert task(await client.provider.find(order, traced())) == first


@pytest.mark.parametrize(
    ("moment", "found"),
    [(-121, False), (-120, True), (0, True), (600, True), (600.001, False), (3600, False)],
)
async def test_only_what_came_in_the_window_is_looked_at(moment, found, client, service, lose):
    order, lost = await lose(client)

    answer = await client.provider.find(order, traced(since=NOW - moment))

    assert (answer is not None and task(answer) == lost) == found
    assert len(service.sent_to("look")) == found


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "a slow walk "},
        {"prompt": "A slow walk"},
        {"prompt": ""},
        {"prompt": "", "name": "wanx2.1-i2v-plus", "effect": "melt"},
        {"name": "wan2.2-i2v-plus"},
    ],
    ids=str,
)
async def test_another_order_is_not_taken_for_it(other, client, service, lose):
    await lose(client, **other)

    assert await client.provider.find(client.order(), traced()) is None


@pytest.mark.parametrize("end", ["fail", "cancel"])
async def test_what_failed_or_was_cancelled_is_not_it(end, client, studio, lose):
    order, lost = await lose(client, done=False)
    studio.fail(lost, "InternalError", "no") if end == "fail" else studio.cancel(lost)

    assert await client.provider.find(order, traced()) is None
    assert studio.billable == 0


async def test_one_that_is_listed_and_not_known_decides_nothing(client, service, lose):
    """It may be the order all the same: nothing is placed again, and nothing remembered."""
    order, lost = await lose(client)
    unknown = {"output": {"task_id": lost, "task_status": "UNKNOWN"}}
    service.faults.add(Fault(route="look", status=200, body=json.dumps(unknown).encode()))

    with pytest.raises(ProviderError) as error:
        await client.provider.find(order, traced())
    assert error.value.retry_in

    assert task(await client.provider.find(order, traced())) == lost


async def test_a_tie_is_not_decided(client, lose):
    order, _ = await lose(client)
    await lose(client)

    with pytest.raises(UncertainError):
        await client.provider.find(order, traced())


async def test_what_another_task_holds_is_left_alone(client, service, studio, lose):
    held = await client.take()
    studio.finish(task(held))
    order, lost = await lose(client)

    assert task(await client.provider.find(order, traced(held))) == lost
    assert [one.url.rpartition("/")[2] for one in service.sent_to("look")] == [lost]
    both = traced(held, RemoteId(f"{held.partition(':')[0]}:{lost}"))
    assert await client.provider.find(order, both) is None


async def test_an_order_with_the_same_words_that_is_as_unclear_is_a_tie(client, lose):
    order, _ = await lose(client)

    with pytest.raises(UncertainError):
        await client.provider.find(order, traced(rival=True))


async def test_a_rival_is_none_where_nothing_was_taken(client, lose):
    await lose(client, prompt="other words")

    assert await client.provider.find(client.order(), traced(rival=True)) is None


@pytest.mark.parametrize(
    "options",
    [
        {"prompt": ""},
        {"name": "wanx2.1-i2v-plus", "effect": "melt", "prompt": ""},
        {"name": "wanx2.1-i2v-plus", "effect": "melt", "prompt": "words that were not sent"},
    ],
    ids=str,
)
async def test_without_words_nothing_can_be_told_apart(options, client, service, lose):
    assert await client.provider.find(client.order(**options), traced()) is None
    order, _ = await lose(client, **options)

    with pytest.raises(UncertainError):
        await client.provider.find(order, traced())
    assert not service.sent_to("look")


async def test_every_page_is_read(client, service, studio, lose):
    order, lost = await lose(client)
    one = studio.get(lost)
    for number in range(150):
        studio.take(f"other-{number}", one.key, one.order, **one.extra)
    held = client.provider.accounts.all()[0].id
    others = (RemoteId(f"{held}:other-{number}") for number in range(150))

    assert task(await client.provider.find(order, traced(*others))) == lost
    assert [one.url.rpartition("?")[2] for one in service.sent_to("list")] == [
        f"page_no={number}&page_size=100&model_name=wan2.2-i2v-flash" for number in (1, 2)
    ]


async def test_a_line_that_is_on_two_pages_is_one_order(client, service, lose):
    order, lost = await lose(client)
    line = {"task_id": lost, "gmt_create": int(NOW * 1000)}
    page = json.dumps({"data": [line], "total_page": 2}).encode()
    service.faults.add(Fault(route="list", status=200, body=page, times=2))

    assert task(await client.provider.find(order, traced())) == lost


async def test_what_has_ended_is_asked_for_once(client, service, lose):
    orders = [(await lose(client, prompt=words))[0] for words in ("one", "two", "three")]

    found = [await client.provider.find(order, traced()) for order in orders]

    assert len(set(found)) == 3
    assert len(service.sent_to("look")) == 3


@pytest.mark.parametrize("route", ["list", "look"])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "body": b'{"code": "Throttling.RateQuota"}'},
        {"status": 401, "body": b'{"code": "InvalidApiKey"}'},
        {"status": 404, "body": b'{"code": "NotFound"}'},
        {"status": 500},
        {"status": 200, "body": b"{}"},
        {"drop": "after", "times": 2},
    ],
    ids=str,
)
async def test_a_search_that_breaks_decides_nothing(route, fault, client, service, lose):
    order, lost = await lose(client)
    service.faults.add(Fault(route=route, **fault))

    with pytest.raises(ProviderError) as error:
        await client.provider.find(order, traced())
    assert not isinstance(error.value, UncertainError)
    assert error.value.retry_in

    assert task(await client.provider.find(order, traced())) == lost


# Several keys


@pytest.fixture(params=["1000000000000001", "another"], ids=["one account", "two accounts"])
def pool(request, make, service):
    service.access.keys["sk-other"] = request.param
    return make(DASHSCOPE_API_KEY=f"{service.key},sk-other")


@pytest.mark.parametrize("before", [0, 1])
async def test_a_lost_order_is_found_whichever_key_placed_it(before, pool, service, studio, lose):
    held = [await pool.take(prompt="other words") for _ in range(before)]
    order, lost = await lose(pool)

    remote = await pool.provider.find(order, traced(*held))

    assert task(remote) == lost
    await pool.provider.fetch(await pool.provider.look(remote, order), order)
    asked = {headers(one)["authorization"] for one in service.sent_to("list")}
    assert asked == {f"Bearer {service.key}", "Bearer sk-other"}


async def test_what_another_key_of_ours_holds_is_left_alone(pool, service, studio):
    """Keys of one account see each other's tasks: somebody else's video must not be delivered."""
    held = await pool.take()
    studio.finish(task(held))
    service.faults.add(Fault(route="create", drop="before"))
    with pytest.raises(UncertainError):
        await pool.submit()

    assert await pool.provider.find(pool.order(), traced(held)) is None


async def test_a_tie_between_two_keys_is_not_decided(pool, service, studio, lose):
    order, _ = await lose(pool)
    studio.finish(task(await pool.take()))
    studio.finish(task(await pool.take()))

    with pytest.raises(UncertainError):
        await pool.provider.find(order, traced())


async def test_what_another_key_has_unfinished_is_waited_for(pool, studio, service, lose):
    order, _ = await lose(pool)
    await pool.take()  # by the other key, and never told to us

    assert await pool.provider.find(order, traced()) == Pending()


async def test_a_key_that_cannot_be_asked_may_have_taken_it(pool, service, lose):
    order, _ = await lose(pool)
    del service.access.keys["sk-other"]

    with pytest.raises(ProviderError) as error:
        await pool.provider.find(order, traced())
    assert error.value.retry_in


def ids(client):
    return [one.id for one in client.provider.accounts.all()]


async def test_a_key_that_it_did_not_go_out_with_is_not_asked(pool, service, lose):
    order, lost = await lose(pool)
    del service.access.keys["sk-other"]

    remote = await pool.provider.find(order, traced(account=ids(pool)[0]))

    assert remote == f"{ids(pool)[0]}:{lost}"
    assert {headers(one)["authorization"] for one in service.sent_to("list")} == {
        f"Bearer {service.key}"
    }


async def test_what_another_key_made_is_no_tie(make, service, lose):
    service.access.keys["sk-other"] = "another"
    pool = make(DASHSCOPE_API_KEY=f"{service.key},sk-other")
    order, first = await lose(pool)
    pool.provider.accounts.all()[0].tasks.add("first")
    await lose(pool)

    assert task(await pool.provider.find(order, traced(account=ids(pool)[0]))) == first


async def test_the_key_is_remembered_before_each_call_that_may_be_taken(pool, service):
    del service.access.keys[service.key]
    told = []

    async def chosen(account):
        told.append((account, len(service.sent_to("create"))))

    await pool.provider.submit(replace(pool.order(), chosen=chosen))

    assert told == [(ids(pool)[0], 0), (ids(pool)[1], 1)]


async def test_without_the_key_it_went_out_with_nothing_there_proves_nothing(client, lose):
    with pytest.raises(UncertainError):
        await client.provider.find(client.order(), traced(account="taken out"))
    order, lost = await lose(client)

    assert task(await client.provider.find(order, traced(account="taken out"))) == lost
