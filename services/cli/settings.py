"""What the `sijill` command reads from the environment."""

from pydantic import SecretStr

from shared.settings import HouseSettings


class CommandSettings(HouseSettings):
    """database_url: of a role that may create roles and schemas; unset, the embedded PostgreSQL is used.

    A port of 0 is one of the system's choice.
    """

    database_url: SecretStr | None = None
    registry_port: int = 8601
    dedup_port: int = 8602
    identity_port: int = 8603
    nafath_mock_port: int = 8604

    def ports(self) -> dict[str, int]:
        """The port wanted for each service, by the service's name."""
        return {
            "nafath-mock": self.nafath_mock_port,
            "identity": self.identity_port,
            "dedup": self.dedup_port,
            "registry": self.registry_port,
        }
