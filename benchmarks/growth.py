"""Draw how time and memory grow with the number of forms, beside straight lines and the yardsticks.

    python benchmarks/growth.py [results.json] [-o growth.png]

`run.py` measures and draws in one go; this draws again what it left in results.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HERE = Path(__file__).resolve().parent
COLOURS = {
    "good colleague": "#b0b0b0",
    "very good colleague": "#808080",
    "merge": "#c0392b",
    "floor": "#2471a3",
}


class Point(NamedTuple):
    """seconds: wall time by runner.  memory: peak of the tree of `merge`, in MB."""

    forms: int
    seconds: dict[str, float]
    memory: float


def _straight(axes: Axes, forms: list[int], values: list[float]) -> None:
    """What growth in proportion looks like, through the largest measurement."""
    line = [values[-1] * each / forms[-1] for each in forms]
    axes.plot(forms, line, "--", color=COLOURS["merge"], linewidth=0.8, label="in proportion to the forms")


def _panel(axes: Axes, title: str, unit: str, forms: list[int]) -> None:
    from matplotlib.ticker import LogLocator

    axes.set(xscale="log", yscale="log", title=title, xlabel="forms", ylabel=unit)
    axes.set_xticks(forms, [f"{each:,}" for each in forms])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.grid(which="major", color="#e0e0e0")
    axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)


def draw(points: list[Point], target: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    forms = [point.forms for point in points]
    figure, (time, memory) = pyplot.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
    for name, colour in COLOURS.items():
        time.plot(forms, [point.seconds[name] for point in points], "o-", color=colour, label=name)
    _straight(time, forms, [point.seconds["merge"] for point in points])
    _panel(time, "Wall time", "seconds", forms)
    used = [point.memory for point in points]
    memory.plot(forms, used, "o-", color=COLOURS["merge"], label="merge, whole process tree")
    _straight(memory, forms, used)
    _panel(memory, "Peak memory (proportional set size)", "MB", forms)
    figure.savefig(target, dpi=110)
    pyplot.close(figure)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, nargs="?", default=HERE / "results.json")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "growth.png")
    options = parser.parse_args()
    draw([Point(**each) for each in json.loads(options.results.read_text("utf-8"))], options.output)
