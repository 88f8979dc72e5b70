"""The 31 effect templates of the emulated DashScope and the models they belong to."""

# What the older of the two first-frame models knows; the newer one knows these too.
TURBO = frozenset(
    {
        *("squish", "rotation", "poke", "inflate", "dissolve"),
        *("carousel", "singleheart", "flying", "rose", "crystalrose"),
        *("hug", "frenchkiss", "coupleheart"),
    }
)
PLUS = TURBO | frozenset(
    {
        *("melt", "icecream"),
        *("dance1", "dance2", "dance3", "dance4", "dance5"),
        *("mermaid", "graduation", "dragon", "money", "jellyfish", "pupil"),
    }
)
FRAMES = frozenset({"hanfu-1", "solaron", "magazine", "mech1", "mech2"})
