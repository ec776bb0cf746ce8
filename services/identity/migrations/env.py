"""The identity service's chain of migrations."""

from services.identity.tables import metadata
from shared.migrations import run_chain

run_chain(metadata)
