"""Sign-ons under way, kept in this process's memory: it is a mock, and a restart forgets them all."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from services.nafath_mock.errors import ActiveTransactionExists, TransactionExpired, TransactionNotFound
from shared.ids import IdKind, NationalId

TO_ACT = timedelta(seconds=180)
TO_ACT_WITHOUT_BIO = timedelta(seconds=60)
LINGERS = timedelta(seconds=20)
"""A transaction lives this much longer than the person may act; after that it is only known as expired."""
FORGOTTEN = timedelta(hours=1)
SERVICES = frozenset({
    "Login", "OpenAccount", "ResetPassword", "MoneyTransfer", "RequestDigitalServicesEnrollment",
    "DigitalServiceEnrollmentWithoutBio",
})  # fmt: skip


class Status(StrEnum):
    WAITING = "WAITING"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One sign-on. choices: the three numbers on the phone; `random` is the right one."""

    trans_id: UUID
    request_id: UUID
    number: NationalId
    kind: IdKind
    service: str
    random: str
    choices: tuple[str, ...]
    begun: datetime
    decided: Status = Status.WAITING

    @property
    def act_until(self) -> datetime:
        return self.begun + (TO_ACT_WITHOUT_BIO if self.service.endswith("WithoutBio") else TO_ACT)

    def status(self, now: datetime) -> Status:
        late = self.decided is Status.WAITING and now >= self.act_until
        return Status.EXPIRED if late else self.decided


class Transactions:
    """All sign-ons; one open at a time for an identity."""

    def __init__(self) -> None:
        self._by_id: dict[UUID, Transaction] = {}

    def begin(self, number: tuple[NationalId, IdKind], service: str, request_id: UUID, now: datetime) -> Transaction:
        """Raises ActiveTransactionExists."""
        self._by_id = {key: one for key, one in self._by_id.items() if now - one.begun < FORGOTTEN}
        mine = (one for one in self._by_id.values() if one.number == number[0])
        if any(one.status(now) is Status.WAITING for one in mine):
            raise ActiveTransactionExists
        choices = _three_numbers()
        begun = Transaction(uuid4(), request_id, *number, service, secrets.choice(choices), choices, begun=now)
        self._by_id[begun.trans_id] = begun
        return begun

    def find(self, trans_id: UUID, now: datetime) -> Transaction:
        """Raises TransactionNotFound, or TransactionExpired once its life is over."""
        found = self._by_id.get(trans_id)
        if found is None:
            raise TransactionNotFound
        if now >= found.act_until + LINGERS:
            raise TransactionExpired
        return found

    def choose(self, trans_id: UUID, choice: str, now: datetime) -> Transaction:
        """The person picked a number or refused; a wrong one refuses too. Only the first answer counts.

        Raises TransactionNotFound, TransactionExpired.
        """
        found = self.find(trans_id, now)
        match found.status(now):
            case Status.EXPIRED:
                raise TransactionExpired
            case Status.COMPLETED | Status.REJECTED:
                return found
        decided = Status.COMPLETED if choice == found.random else Status.REJECTED
        self._by_id[trans_id] = replace(found, decided=decided)
        return self._by_id[trans_id]


def _three_numbers() -> tuple[str, ...]:
    return tuple(str(number) for number in secrets.SystemRandom().sample(range(10, 100), 3))
