"""Charts as inline SVG, and tables with bars. Scales run from left to right in either language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log1p, log2, log10

from services.cli.link.report.texts import Text, both, plain

FOR, AGAINST, QUIET = "#1a7f5a", "#b3452c", "#5b6b7a"
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 680, 240, 62, 30, 12, 30


@dataclass(frozen=True, slots=True)
class Axis:
    """low, high: its ends, different. ticks: values with their labels, of which those between the ends are drawn."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """points: x, y and what to say of the point when it is pointed at."""

    name: Text
    colour: str
    points: Sequence[tuple[float, float, str]]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """From start to end on the table's scale. label: HTML. more: numbers beside the value."""

    label: str
    start: float
    end: float
    value: str
    colour: str = FOR
    more: Sequence[str] = ()


def odds_bits(probability: float) -> float:
    """log2 of the odds: on this scale a threshold of .99 is as far from .9 as .9 is from one half, nearly."""
    return log2(probability / (1 - probability))


PROBABILITY = Axis(
    odds_bits(0.01), odds_bits(0.99999),
    [(odds_bits(float(p)), p) for p in ("0.01", "0.1", "0.5", "0.9", "0.99", "0.999", "0.9999", "0.99999")],
)  # fmt: skip


def rising(most: float, percent: bool = False) -> Axis:
    """From 0 to a little above `most`, with some five round ticks."""
    return between(0.0, most if most > 0 else 1.0, percent)


def between(low: float, high: float, percent: bool = False) -> Axis:
    """An axis that holds low and high, different, with round ends and ticks."""
    step = _round_step((high - low) / 4)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = [(n * step, f"{n * step:.4g}" if not percent else f"{100 * n * step:.4g}%") for n in range(first, last + 1)]
    if not percent and step >= 1:
        ticks = [(value, f"{value:,.0f}") for value, _ in ticks]
    return Axis(first * step, max(last, first + 1) * step, ticks)


def _round_step(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(power * unit for unit in (1, 2, 5, 10) if power * unit >= step * 0.999)


def line_chart(
    title: Text, lines: Sequence[Line], across: tuple[Axis, Text], up: tuple[Axis, Text], mark: float | None
) -> str:
    """mark: where on the x axis a dashed line stands, such as the threshold."""
    (x, x_name), (y, y_name) = across, up
    drawn = [_grid(x, y), *(_line(line, x, y) for line in lines)]
    if mark is not None and x.low <= mark <= x.high:
        at = _x(mark, x)
        drawn.append(f'<line x1="{at}" x2="{at}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" class="mark"/>')
    keys = "".join(
        f'<span class="key"><i style="border-top:3px {"dashed" if line.dashed else "solid"} {line.colour}"></i>'
        f"{both(line.name)}</span>"
        for line in lines
    )
    return (
        f'<figure><figcaption>{both(title)}</figcaption><p class="axis">↑ {both(y_name)}</p>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" direction="ltr" role="img">{"".join(drawn)}</svg>'
        f'<p class="axis end">{both(x_name)} →</p><p>{keys if len(lines) > 1 else ""}</p></figure>'
    )


def _x(value: float, axis: Axis) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0), 1)


def _y(value: float, axis: Axis) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * min(max(share, 0.0), 1.0), 1)


def _grid(x: Axis, y: Axis) -> str:
    drawn = []
    for value, label in y.ticks:
        if y.low <= value <= y.high:
            at = _y(value, y)
            drawn.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at}" y2="{at}" class="grid"/>')
            drawn.append(f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end">{label}</text>')
    for value, label in x.ticks:
        if x.low <= value <= x.high:
            drawn.append(f'<text x="{_x(value, x)}" y="{_HEIGHT - 10}" text-anchor="middle">{label}</text>')
    return "".join(drawn)


def _line(line: Line, x: Axis, y: Axis) -> str:
    places = [(_x(a, x), _y(b, y), said) for a, b, said in line.points]
    path = " ".join(f"{a},{b}" for a, b, _ in places)
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    dots = "".join(
        f'<circle cx="{a}" cy="{b}" r="3" fill="{line.colour}"><title>{said}</title></circle>'
        for a, b, said in places
        if said
    )
    return f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"{dash}/>{dots}'


def signed(bits: float) -> str:
    """Bits with their sign, to a tenth; what rounds to nothing has none."""
    rounded = round(bits, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def signed_bars(bars: Sequence[Bar], headings: Sequence[Text] = ()) -> str:
    """Bars on one scale about zero: to the right speaks for one person, to the left against.

    headings: of label, bar, value and what is beside it, if any.
    """
    low = min((min(bar.start, bar.end) for bar in bars), default=0.0)
    high = max((max(bar.start, bar.end) for bar in bars), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    scale = 100 / (high - low or 1.0)
    zero = (0.0 - low) * scale
    rows = []
    for bar in bars:
        left, wide = (min(bar.start, bar.end) - low) * scale, abs(bar.end - bar.start) * scale
        inside = (
            f'<line x1="{zero:.2f}" x2="{zero:.2f}" y1="0" y2="10" class="zero"/>'
            f'<rect x="{left:.2f}" y="2" width="{max(wide, 0.3):.2f}" height="6" fill="{bar.colour}"/>'
        )
        rows.append(_bar_row(bar, inside, "bar"))
    return _bar_table(rows, headings)


def count_bars(counts: Iterable[tuple[str, Sequence[int]]], headings: Sequence[Text] = ()) -> str:
    """Bars as long as the logarithm of the first count, from the side where reading begins. Labels are HTML."""
    held = list(counts)
    most = max((log1p(numbers[0]) for _, numbers in held), default=1.0) or 1.0
    rows = []
    for label, numbers in held:
        first, *more = (f"{n:,}" for n in numbers)
        wide = 100 * log1p(numbers[0]) / most
        inside = f'<rect x="0" y="2" width="{wide:.2f}" height="6" fill="{FOR}"/>'
        rows.append(_bar_row(Bar(label, 0, numbers[0], first, more=more), inside, "bar grows"))
    return _bar_table(rows, headings)


def _bar_table(rows: Sequence[str], headings: Sequence[Text]) -> str:
    head = "".join(f'<th scope="col">{both(heading)}</th>' for heading in headings)
    return (
        f'<table class="bars">{f"<thead><tr>{head}</tr></thead>" if head else ""}<tbody>{"".join(rows)}</tbody></table>'
    )


def _bar_row(bar: Bar, inside: str, kind: str) -> str:
    numbers = "".join(f'<td class="n">{plain(value)}</td>' for value in (bar.value, *bar.more))
    return (
        f'<tr><th scope="row">{bar.label}</th><td class="wide"><svg class="{kind}" viewBox="0 0 100 10" '
        f'preserveAspectRatio="none" aria-hidden="true">{inside}</svg></td>{numbers}</tr>'
    )


def table(headings: Sequence[Text], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML; the first of a row is its heading, the others are numbers."""
    head = "".join(f'<th scope="col">{both(heading)}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td class=n>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if headings else ''}<tbody>{body}</tbody></table>"
