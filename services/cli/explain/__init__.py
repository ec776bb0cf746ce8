"""`sijill explain`: why two records are one person, or why not; and how a cluster came about."""
