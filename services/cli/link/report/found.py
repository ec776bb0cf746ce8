"""What was found, in numbers: records, persons, pairs, sizes of clusters, and where the pairs came from."""

import numpy as np

from services.cli.link.report.charts import count_bars, table
from services.cli.link.report.page import Section, note
from services.cli.link.report.texts import Text, both, plain, rule
from services.dedup.batch.coded import Ints
from services.dedup.batch.link import Linked
from services.dedup.batch.pairs import KEPT
from services.dedup.batch.records import Records

_ALONE_UP_TO = 10
_BANDS = ((11, 20), (21, 50), (51, 100), (101, None))


def counts(records: Records, linked: Linked) -> Section:
    """The numbers that a reader asks for first."""
    persons = len(np.unique(linked.clusters))
    strong = linked.pairs.probability >= linked.threshold
    rows = [
        (Text("السجلات", "records"), f"{len(records):,}"),
        (Text("الأشخاص", "persons"), f"{persons:,}"),
        (Text("سجلات مكررة لأشخاص سبق ذكرهم", "records of a person who has one already"),
         f"{len(records) - persons:,}"),
        (Text("الأزواج التي قورنت", "pairs compared"), f"{linked.candidates:,}"),
        (Text(f"منها ما احتماله {KEPT:g} فأكثر", f"of these with a probability of {KEPT:g} or more"),
         f"{len(linked.pairs.left):,}"),
        (Text("منها ما ربط (بلغ الحد)", "of these linked (they reach the threshold)"), f"{int(strong.sum()):,}"),
        (Text("روابط رفضت لأنها تجمع سجلات متناقضة", "links refused, as they would join records that contradict"),
         f"{int((strong & refused(linked)).sum()):,}"),
        (Text("حد الربط (احتمال)", "threshold (probability)"), f"{linked.threshold:g}"),
        (Text("حد الربط الآلي في السجل", "threshold of automatic links in the register"), f"{linked.model.upper:.4g}"),
        (Text("نسبة الروابط الخاطئة المتوقعة من هذا الحد فصاعدا", "expected share of wrong links from there on"),
         f"{linked.model.upper_error:.2%}"),
        (Text("مجموعات كبيرة ضيقت بحقيقة أخرى", "blocks too large, met under a further fact"),
         f"{linked.blocked.refined:,}"),
        (Text("وما بقي منها كبيرا فترك", "of these still too large, left out"), f"{linked.blocked.left_out:,}"),
        (Text("النموذج", "model"), linked.model.version),
    ]  # fmt: skip
    return Text("ما الذي وجد", "What was found"), table((), [(both(name), plain(value)) for name, value in rows])


def refused(linked: Linked) -> np.ndarray:
    """Which of the pairs are of two clusters."""
    return np.asarray(linked.clusters[linked.pairs.left] != linked.clusters[linked.pairs.right])


def sizes(clusters: Ints) -> Section:
    """How many persons have how many records."""
    _, of_each = np.unique(clusters, return_counts=True)
    held = np.bincount(of_each, minlength=_ALONE_UP_TO + 1)
    rows = [(plain(str(size)), (int(held[size]),)) for size in range(1, _ALONE_UP_TO + 1) if held[size]]
    for low, high in _BANDS:
        some = int(held[low : high + 1 if high else None].sum())
        if some:
            rows.append((plain(f"{low}–{high}" if high else f"{low}+"), (some,)))
    most = int(of_each.max()) if len(of_each) else 0
    said = note(
        Text("عدد الأشخاص حسب عدد سجلاتهم؛ طول الشريط باللوغاريتم. أكبر مجموعة فيها {} سجل.",
             "Persons by how many records they have; bars by the logarithm. The largest cluster has {} records."),
        f"{most:,}",
    )  # fmt: skip
    return Text("سجلات كل شخص", "Records a person has"), said + count_bars(rows)


def blocking(linked: Linked) -> Section:
    """The pairs that each blocking rule brought, and its blocks that were too large."""
    said = note(
        Text("يقارن سجلان إذا اشتركا في واحدة من هذه الحقائق؛ وقد يأتي الزوج من أكثر من قاعدة. المجموعة الكبيرة تضيق "
             "بحقيقة أخرى، وما بقي كبيرا بعد ذلك يترك.",
             "Two records are compared where they share one of these; a pair may come by several rules. Where too many "
             "share it they meet under a further fact; what stays too large even so is left out.")
    )  # fmt: skip
    rules = sorted(linked.blocked.rules.items(), key=lambda item: (-item[1].pairs, item[0]))
    bars = [(rule(name), (found.pairs, found.refined, found.left_out)) for name, found in rules]
    headings = (
        Text("ما يشترك فيه السجلان", "what two records share"), Text("", ""), Text("أزواج", "pairs"),
        Text("ضيقت", "refined"), Text("تركت", "left out"),
    )  # fmt: skip
    return Text("من أين جاءت الأزواج", "Where the pairs came from"), said + count_bars(bars, headings)
