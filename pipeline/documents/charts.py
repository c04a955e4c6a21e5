"""Bar charts that everybody can read: one colour, every bar labelled, the same bytes on every machine."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.documents.layouts import Picture

_TEAL, _GREY, _INK = "#0F4C5C", "#8A979D", "#22303A"
_WIDTH_IN, _ROW_IN, _DPI = 6.3, 0.46, 160
# Bundled with matplotlib, so that the picture does not depend on the machine's own fonts.
_SETTINGS: Any = {"font.family": "DejaVu Sans", "font.size": 12, "text.hinting": "none"}


def bar_chart(bars: Sequence[tuple[str, int]], about: str, others: str = "") -> Picture:
    """A chart with a bar for each (label, count), from the top down; the group ``others`` is drawn in grey.

    ``about`` ("people by service") begins the alternative text, which gives every figure.
    """
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH_IN, _ROW_IN * len(bars) + 0.3), dpi=_DPI)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.36, 0.02, 0.54, 0.96))
        places = range(len(bars) - 1, -1, -1)
        colours = [_GREY if label == others else _TEAL for label, _ in bars]
        drawn = axes.barh(list(places), [count for _, count in bars], height=0.62, color=colours)
        axes.bar_label(drawn, [f"{count:,}" for _, count in bars], padding=5, color=_INK)
        axes.set_yticks(list(places), [_wrapped(label) for label, _ in bars], color=_INK)
        axes.set_ylim(-0.6, len(bars) - 0.4)
        axes.tick_params(length=0)
        axes.xaxis.set_visible(False)
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)
        axes.spines["left"].set_color(_GREY)
        stream = io.BytesIO()
        canvas.print_png(stream, metadata={"Software": None})
    told = "; ".join(f"{label}: {count:,}" for label, count in bars)
    return Picture(stream.getvalue(), 160, f"Bar chart of {about}. {told}.")


def _wrapped(label: str) -> str:
    # A dollar sign would be read as mathematics.
    lines = textwrap.wrap(label, 24, max_lines=2, placeholder=" …") or [label]
    return "\n".join(lines).replace("$", r"\$")
