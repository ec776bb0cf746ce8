"""What the identity service reads from the environment."""

from pydantic import ConfigDict, Field, SecretStr, TypeAdapter

from services.identity.clients.schemas import BootstrapClient
from shared.settings import HouseSettings


class IdentitySettings(HouseSettings):
    """identity_sealing_key: 32 bytes in base64; signing keys are sealed with it, and useless without it."""

    identity_port: int = 8603
    identity_database_url: SecretStr
    identity_sealing_key: SecretStr
    identity_bootstrap_clients: SecretStr = SecretStr("[]")
    identity_token_seconds: int = Field(default=300, ge=10, le=300)

    def bootstrap_clients(self) -> list[BootstrapClient]:
        """Raises pydantic's ValidationError, which names the fields and hides the secrets."""
        listed = TypeAdapter(list[BootstrapClient], config=ConfigDict(hide_input_in_errors=True))
        return listed.validate_json(self.identity_bootstrap_clients.get_secret_value())
