"""What can go wrong with clients."""

from shared import errors
from shared.errors import Text


class ClientNotFound(errors.NotFound):
    code = "client_not_found"
    text = Text("لا يوجد حساب بهذا المعرّف.", "There is no client with this identifier.")


class ClientRevoked(errors.Conflict):
    code = "client_revoked"
    text = Text("أُلغي هذا الحساب؛ سجّل حساباً جديداً.", "This client is revoked; register a new one.")


class ScopeBeyondRole(errors.Invalid):
    code = "scope_beyond_role"
    text = Text("من النطاقات المطلوبة ما لا يمنحه الدور.", "A scope asked for is not among those of the roles.")


class CharityMissing(errors.Invalid):
    code = "charity_missing"
    text = Text(
        "حساب الجمعية يذكر جمعيته، ولا يذكرها غيره.",
        "A client of the role `charity` names its charity, and no other client does.",
    )


class ZonesMissing(errors.Invalid):
    code = "zones_missing"
    text = Text(
        "حساب المنسق يذكر نطاقاته، ولا يذكرها إلا منسق أو مراجع أو مدقق.",
        "A coordinator names his zones; besides him only reviewers and auditors may name any.",
    )
