import pytest

from core.capabilities import Capabilities
from core.options import FLAGS, allowed, closest, written

NAMES = ("cloud/wan2.6-i2v-flash", "cloud/wan2.6-i2v", "dynamic_orbit", "central_orbit", "dance1")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("cloud/wan2.6-i2v", "cloud/wan2.6-i2v"),
        ("WAN2.6-I2V", "cloud/wan2.6-i2v"),
        ("wan2.6 i2v flash", "cloud/wan2.6-i2v-flash"),
        ("Dynamic Orbit", "dynamic_orbit"),
        ("central-orbit", "central_orbit"),
        ("orbit", "dynamic_orbit"),
        ("dance", "dance1"),
        ("da", None),
        ("", None),
        ("--", None),
        ("jump", None),
    ],
)
def test_a_name_is_found_in_any_spelling(wanted, name):
    assert closest(wanted, NAMES) == name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("orbit", None), ("dance", "dance1"), ("wan2.6", None), ("i2v", None), ("flash", NAMES[0])],
)
def test_where_only_one_may_be_meant_a_part_of_several_names_is_none(wanted, name):
    assert closest(wanted, NAMES, sole=True) == name


def test_switches_are_written_as_people_write_them():
    assert [written(value) for value in (True, False, 5, "16:9")] == ["on", "off", "5", "16:9"]


def test_every_listed_option_has_a_flag_and_only_what_the_model_has():
    bare = Capabilities(model="cloud/bare", title="Bare", ratios=(), resolutions=())

    assert allowed(bare).keys() < FLAGS.keys()
    assert {name for name, values in allowed(bare).items() if values} == {"seconds"}
