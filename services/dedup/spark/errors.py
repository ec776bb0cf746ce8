"""What can go wrong with Spark itself."""


class SparkUnusable(RuntimeError):
    """Spark does not start, or gave up; the message says what to do, and quotes nothing of the data."""
