"""The dedup service's chain of migrations."""
