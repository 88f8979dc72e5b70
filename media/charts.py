"""Pictures for the owners: videos by day and model, and how the services are doing.

Texts on them are names and figures only: fonts for every script are not to be had everywhere.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

_WIDE, _DOTS = 9.0, 110  # inches, dots an inch
_MADE, _FAILED, _RESTS = "#2f9e6e", "#d9534f", "#e0a526"
_INK, _GRID = "#22303c", "#d9dee3"
_CROWDED = 10  # days whose names fit side by side
_COLORS = {"ready": _MADE, "resting": _RESTS, "retired": _FAILED, "off": "#9aa5ae"}


def draw_days(
    target: Path, days: Sequence[dict[str, Any]], models: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Draw videos by day, and by model their median render time; gives the size of the PNG.

    A day is {"day", "made", "failed"}; a model {"model", "made", "failed", "render"}.
    """
    rows = max(1, len(models))
    figure = Figure(figsize=(_WIDE, 3.2 + 0.45 * rows), dpi=_DOTS, layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[2.6, 0.45 * rows + 0.6])
    names = [day["day"] for day in days]
    made = [day["made"] for day in days]
    above.bar(names, made, color=_MADE, label="delivered")
    above.bar(names, [day["failed"] for day in days], bottom=made, color=_FAILED, label="failed")
    above.set_ylabel("videos a day")
    above.yaxis.set_major_locator(MaxNLocator(integer=True))
    if len(names) > _CROWDED:
        above.set_xticks(names[:: len(names) // 8])
    above.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    _finish(above)
    _bars(below, models)
    figure.savefig(target, format="png")
    return {"size": target.stat().st_size}


def _bars(axes: Axes, models: Sequence[dict[str, Any]]) -> None:
    if not models:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no videos yet", ha="center", color=_INK)
        return
    labels = [model["model"] for model in models][::-1]
    made = [model["made"] for model in models][::-1]
    failed = [model["failed"] for model in models][::-1]
    axes.barh(labels, made, color=_MADE)
    axes.barh(labels, failed, left=made, color=_FAILED)
    for place, model in enumerate(list(models)[::-1]):
        if model["render"] is not None:
            axes.annotate(
                f"  {model['render']:.0f} s",
                (model["made"] + model["failed"], place),
                va="center",
                color=_INK,
            )
    axes.margins(x=0.12)
    axes.set_xlabel("videos, and median seconds of rendering")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _finish(axes)


def draw_services(target: Path, services: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Draw a line for each service and key; gives the size of the PNG.

    A service is {"name", "state", "success", "render", "waiting", "running", "seats", "keys"};
    a key {"id", "state", "tasks", "rests", "why"}; unknown figures are None.
    """
    lines = sum(1 + len(one["keys"]) for one in services)
    figure = Figure(figsize=(_WIDE, 0.9 + 0.42 * lines), dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(lines + 0.4, -0.8)
    for x, title in (
        (4, "service"),
        (42, "success"),
        (56, "median"),
        (69, "line"),
        (82, "running"),
    ):
        axes.text(x, -0.3, title, color="#6b7883", fontsize=9)
    place = 0.6
    for one in services:
        axes.plot([1.5], [place], "o", color=_COLORS[one["state"]], markersize=10)
        axes.text(4, place, one["name"], va="center", fontsize=12, weight="bold", color=_INK)
        for x, text in ((42, _share(one["success"])), (56, _seconds(one["render"])), (69, f"{one['waiting']}"),
                        (82, f"{one['running']} of {one['seats']}")):  # fmt: skip
            axes.text(x, place, text, va="center", fontsize=11, color=_INK)
        place += 1
        for key in one["keys"]:
            axes.plot([5], [place], "o", color=_COLORS[key["state"]], markersize=6)
            axes.text(7, place, _of_key(key)[:100], va="center", fontsize=9, color=_INK)
            place += 1
    figure.savefig(target, format="png")
    return {"size": target.stat().st_size}


def _of_key(key: dict[str, Any]) -> str:
    rest = f"rests {key['rests']} s" if key["rests"] else ""
    return " · ".join(filter(None, [f"key {key['id']}: {key['tasks']} running", rest, key["why"]]))


def _finish(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y" if axes.get_ylabel() else "x", color=_GRID)
    axes.tick_params(colors=_INK)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"
