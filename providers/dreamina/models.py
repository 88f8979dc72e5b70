"""The one model as data, by the style of its draft. Which one really renders is the site's choice."""

from dataclasses import replace

from core.capabilities import Capabilities, Need, PictureLimits

# The document's numbers; the site's present table is another one (16:9 is 3 there). With a first
# frame the clip is said to follow the photo whatever stands here.
RATIOS = {"16:9": 1, "9:16": 6, "1:1": 8, "4:3": 3, "3:4": 4}

I2V = Capabilities(
    model="dreamina/i2v",
    title="Jimeng web (Dreamina)",
    # What other clients fit their pictures to; the site's own limits are not known.
    picture=PictureLimits(max_bytes=4_000_000),
    prompt=Need.REQUIRED,
    seconds=tuple(range(3, 11)),
    ratios=tuple(RATIOS),
    resolutions=("1080p",),
    default_resolution="1080p",
    price=1,
    preference=9,  # never confirmed live, and it stakes an account: others come first
    usual=120,
)
GEN_VIDEO = replace(I2V, seconds=(5, 10))
