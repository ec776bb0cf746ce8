"""`sijill train`: files in, one model file out. Nothing of anyone's data is printed or kept."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from rich.console import Console

from services.cli.kernels import FIRST_TIME, compiled_before
from services.cli.records import Unusable, check_comparisons, not_learned, read_model, read_records
from services.cli.train.labels import labels_of, read_decisions, seen
from services.cli.whole import Unwritable, whole
from services.dedup.batch.link import Linked, link
from services.dedup.batch.records import Records
from services.dedup.engine.calibrate import Calibration, thresholds
from services.dedup.engine.normalise import HOME
from services.dedup.learn import OF_EACH_KIND, Improved, LabelsContradict, Slots, improved, log_odds
from services.dedup.model import Chances, Model
from services.dedup.model.start import START

INTERRUPTED = 130
LEAST_HOLDERS = 20
"""Records that must share a name before a model may hold it: a rarer one could tell who was registered."""
WRONG_LINKS, DOUBT = 0.005, 0.25
"""The expected share of wrong links among automatic ones; the chance from which a person should look."""
_MOST_JUDGED = 5_000


@dataclass(frozen=True, slots=True)
class Job:
    inputs: tuple[Path, ...]
    out: Path
    map: Path | None
    labels: Path | None
    base: Path | None
    names: Path | None
    temper: float = 0.0
    region: str = HOME


def train(job: Job, console: Console) -> int:
    """The exit status: 0; 1 when it could not be done, INTERRUPTED when it was broken off. Then nothing is written."""
    started = time.perf_counter()

    def tell(what: str) -> None:
        console.print(f"{time.perf_counter() - started:7.1f} s  {what}", markup=False, highlight=False, soft_wrap=True)

    try:
        with whole(job.out) as draft:
            draft.touch()  # what cannot be written must not come out at the end of a long run
            model = _train(job, datetime.now(UTC).date(), tell)
            draft.write_bytes(model.dump())
    except (Unusable, Unwritable) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("interrupted; nothing was written", style="red")
        return INTERRUPTED
    tell(f"links from probability {model.upper:.3f} on, expected to be wrong: {model.upper_error:.2%}; "
         f"a person looks from {model.lower:.3f} on")  # fmt: skip
    tell(f"written: {job.out}")
    return 0


def _train(job: Job, today: date, tell: Callable[[str], None]) -> Model:
    names = read_model(job.names) if job.names else None
    base = read_model(job.base) if job.base else None
    if not compiled_before():
        tell(FIRST_TIME)
    tell("read and normalise")
    records = read_records(job.inputs, job.map, job.region)
    if base:
        check_comparisons(base, records)
    if job.labels and records.mapped:
        raise Unusable("labels teach fields only: leave the comparisons out of the mapping, or the labels")
    decisions = read_decisions(job.labels, records) if job.labels else []
    found = _linked(records, base, today, tell)
    better = Improved(found.model, False, 0.0, 0.0, Calibration())
    if decisions:
        tell(f"learn from {len(decisions):,} decided pairs")
        labels = labels_of(decisions, records, found.model, found.frequencies)
        try:
            better = improved(found.model, Slots(found.model), labels)
        except LabelsContradict as error:
            raise Unusable(f"{job.labels}: {error}") from None
        tell(_told(better, labels.match))
    model = tempered(_with_names(better.model, names, len(records)), job.temper)
    tell(f"names kept: {sum(map(len, model.frequencies.values())):,}, each of at least {LEAST_HOLDERS} records"
         if names is None else "names kept: those of the model given for them")  # fmt: skip
    return replace(
        _judged(model, better, records, found), version=f"trained.{today:%Y.%m.%d}", learned_on=today,
        data=_data(job, len(records), base, better.used and len(decisions)),
    )  # fmt: skip


def _linked(records: Records, base: Model | None, today: date, tell: Callable[[str], None]) -> Linked:
    """Raises Unusable."""
    try:
        return link(records, base, None, False, today, lambda what, done: None if done else tell(what))
    except ValueError as error:
        raise not_learned(error, records, "give more records, or a model to go on from (--base)") from None


def _judged(model: Model, better: Improved, records: Records, found: Linked) -> Model:
    """The model with thresholds, and the errors to be expected of them, by a sample of the likelier pairs."""
    pairs = found.pairs
    sample = np.random.default_rng(1).permutation(len(pairs.left))[:_MOST_JUDGED]
    odds = pairs.bits[sample] + found.model.prior_bits
    if (model.levels, model.prior) != (found.model.levels, found.model.prior):
        places = list(zip(pairs.left[sample].tolist(), pairs.right[sample].tolist(), strict=True))
        odds = log_odds(Slots(model), model, seen(places, records, model, found.frequencies))
    return replace(model, **thresholds(odds.tolist(), better.calibration, WRONG_LINKS, DOUBT)._asdict())


def _with_names(model: Model, names: Model | None, records: int) -> Model:
    if names is not None:
        rare = {kind: names.rare.get(kind, share) for kind, share in model.rare.items()}
        return replace(model, frequencies=names.frequencies, rare=rare)
    return replace(model, frequencies={kind: common(shares, records) for kind, shares in model.frequencies.items()})


def tempered(model: Model, share: float) -> Model:
    """`model` with so much of the starting chances mixed in, for data of other kinds than it was learned on: what a
    sample happens never to show is then not held impossible."""
    levels = {
        field: {level: _mixed(chances, START[field][level], share) if field in START else chances
                for level, chances in of_field.items()}
        for field, of_field in model.levels.items()
    }  # fmt: skip
    return replace(model, levels=levels) if share else model


def _mixed(learned: Chances, start: Chances, share: float) -> Chances:
    m, k = (
        round((1 - share) * ours + share * first, 9) for ours, first in ((learned.m, start.m), (learned.k, start.k))
    )
    return replace(learned, m=m, k=k)


def common(shares: Mapping[str, float], records: int) -> dict[str, float]:
    """The names that LEAST_HOLDERS records or more share."""
    return {name: share for name, share in shares.items() if round(share * records) >= LEAST_HOLDERS}


def _told(better: Improved, match: np.ndarray) -> str:
    if min(int(match.sum()), int((~match).sum())) < OF_EACH_KIND:
        return f"fewer than {OF_EACH_KIND} of one kind: too few to learn from, the model stays as it is"
    change = f"surprise at decisions not learned from: {better.before:.3f} nats before, {better.after:.3f} after"
    return f"{change}; {'the weights follow them' if better.used else 'no clear gain, the weights stay as they are'}"


def _data(job: Job, records: int, base: Model | None, labels: int) -> str:
    """What the model was learned from; files by the beginning of their SHA-256, as their names may name people."""
    files = ", ".join(sha256(path.read_bytes()).hexdigest()[:12] for path in job.inputs)
    start = f"Model {base.version} carried over to" if base is not None else "Learned without labels on"
    taught = f" Improved by {labels:,} pairs that reviewers decided." if labels else ""
    names = (
        f"of model {job.names and read_model(job.names).version}"
        if job.names
        else f"of {LEAST_HOLDERS} records or more"
    )
    mixed = f" Chances tempered by {job.temper:.0%} of the starting ones." if job.temper else ""
    return f"{start} {records:,} records of files with SHA-256 {files}. Names {names}.{taught}{mixed}"
