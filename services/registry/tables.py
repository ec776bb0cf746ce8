"""All tables of the registry, gathered for its migrations."""

from services.registry.aid import tables as aid
from services.registry.audit import tables as audit
from services.registry.charities import tables as charities
from services.registry.people import tables as people
from services.registry.schema import metadata
from services.registry.zones import tables as zones
from shared import outbox

letter = outbox.table(metadata)

__all__ = ["aid", "audit", "charities", "letter", "metadata", "people", "zones"]
