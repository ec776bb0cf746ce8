"""How a cluster of a `sijill link` run came about, read from the files that the run left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from services.cli.records import Unusable, places_of, read_model, read_records, sized
from services.dedup.batch.counts import count
from services.dedup.batch.link import CONTRADICTS, THRESHOLD
from services.dedup.engine.compare import compare
from services.dedup.engine.explain import Waterfall, waterfall
from services.dedup.engine.history import History, Link, how
from services.dedup.engine.weigh import weigh

_FOR, _AGAINST = 3, 1


@dataclass(frozen=True)
class Step:
    """A link. said: the fields that say most for and against, in bits. sizes, weakest: of a link that joined."""

    left: str
    right: str
    probability: float
    bits: float
    said: dict[str, float]
    sizes: tuple[int, int] | None = None
    weakest: bool = False


@dataclass(frozen=True)
class Refused:
    """A link that was left out, and the pairs that contradict, each with why; empty where that was not looked into.

    on_the_whole: where it was and no pair contradicts by itself, what is to be said then, in two languages.
    """

    link: Step
    because: list[dict[str, str]]
    on_the_whole: dict[str, str] | None = None


@dataclass(frozen=True)
class Told:
    cluster: str
    records: list[str]
    threshold: float
    joins: list[Step]
    confirming: int
    left_out: list[Refused]


@dataclass(frozen=True)
class Files:
    """The registrations that a run was of; none where contradictions are not asked for."""

    paths: Sequence[Path]
    map: Path | None
    region: str


_ON_THE_WHOLE = {
    "reason_ar": "لا يتعارض سجلان بعينهما؛ لكن المجموعتين في جملتهما تشهد إحداهما على الأخرى بأنهما شخصان.",
    "reason_en": "No two records contradict by themselves; on the whole, the two groups speak against each other.",
}


def told_of(out: Path, cluster: str, threshold: float | None, files: Files) -> Told:
    """Raises Unusable. Cost: of reading the run's clusters and pairs once, and of the files if they are given."""
    least = THRESHOLD if threshold is None else threshold
    labels = _labels(out / "clusters.csv")
    members = [record for record, label in labels.items() if label == cluster]
    if not members:
        raise Unusable(f"{out / 'clusters.csv'} has no cluster {cluster}; its second column holds their ids")
    rows = _rows(out / "pairs.parquet", members, least)
    place = {record: number for number, record in enumerate(labels)}
    links: list[Link[int]] = [(place[row["record_id_l"]], place[row["record_id_r"]], _bits(row)) for row in rows]
    near = _nearby(labels, members, rows)
    apart, reasons = _contradictions(out / "model.json", near, members, files) if files.paths else ({}, {})
    numbered = {place[record]: label for record, label in near.items()}
    where = {label: min(place[record] for record in near if near[record] == label) for label in near.values()}
    found = how(links, {record: where[label] for record, label in numbered.items()}, where[cluster],
                {place[a]: {place[b] for b in others} for a, others in apart.items()})  # fmt: skip
    return _told(cluster, members, least, found, _Rows(list(labels), rows, reasons, bool(files.paths)))


@dataclass(frozen=True)
class _Rows:
    """ids: by place. rows: pairs as the run wrote them. reasons: of two records that contradict,
    if that was looked into."""

    ids: list[str]
    rows: list[dict[str, Any]]
    reasons: Mapping[tuple[str, str], dict[str, str]]
    looked_into: bool

    def step(self, a: int, b: int, **more: Any) -> Step:
        pair = {self.ids[a], self.ids[b]}
        row = next(row for row in self.rows if {row["record_id_l"], row["record_id_r"]} == pair)
        return Step(row["record_id_l"], row["record_id_r"], row["probability"], _bits(row), _said(row), **more)


def _told(cluster: str, members: list[str], threshold: float, found: History[int], rows: _Rows) -> Told:
    joins = [rows.step(join.left, join.right, sizes=join.sizes, weakest=join.weakest) for join in found.joins]
    left_out = [
        Refused(
            rows.step(link.inside, link.outside),
            [rows.reasons[rows.ids[a], rows.ids[b]] for a, b in link.contradicting],
            None if link.contradicting or not rows.looked_into else _ON_THE_WHOLE,
        )
        for link in found.left_out
    ]
    return Told(cluster, members, threshold, joins, len(found.confirming), left_out)


def _labels(path: Path) -> dict[str, str]:
    """Record -> cluster, in the order of the files."""
    try:
        table = pyarrow.csv.read_csv(
            path,
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(("record_id", "cluster_id"), pa.string())
            ),
        )
        return dict(zip(table["record_id"].to_pylist(), table["cluster_id"].to_pylist(), strict=True))
    except (OSError, KeyError, pa.ArrowInvalid):
        raise Unusable(f"{path} is not there, or not what `sijill link` writes; give its folder with --out") from None


def _rows(path: Path, members: list[str], least: float) -> list[dict[str, Any]]:
    """The pairs strong enough to link of which one at least is a member."""
    held = pa.array(members, pa.string())
    touched = pc.field("record_id_l").isin(held) | pc.field("record_id_r").isin(held)
    try:
        table = pyarrow.parquet.read_table(path, filters=(pc.field("probability") >= least) & touched)
    except (OSError, pa.ArrowInvalid):
        raise Unusable(f"{path} is not there, or not what `sijill link` writes; give its folder with --out") from None
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _evidence(row: Mapping[str, Any]) -> dict[str, float]:
    return {name.removeprefix("bits_"): value for name, value in row.items() if name.startswith("bits_")}


def _bits(row: Mapping[str, Any]) -> float:
    return float(sum(_evidence(row).values()))


def _said(row: Mapping[str, Any]) -> dict[str, float]:
    """The bits of the fields that say most for and against."""
    told = sorted(((field, round(bits, 1)) for field, bits in _evidence(row).items()), key=lambda each: -each[1])
    return dict([each for each in told[:_FOR] if each[1] > 0] + [each for each in told[-_AGAINST:] if each[1] < 0])


def _nearby(labels: dict[str, str], members: list[str], rows: list[dict[str, Any]]) -> dict[str, str]:
    """The members, and all records of the clusters that a link leads to, with their clusters."""
    reached = {labels[row[side]] for row in rows for side in ("record_id_l", "record_id_r")} | {labels[members[0]]}
    return {record: label for record, label in labels.items() if label in reached}


_Apart = dict[str, set[str]]


def _contradictions(
    model_path: Path, near: dict[str, str], members: list[str], files: Files
) -> tuple[_Apart, dict[tuple[str, str], dict[str, str]]]:
    """Members and records of other clusters that must not come together, and why not. Raises Unusable."""
    records = read_records(files.paths, files.map, files.region)
    places = places_of(records, list(near))
    if missing := [record for record in near if record not in places]:
        raise Unusable(f"{len(missing):,} records of the run are not in these files, {missing[0]} among them")
    model, frequencies = sized(read_model(model_path), len(records)), count(records)
    plain = {record: records.plain(place) for record, place in places.items()}
    outside = [record for record in near if record not in set(members)]
    apart: _Apart = {}
    reasons = {}
    for member, other in product(members, outside):
        a, b = plain[member], plain[other]
        if weigh(model, compare(a, b), frequencies).probability < CONTRADICTS:
            apart.setdefault(member, set()).add(other)
            reasons[member, other] = _reason(member, other, waterfall(model, a, b, frequencies))
    return apart, reasons


def _reason(left: str, right: str, found: Waterfall) -> dict[str, str]:
    return {"left": left, "right": right, "reason_ar": found.reason.ar, "reason_en": found.reason.en}
