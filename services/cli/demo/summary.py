"""The demo's result as one value, for the screen and as JSON. Every figure is computed from this run."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.cli.demo.examples import ExampleRow
from services.cli.demo.figures import Figures
from services.cli.demo.load import Loaded
from services.cli.demo.score import Score, score_pairs, score_requests, true_pairs
from services.cli.simulate import Simulation


@dataclass(frozen=True, slots=True)
class Run:
    """What was done and how long it took. seconds: from the first request sent to the last one screened."""

    households: int
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    run: Run
    simulation: Simulation
    examples: list[ExampleRow]
    loaded: Loaded
    figures: Figures

    @property
    def requests(self) -> int:
        """Stored, of the examples and of the simulation."""
        return sum(bool(row.request) for row in self.examples) + len(self.loaded.stored)

    def pairs(self, certainty: str | None = None) -> Score:
        return score_pairs(self.figures.pairs(certainty), self._truth(), self.loaded.stored.values())

    def by_request(self) -> Score:
        return score_requests(self.figures.pairs(), self._truth(), self.loaded.stored.values())

    def _truth(self) -> set[frozenset[str]]:
        return true_pairs(self.simulation.overlaps, self.loaded.stored)

    def as_json(self) -> dict[str, Any]:
        """Stable keys; precision and recall are between 0 and 1, null where there was nothing to judge."""
        total, counts = self.figures.coverage["total"], self.figures.counts
        pairs, requests = self.pairs(), self.by_request()
        return {
            "asked": {"households": self.run.households, "seed": self.run.seed},
            "seconds": self.run.seconds,
            "requests": self.requests,
            "requests_per_second": round(len(self.loaded.stored) / self.run.seconds, 1),
            "refused": len(self.loaded.refused),
            "persons": total["people"]["helped"],
            "households": total["households"]["helped"],
            "overlaps": {"confirmed": counts["confirmed"], "suspected": counts["suspected"]},
            "precision": pairs.precision,
            "recall": pairs.recall,
            "confirmed": _score(self.pairs("confirmed")),
            "suspected": _score(self.pairs("suspected")),
            "pairs": _score(pairs),
            "by_request": _score(requests),
            "truth": self._simulated(),
            "overlap_by_zone": [zone_line(row) for row in self.figures.coverage["rows"]],
            "examples": [_example(row) for row in self.examples],
            "report": {"csv": str(self.figures.csv), "json": str(self.figures.json)},
        }

    def _simulated(self) -> dict[str, int]:
        requests = self.simulation.requests
        return {
            "requests": len(requests),
            "persons": len({request.truth_person for request in requests}),
            "households": len({request.truth_household for request in requests}),
            "pairs": len(self.simulation.overlaps),
        }

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1), "utf-8")


def zone_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """One governorate of the coverage; `zone` is null for requests that name none."""
    zone = row["zone"] or {}
    return {
        "zone": zone.get("code"),
        "name_ar": zone.get("name_ar"),
        "name_en": zone.get("name_en"),
        "people": row["people"]["helped"],
        "people_by_two_or_more": row["people"]["by_two_or_more"],
        "households": row["households"]["helped"],
        "households_by_two_or_more": row["households"]["by_two_or_more"],
        "requests": row["requests"]["total"],
        "requests_in_overlap": row["requests"]["in_overlap"],
    }


def _score(score: Score) -> dict[str, Any]:
    return {**asdict(score), "precision": score.precision, "recall": score.recall}


def _example(row: ExampleRow) -> dict[str, Any]:
    return {
        "file": row.file, "row": row.row, "ref": row.ref, "status": row.status, "certainty": row.certainty,
        "why": {"ar": row.why.ar, "en": row.why.en} if row.why else None, "request": row.request or None,
    }  # fmt: skip
