"""Which region a base URL belongs to: keys, models and hosts of different regions do not mix."""

from enum import StrEnum

import httpx


class Region(StrEnum):
    BEIJING = "Beijing"
    SINGAPORE = "Singapore"
    VIRGINIA = "Virginia"
    FRANKFURT = "Frankfurt"


# Hosts of workspaces bear the region's own name. What Hong Kong and Tokyo have is written down
# nowhere we know of: they are taken for Singapore, as the hosts that take its place one day.
_PARTS = {
    "dashscope-intl": Region.SINGAPORE,
    "ap-southeast-1": Region.SINGAPORE,
    "ap-northeast-1": Region.SINGAPORE,
    "cn-hongkong": Region.SINGAPORE,
    "dashscope-us": Region.VIRGINIA,
    "us-east-1": Region.VIRGINIA,
    "eu-central-1": Region.FRANKFURT,
}


def region_of(base: str) -> Region:
    """The region of a base URL; an unknown host is taken for Beijing, which has most models."""
    labels = httpx.URL(base).host.split(".")
    return next((region for part, region in _PARTS.items() if part in labels), Region.BEIJING)
