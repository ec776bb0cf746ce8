"""What the registry reads from the environment."""

from pydantic import SecretStr

from shared.settings import HouseSettings


class RegistrySettings(HouseSettings):
    """Each database URL logs in with the role that its name says (docs/decisions/0003-row-level-security.md).

    screening_budget: seconds that a submission waits for its screening before it is answered `pending`.
    """

    registry_database_url: SecretStr
    screening_database_url: SecretStr
    oversight_database_url: SecretStr
    national_id_key: SecretStr
    dedup_url: str = "http://127.0.0.1:8602"
    registry_client_id: str = "registry"
    registry_client_secret: SecretStr
    screening_budget: float = 2.0
    max_batch_bytes: int = 32_000_000
