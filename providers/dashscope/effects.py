"""Effect templates: what each shows, what the photo must show, and which models have it."""

from core.capabilities import Effect, Shows
from core.words import say

_ANYTHING = (
    Effect("squish", say("squeezed like a stress toy"), Shows.ANYTHING),
    Effect("rotation", say("spins round"), Shows.ANYTHING),
    Effect("poke", say("poked by a finger"), Shows.ANYTHING),
    Effect("inflate", say("blown up like a balloon"), Shows.ANYTHING),
    Effect("dissolve", say("breaks into particles"), Shows.ANYTHING),
)
_ANYTHING_PLUS = (
    Effect("melt", say("melts in the heat"), Shows.ANYTHING),
    Effect("icecream", say("becomes an ice-cream planet"), Shows.ANYTHING),
)
_PERSON = (
    Effect("carousel", say("rides a carousel horse"), Shows.PERSON),
    Effect("singleheart", say("makes a finger heart"), Shows.PERSON),
)
_PERSON_PLUS = (
    Effect("dance1", say("swaying dance"), Shows.PERSON),
    Effect("dance2", say("head-tossing dance"), Shows.PERSON),
    Effect("dance3", say("star-shake dance"), Shows.PERSON),
    Effect("dance4", say("finger-rhythm dance"), Shows.PERSON),
    Effect("dance5", say("switch dance"), Shows.PERSON),
    Effect("mermaid", say("becomes a mermaid"), Shows.PERSON),
    Effect("graduation", say("in cap and gown"), Shows.PERSON),
    Effect("dragon", say("chased by a giant beast"), Shows.PERSON),
    Effect("money", say("money rains down"), Shows.PERSON),
    Effect("jellyfish", say("among jellyfish"), Shows.PERSON),
    Effect("pupil", say("through the pupil of an eye"), Shows.PERSON),
)
_LIVING = (
    Effect("flying", say("levitates"), Shows.LIVING),
    Effect("rose", say("hands over a rose"), Shows.LIVING),
    Effect("crystalrose", say("hands over a sparkling rose"), Shows.LIVING),
)
_COUPLE = (
    Effect("hug", say("embrace"), Shows.COUPLE),
    Effect("frenchkiss", say("kiss"), Shows.COUPLE),
    Effect("coupleheart", say("make a heart together"), Shows.COUPLE),
)

TURBO = (*_ANYTHING, *_PERSON, *_LIVING, *_COUPLE)
PLUS = (*TURBO[:5], *_ANYTHING_PLUS, *_PERSON, *_PERSON_PLUS, *_LIVING, *_COUPLE)
KEYFRAME = (
    Effect("hanfu-1", say("in a robe of the Tang dynasty"), Shows.PERSON),
    Effect("solaron", say("turns into a mecha"), Shows.PERSON),
    Effect("magazine", say("on the cover of a magazine"), Shows.PERSON),
    Effect("mech1", say("a machine awakens"), Shows.PERSON),
    Effect("mech2", say("a cyber entrance"), Shows.PERSON),
)
