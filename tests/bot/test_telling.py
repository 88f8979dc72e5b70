import pytest

from bot.tariff import Tariff
from bot.telling import state_of, story_of
from core.states import State
from core.task import Place, Task, TaskId
from providers.offer import Catalog
from tests.factories import NOON, make_request


@pytest.mark.parametrize(
    ("sent", "stands", "told"),
    [
        ({"message": 5}, "done", "12:00:00 UTC: delivered"),
        (
            {"unclear": True},
            "sent; whether it arrived is unclear",
            "12:00:00 UTC: sent; whether it arrived is unclear",
        ),
    ],
)
def test_a_video_that_may_not_have_arrived_is_not_called_delivered(sent, stands, told):
    task = Task(
        id=TaskId(12),
        account=7,
        place=Place(chat=7, user=7),
        request=make_request(),
        lane="local",
        cost=0,
        state=State.DELIVERED,
        run=1,
        cancelling=False,
        created=NOON,
        due=None,
        facts={"sent": sent, "times": {"delivered": NOON.isoformat()}},
    )

    assert str(state_of(task)) == stands
    assert told in map(str, story_of(task, Tariff(Catalog({}), {})))
