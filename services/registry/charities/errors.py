from shared import errors
from shared.errors import Text


class CharityNotFound(errors.NotFound):
    code = "charity_not_found"
    text = Text("لا توجد جمعية بهذا المعرّف.", "There is no charity of this id.")


class LicenceTaken(errors.Conflict):
    code = "licence_number_taken"
    text = Text("رقم الترخيص مسجل لجمعية أخرى.", "This licence number belongs to a charity that is registered.")
