"""What commands that call a register read from the environment."""

from pydantic import SecretStr

from shared.settings import HouseSettings


class AccessSettings(HouseSettings):
    """Where the register is and as whom to call it; a command's options go before them."""

    registry_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
