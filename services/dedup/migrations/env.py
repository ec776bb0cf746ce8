"""Alembic's way into the dedup service's chain."""

from services.dedup.tables import metadata
from shared.migrations import run_chain

run_chain(metadata)
