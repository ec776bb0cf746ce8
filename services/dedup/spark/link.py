"""Whole files linked on Spark: `batch.link` with blocks and scores made by its tasks."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pyspark import RDD

from services.dedup.batch.coded import Codes
from services.dedup.batch.compare import Comparer
from services.dedup.batch.counts import Counted
from services.dedup.batch.link import Linked, Tell, concluded, weighing
from services.dedup.batch.pairs import Pairs, joined, kept
from services.dedup.batch.records import Records
from services.dedup.batch.weigh import Weigher
from services.dedup.model import Model
from services.dedup.spark.block import Part, block
from services.dedup.spark.session import started
from services.dedup.spark.ship import opened, ship

_AT_A_TIME = 16_384
"""Pairs so few that the kernels take them on one core: Spark has given the others tasks of their own."""


class Scale(NamedTuple):
    """What tasks weigh with. between: of each record its source, if none within one are asked for."""

    weigher: Weigher
    size: int
    between: Codes | None


def link(
    records: Records, model: Model | None, threshold: float | None, links_only: bool, today: date, tell: Tell,
    folder: Path | None = None, resume: Path | None = None,
) -> Linked:  # fmt: skip
    """As `batch.link` has it, and with the same result.

    folder: for what is sent to executors; by default the system's for what is temporary. resume: not used, as Spark
    itself repeats what a lost executor had done. Raises ValueError where there
    is no model and no two records share anything, and SparkUnusable.
    """
    tell("block", 0.0)
    with started() as context, TemporaryDirectory(dir=folder, prefix="shipped-") as shipped:
        parts, blocked = block(context, records, Path(shipped))
        tell("learn", 0.0)
        weigher, frequencies = weighing(records, model, blocked)
        tell("score", 0.0)
        portable = _portable(weigher, records, frequencies)
        scale = Scale(portable, len(records), records.source if links_only else None)
        pairs, candidates = _scored(parts, ship(context, Path(shipped), scale))
    tell("cluster", 0.0)
    learned_on = today if model is None else None
    return concluded(records, weigher, frequencies, blocked, pairs, candidates, threshold, learned_on)


def _portable(weigher: Weigher, records: Records, frequencies: Counted) -> Weigher:
    """The same, of mapped columns that have not compared anything yet: what they then remember cannot be sent."""
    fresh = replace(records, mapped=tuple(replace(each) for each in records.mapped))
    return Weigher(fresh, Comparer(fresh), weigher.model, Counted(fresh, frequencies.shares))


def _scored(parts: RDD[Part], scale: str) -> tuple[Pairs, int]:
    """The pairs that are kept, in order, and how many were compared."""
    found = parts.map(partial(_weighed, scale)).collect()
    return joined([pairs for pairs, _ in found]), sum(compared for _, compared in found)


def _weighed(name: str, part: Part) -> tuple[Pairs, int]:
    scale: Scale = opened(name)
    left, right = part.codes // scale.size, part.codes % scale.size
    if scale.between is not None:
        across = scale.between[left] != scale.between[right]
        left, right = left[across], right[across]
    starts = range(0, max(1, len(left)), _AT_A_TIME)
    found = [kept(scale.weigher, left[at : at + _AT_A_TIME], right[at : at + _AT_A_TIME]) for at in starts]
    return joined(found), len(left)
