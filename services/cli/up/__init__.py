"""The whole house on one machine: PostgreSQL, services and workers under one supervisor."""
