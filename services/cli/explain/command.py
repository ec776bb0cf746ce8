"""What `sijill explain` does: find the records, explain, print."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from services.cli.explain import told
from services.cli.explain.run import Files, told_of
from services.cli.records import Unusable, places_of, read_model, read_records, sized
from services.dedup.batch.counts import count
from services.dedup.engine.explain import Waterfall, waterfall
from services.dedup.engine.normalise import HOME
from services.dedup.model.start import START


@dataclass(frozen=True, slots=True)
class Pair:
    a: str
    b: str
    records: tuple[Path, ...]
    model: Path | None
    map: Path | None
    region: str = HOME


@dataclass(frozen=True, slots=True)
class Cluster:
    """records: where given, the contradictions that kept links out are worked out again and named."""

    id: str
    out: Path
    records: tuple[Path, ...]
    map: Path | None
    threshold: float | None
    region: str = HOME


def why(pair: Pair, as_json: bool, console: Console) -> int:
    """The exit status: 0, or 1 when there is nothing to explain."""
    try:
        found, version, untold = _why(pair)
    except Unusable as error:
        return _refused(str(error), console)
    if as_json:
        _print_json({"a": pair.a, "b": pair.b, "model": version, "not_told": untold, **told.as_data(found)})
    else:
        told.show_pair(pair.a, pair.b, found, version, console)
        if untold:
            console.print(f"not told here: what the mapping compares besides, {', '.join(untold)}", markup=False)
    return 0


def _why(pair: Pair) -> tuple[Waterfall, str, list[str]]:
    """The pair's waterfall, the model's version, and the mapped comparisons, of which the engine knows nothing."""
    records = read_records(pair.records, pair.map, pair.region)
    places = places_of(records, (pair.a, pair.b))
    if missing := [id_ for id_ in (pair.a, pair.b) if id_ not in places]:
        raise Unusable(
            f"no record has the id {' or '.join(missing)}; ids are those of the column record_id, or row numbers"
        )
    if pair.a == pair.b:
        raise Unusable("that is one record; give two ids")
    model = sized(read_model(pair.model), len(records))
    sides = records.plain(places[pair.a]), records.plain(places[pair.b])
    untold = {each.name for each in records.mapped} | (model.levels.keys() - START.keys())
    return waterfall(model, *sides, count(records)), model.version, sorted(untold)


def how(cluster: Cluster, as_json: bool, console: Console) -> int:
    """The exit status: 0, or 1 when there is nothing to explain."""
    try:
        found = told_of(cluster.out, cluster.id, cluster.threshold, Files(cluster.records, cluster.map, cluster.region))
    except Unusable as error:
        return _refused(str(error), console)
    if as_json:
        _print_json(asdict(found))
    else:
        told.show_cluster(found, console)
    return 0


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _refused(words: str, console: Console) -> int:
    console.print(words, style="red", markup=False, soft_wrap=True)
    return 1
