"""What the dedup service is told from outside."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from shared.settings import HouseSettings


class DedupSettings(HouseSettings):
    """Durations in seconds. The variables are SIJILL_DEDUP_…, and the house's own.

    dedup_synchronous_commit: `off` answers before the write-ahead log is on disk. Safe in the house: the
        registry commits the outcome of a screening synchronously, in the same cluster and after this
        commit, which puts the log on disk up to there; a request without such an outcome is screened
        again, and storing a record twice leaves what storing it once leaves. Set `on` where the two
        services have a cluster each.
    dedup_key_cap:       records looked at per blocking key, newest first.
    dedup_candidate_cap: records compared with one record, those that share the rarest keys first.
    dedup_lower, dedup_upper: probabilities that replace the model's thresholds.
    dedup_relink_hour: hour of the day, in UTC, from which the worker looks nightly at what has changed.
    dedup_refresh_seconds:    age of the value counts in memory before they are read again.
    """

    dedup_database_url: SecretStr
    dedup_port: int = 8602
    dedup_model: Path | None = None
    dedup_lower: float | None = Field(default=None, gt=0, lt=1)
    dedup_upper: float | None = Field(default=None, gt=0, lt=1)
    dedup_key_cap: int = Field(default=200, ge=1, le=10_000)
    dedup_candidate_cap: int = Field(default=50, ge=1, le=1_000)
    dedup_synchronous_commit: Literal["off", "on"] = "off"
    dedup_relink_hour: int = Field(default=0, ge=0, le=23)
    dedup_refresh_seconds: float = Field(default=60.0, gt=0)
    dedup_count_seconds: float = Field(default=10.0, gt=0)
