"""What the stand-in for the national sign-on reads from the environment."""

from typing import Self

from pydantic import Field, HttpUrl, SecretStr, model_validator

from shared.settings import HouseSettings


class NafathMockSettings(HouseSettings):
    """Refuses to be made unless SIJILL_NAFATH_MOCK_ENABLED is true: never set it in production.

    callback_url: where accepted sign-ons are announced; nothing is announced without one.
    audience:     the name that the service provider is registered under.
    """

    nafath_mock_enabled: bool = False
    nafath_mock_port: int = 8604
    nafath_mock_prefix: str = Field(default="/nafath-sandbox", pattern=r"^(/[a-z-]+)*$")
    nafath_mock_app_id: str = "sijill"
    nafath_mock_app_key: SecretStr = SecretStr("known-to-all-it-opens-nothing-real")
    nafath_mock_audience: str = "sijill"
    nafath_mock_callback_url: HttpUrl | None = None

    @model_validator(mode="after")
    def _refuse_in_production(self) -> Self:
        if not self.nafath_mock_enabled:
            raise ValueError(
                "the mock of the national sign-on proves nobody's identity and must never run in production;"
                " for a demo or a test set SIJILL_NAFATH_MOCK_ENABLED=true"
            )
        return self
