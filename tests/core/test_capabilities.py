import pytest

from core.capabilities import Capabilities


def make_model(price=0.0):
    return Capabilities(model="cloud/one/pro", title="One", price=price)


@pytest.mark.parametrize(
    ("price", "seconds", "whole"),
    [
        (0, 10, 0),
        (2, 5, 10),
        (0.5, 3, 2),
        (0.01, 1, 1),
        (0.07, 100, 7),  # 7.000000000000001 as the machine multiplies it
        (1.0, 3.2, 4),
    ],
)
def test_a_video_costs_whole_credits_rounded_up(price, seconds, whole):
    assert make_model(price).cost(seconds) == whole


@pytest.mark.parametrize(("price", "whole"), [(3.0, 15), (0.0, 0)])
def test_a_price_of_the_owners_overrides_the_models_own(price, whole):
    assert make_model(price=2).cost(5, price) == whole


def test_the_provider_is_the_first_part_of_the_models_name():
    assert make_model().provider == "cloud"
