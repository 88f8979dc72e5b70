"""The block list at the one gate that every order goes through."""

import pytest

from core.errors import AccessError, BlockedError
from storage import audit, blocked, collection
from tests.factories import NOON, make_new_task, make_request, policy


@pytest.fixture
def block(database):
    async def block(phrase):
        return await database.write(blocked.block, phrase, by=1, now=NOON)

    return block


@pytest.mark.parametrize("words", [{"prompt": "a  BLOOD bath"}, {"negative_prompt": "blood bath"}])
async def test_an_order_with_a_blocked_phrase_is_refused_without_repeating_it(
    database, accept, block, words
):
    await block("Blood Bath")

    with pytest.raises(BlockedError) as refusal:
        await accept(make_new_task(request=make_request(**words)))

    assert "blood" not in str(refusal.value).lower()
    assert await database.read(collection.of_user, 7, 9) == []


async def test_what_was_taken_before_is_not_refused_when_it_comes_again(accept, block):
    new = make_new_task(request=make_request(prompt="blood"))
    taken = await accept(new)
    await block("blood")

    assert await accept(new) == taken


async def test_strangers_learn_nothing_of_the_list(accept, block):
    await block("blood")

    with pytest.raises(AccessError):
        await accept(
            make_new_task(request=make_request(prompt="blood")), rules=policy(closed=True)
        )


async def test_the_list_is_kept_folded_and_each_change_written_down_once(database, block):
    assert await block("ＢＬＯＯＤ  Bath")
    assert not await block("blood bath")
    assert await database.read(blocked.words) == ["blood bath"]

    assert await database.write(blocked.unblock, "Blood BATH", by=2, now=NOON)
    assert not await database.write(blocked.unblock, "Blood BATH", by=2, now=NOON)

    assert await database.read(blocked.words) == []
    found = await database.read(audit.newest, 9)
    assert [(one.by, one.action, one.detail) for one in found] == [
        (2, "unblock", "blood bath"),
        (1, "block", "blood bath"),
    ]


async def test_what_is_taken_off_the_list_is_allowed_again(database, accept, block):
    await block("blood")
    await database.write(blocked.unblock, "blood", by=1, now=NOON)

    assert await accept(make_new_task(request=make_request(prompt="blood")))
