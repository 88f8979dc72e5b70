"""The models that a `gen_video` draft may name, with their lengths and benefits."""

from dataclasses import dataclass

_PREFIX = "dreamina_ic_generate_video_model_"
_THREE = "basic_video_operation_vgfm_v_three"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """`benefit` must be met exactly, or only at its beginning where more of it is unknown."""

    benefit: tuple[str, ...]
    seconds: frozenset[int] = frozenset({5, 10})
    whole: bool = True
    benefit_1080p: tuple[str, ...] = ()
    obeys_resolution: bool = False

    def admits(self, benefit: str, resolution: str) -> bool:
        fitting = self.benefit
        if resolution == "1080p" and self.benefit_1080p:
            fitting = self.benefit_1080p
        return benefit in fitting if self.whole else benefit.startswith(fitting)


def _seedance(benefit: str, seconds: range) -> Model:
    return Model(benefit=(benefit,), seconds=frozenset(seconds), whole=False)


# Keys are sure, benefits change often; lengths that nobody recorded are the usual 5 and 10.
MODELS = {
    _PREFIX + "vgfm_3.0": Model(benefit=(_THREE,), obeys_resolution=True),
    _PREFIX + "vgfm_3.0_fast": Model(
        benefit=(_THREE,), benefit_1080p=(_THREE + "_1080",), obeys_resolution=True
    ),
    _PREFIX + "vgfm_3.0_pro": Model(benefit=(_THREE + "_pro",)),
    _PREFIX + "vgfm_3.5_pro": Model(
        benefit=("dreamina_video_seedance_15_pro", "dreamina_video_seedance_15"),
        seconds=frozenset({5, 10, 12}),
    ),
    _PREFIX + "vgfm_lite": Model(benefit=(_THREE,)),
    _PREFIX + "vgfm1.0": Model(benefit=(_THREE,)),
    "dreamina_seedance_40": _seedance("dreamina_seedance_20_fast", range(4, 16)),
    "dreamina_seedance_40_pro": _seedance("dreamina_video_seedance_20_pro", range(4, 16)),
    "dreamina_seedance_40_mini": _seedance("seedance_20_", range(4, 16)),
    "dreamina_seedance_40_vision": _seedance("seedance_20_", range(4, 16)),
    "dreamina_seedance_40_pro_vision": _seedance("seedance_20_", range(4, 16)),
    "dreamina_seedance_45_pro": _seedance("seedance_25_", range(5, 11, 5)),
    "dreamina_seedance_45_pro_draft": _seedance("seedance_25_", range(5, 11, 5)),
}
