"""The model's weights: what each level of each field says, in bits."""

import numpy as np

from services.cli.link.report.charts import AGAINST, FOR, Bar, signed, signed_bars
from services.cli.link.report.page import Section, note
from services.cli.link.report.texts import Text, field, level
from services.dedup.engine.compare import FIELDS
from services.dedup.model import Model

_NOTE = Text(
    "كل بت يضاعف الترجيح: إلى اليمين لشخص واحد وإلى اليسار لشخصين لا قرابة بينهما. النسبتان: كم يرد هذا المستوى بين "
    "سجلي شخص واحد وبين سجلي غريبين. التطابق في اسم أو هاتف أو هوية يوزن بندرة القيمة نفسها، فهذه أوزان وسطى.",
    "Each bit doubles the odds: to the right for one person, to the left for two strangers. The two shares: how often "
    "the level is seen between records of one person, and of strangers. Agreement on a name, phone or ID weighs by how "
    "rare the value itself is; what is shown for it here is the average.",
)
_HEADINGS = (
    Text("الحقل ومستوى الاتفاق", "field and level"), Text("", ""), Text("بت", "bits"),
    Text("لشخص واحد", "one person"), Text("لغريبين", "strangers"),
)  # fmt: skip


def section(model: Model) -> Section:
    """Bits of each level, one person against strangers, field by field, the strongest first."""
    bars = []
    for name in (*FIELDS, *sorted(set(model.levels) - set(FIELDS))):
        logs = [(each, model.logs[name, each]) for each in model.levels.get(name, ())]
        for each, found in sorted(logs, key=lambda item: item[1].u - item[1].m):
            chances, bits = model.levels[name][each], found.m - found.u
            colour, shares = FOR if bits > 0 else AGAINST, (_share(chances.m), _share(chances.u))
            bars.append(Bar(f"{field(name)}: {level(each)}", 0.0, bits, signed(bits), colour, shares))
    return Text("أوزان النموذج", "Weights of the model"), note(_NOTE) + signed_bars(bars, _HEADINGS)


def _share(chance: float) -> str:
    """Per cent, with two digits that count where it is small."""
    if chance >= 0.001:
        return f"{chance:.1%}"
    if chance < 1e-6:
        return "<0.0001%"
    return f"{np.format_float_positional(100 * chance, precision=2, fractional=False, trim='-')}%"
