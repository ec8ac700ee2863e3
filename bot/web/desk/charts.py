"""The dashboard's charts: figures to SVG that stands in the page, by pygal, without a script and without an outside host.

Each is read by screen readers by its title; the page shows the same figures as a table.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from markupsafe import Markup
from pygal import Bar, Config, Line  # pyright: ignore[reportMissingTypeStubs]
from pygal.style import Style  # pyright: ignore[reportMissingTypeStubs]

from conversations.office.statistics import DayFigures

# pygal puts a finder of its plugins among Python's; it is of an old kind that other tools stumble over.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

INK, SOFT, RULE = "#1c2733", "#51606f", "#d8dfe6"
COLOURS = ("#17457c", "#2c8a57", "#b06a00")
MOST_POINTS = 31
"""So many points at most stand side by side; of longer times, whole weeks are added up."""
_FONT = '-apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'


def over_time(days: Sequence[DayFigures], since: date | None, today: date) -> tuple[list[str], list[int], list[int]]:
    """Labels, consultations begun and finished, from ``since`` (None: the first day) to ``today``, a day or a week each."""
    first = since or min((each.day for each in days), default=today)
    kept = {each.day: each for each in days}
    span = [first + timedelta(n) for n in range((today - first).days + 1)] or [today]
    step = 1 if len(span) <= MOST_POINTS else 7
    groups = [span[at : at + step] for at in range(0, len(span), step)]
    found = [[kept[one] for one in group if one in kept] for group in groups]
    return (
        [f"{group[0]:%m-%d}" for group in groups],
        [sum(one.begun for one in group) for group in found],
        [sum(one.finished for one in group) for group in found],
    )


def lines(title: str, labels: Sequence[str], series: Iterable[tuple[str, Sequence[int]]]) -> Markup:
    """Lines over time."""
    every = max(1, -(-len(labels) // 6))
    drawn = list(series)
    chart: Any = Line(
        _config(),
        x_labels=labels,
        x_labels_major=labels[::every],
        show_minor_x_labels=False,
        y_labels=_ticks(max((value for _, values in drawn for value in values), default=0)),
        dots_size=2,
        stroke_style={"width": 2},
    )
    for name, values in drawn:
        chart.add(name, values)
    return _svg(chart, title)


def bars(title: str, values: Sequence[tuple[str, int]]) -> Markup:
    """One bar for each of a few labels."""
    chart: Any = Bar(
        _config(width=400, height=210),
        x_labels=[label for label, _ in values],
        y_labels=_ticks(max((value for _, value in values), default=0)),
        show_y_labels=False,
        show_legend=False,
        print_values=True,
        print_values_position="top",
    )
    chart.add(title, [value for _, value in values])
    return _svg(chart, title)


def _config(width: int = 520, height: int = 260) -> Any:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=SOFT,
        foreground_strong=INK,
        foreground_subtle=RULE,
        guide_stroke_color=RULE,
        guide_stroke_dasharray="",
        major_guide_stroke_color=RULE,
        major_guide_stroke_dasharray="",
        value_colors=(INK,),
        colors=COLOURS,
        font_family=_FONT,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=14,
        value_font_size=14,
        opacity=".9",
        transition="0s",
    )
    # The width and height are those of the drawing; the page scales it to its column.
    return Config(
        style=style,
        width=width,
        height=height,
        js=(),
        margin=6,
        spacing=8,
        truncate_label=-1,
        formatter=str,
        legend_at_bottom=True,
    )


def _ticks(highest: int) -> list[int]:
    """Whole numbers for the axis, a few, from 0 to above ``highest``."""
    step = max(1, -(-highest // 4))
    return [step * n for n in range(-(-(highest + 1) // step) + 1)]


def _svg(chart: Any, title: str) -> Markup:
    """The chart as an element of a page."""

    def picture(root: Element) -> Element:
        return _without_scripts(root, title)

    chart.add_xml_filter(picture)
    drawn: str = chart.render(is_unicode=True, disable_xml_declaration=True)
    return Markup(drawn)  # noqa: S704 - pygal escapes the labels, and no script is left


def _without_scripts(root: Element, title: str) -> Element:
    """Take pygal's scripts and its own title out, and let the drawing be one picture with a name."""
    for parent in list(root.iter()):
        for child in list(parent):
            if str(child.tag).endswith(("script", "title", "desc")):
                parent.remove(child)
    root.set("role", "img")
    root.set("aria-label", title)
    return root
