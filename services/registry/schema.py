"""The registry's tables live in one PostgreSQL schema; each slice declares its own in `tables.py`."""

from sqlalchemy import MetaData

metadata = MetaData(schema="registry")
