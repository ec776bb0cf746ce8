"""The registry's chain of migrations."""

from services.registry.tables import metadata
from shared.migrations import run_chain

run_chain(metadata)
