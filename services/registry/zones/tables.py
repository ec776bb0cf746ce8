"""The zone tree: country, region, governorate or province, district, commune or settlement."""

from sqlalchemy import CheckConstraint, Column, Double, ForeignKey, Index, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.registry.schema import metadata

zone = Table(
    "zone",
    metadata,
    Column("code", Text, primary_key=True),
    Column("parent_code", Text, ForeignKey("registry.zone.code")),
    Column("level", SmallInteger, nullable=False),
    Column("level_type", Text, nullable=False),
    Column("path", ARRAY(Text), nullable=False, comment="codes from the country down to this zone"),
    Column("name_ar", Text, nullable=False),
    Column("name_en", Text),
    Column("name_en_suspect", Text, nullable=False, server_default=""),
    Column("lat", Double),
    Column("lon", Double),
    Column("boundary", JSONB),
    Column("geom_quality", Text),
    Column("source", Text, nullable=False),
    Column("licence", Text, nullable=False),
    CheckConstraint("level = cardinality(path) - 1", name="zone_level_is_its_depth"),
    Index("zone_parent", "parent_code"),
)
