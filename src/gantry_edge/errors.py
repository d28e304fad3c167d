"""The error family. Each class has a stable `code` for programs, an HTTP `status`, and a sentence for people.

GantryError
├── BadRequest                 400  bad_request
│   ├── BadBackup              400  bad_backup            (damaged, hostile, or not one at all; exit code 7)
│   ├── BadUpdate              400  bad_update            (not signed by us, not newer, not for here; exit code 7)
│   ├── WeakPassword           400  weak_password
│   ├── NoPictures             400  no_pictures           (the model takes none)
│   ├── NotJson                415  not_json
│   └── NotMultipart           415  not_multipart
├── NotSignedIn                401  not_signed_in
│   ├── SetupNeeded            401  setup_needed
│   └── WrongPassword          401  wrong_password
├── Forbidden                  403  forbidden
│   ├── CrossSite              403  cross_site
│   └── WrongSetupToken        403  wrong_setup_token
├── NotFound                   404  not_found
├── Conflict                   409  conflict
│   ├── AlreadySetUp           409  already_set_up
│   ├── AnswerRunning          409  answer_running
│   └── NameTaken              409  name_taken
├── DataFolderUnusable         500  data_folder_unusable  (not writable; ends the program with code 3)
├── TooSlow                    408  too_slow
├── TooLarge                   413  too_large
├── WrongHost                  421  wrong_host
├── TooManyAttempts            429  too_many_attempts
├── TooManyAnswers             429  too_many_answers
├── ShuttingDown               503  shutting_down
├── QuotaReached               507  quota_reached
├── DiskFull                   507  disk_full
├── ModelError                 502  model_failed          (an endpoint did not answer as it should)
│   ├── ModelUnreachable       502  model_unreachable     (refused, reset, name, TLS)
│   ├── ModelTimeout           504  model_timeout         (connect, first token, idle)
│   ├── ModelRefused           502  model_refused         (4xx: key, unknown model)
│   │   ├── WrongKey           502  model_wrong_key
│   │   └── PromptTooLong      502  model_refused         (longer than the model's window)
│   ├── ModelBusy              503  model_busy            (429, 503, breaker open)
│   ├── ModelBroken            502  model_broken          (5xx, not a stream, garbage, cut short)
│   └── NoModel                503  no_model              (nothing configured, or not loaded yet)
├── DatabaseUnsafe             -    database_unsafe       (SQLite too old, newer schema, foreign file)
│   └── DatabaseDamaged        503  database_damaged      (a backup can be brought back)
├── DataFolderLocked           -    data_folder_locked
├── PortInUse                  -    port_in_use
└── SelfCheckFailed            -    self_check_failed     (of `doctor`; exit code 7)
"""

from typing import ClassVar

from msgspec import Struct


class GantryError(Exception):
    """What happened, and what to do about it, as one sentence for the person who sees it."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after = retry_after  # seconds


class BadRequest(GantryError):
    code, status, title = "bad_request", 400, "The request is not valid"


class BadBackup(BadRequest):
    code, title = "bad_backup", "This backup cannot be used"


class NoPictures(BadRequest):
    code, title = "no_pictures", "This model takes no pictures"


class BadUpdate(BadRequest):
    code, title = "bad_update", "This update is not taken"


class WeakPassword(BadRequest):
    code, title = "weak_password", "Choose another password"


class NotJson(BadRequest):
    code, status, title = "not_json", 415, "This address takes JSON"


class NotMultipart(BadRequest):
    code, status, title = "not_multipart", 415, "This address takes files"


class NotSignedIn(GantryError):
    code, status, title = "not_signed_in", 401, "Sign in first"


class SetupNeeded(NotSignedIn):
    code, title = "setup_needed", "This appliance has no owner yet"


class WrongPassword(NotSignedIn):
    code, title = "wrong_password", "Name or password is wrong"


class Forbidden(GantryError):
    code, status, title = "forbidden", 403, "Your account may not do this"


class CrossSite(Forbidden):
    code, title = "cross_site", "The request came from another site"


class WrongSetupToken(Forbidden):
    code, title = "wrong_setup_token", "This setup link is not valid"


class NotFound(GantryError):
    code, status, title = "not_found", 404, "There is nothing here"


class Conflict(GantryError):
    code, status, title = "conflict", 409, "That is not possible now"


class AlreadySetUp(Conflict):
    code, title = "already_set_up", "This appliance already has an owner"


class AnswerRunning(Conflict):
    code, title = "answer_running", "An answer is still being written"


class NameTaken(Conflict):
    code, title = "name_taken", "That name is taken"


class TooSlow(GantryError):
    code, status, title = "too_slow", 408, "The request came too slowly and was not read to its end; send it again"


class TooLarge(GantryError):
    code, status, title = "too_large", 413, "The file is too large"


class DataFolderUnusable(GantryError):
    code, title = "data_folder_unusable", "The data folder cannot be used"


class WrongHost(GantryError):
    code, status, title = "wrong_host", 421, "This address is not served here"


class TooManyAttempts(GantryError):
    code, status, title = "too_many_attempts", 429, "Too many attempts"


class TooManyAnswers(GantryError):
    code, status, title = "too_many_answers", 429, "Too many answers at once"


class ShuttingDown(GantryError):
    code, status, title = "shutting_down", 503, "The server is stopping"


class QuotaReached(GantryError):
    code, status, title = "quota_reached", 507, "There is no room for more documents"


class DiskFull(GantryError):
    code, status, title = "disk_full", 507, "The disk is full"


class ModelError(GantryError):
    code, status, title = "model_failed", 502, "The model did not answer"


class ModelUnreachable(ModelError):
    code, title = "model_unreachable", "The model's server cannot be reached"


class ModelTimeout(ModelError):
    code, status, title = "model_timeout", 504, "The model took too long"


class ModelRefused(ModelError):
    code, title = "model_refused", "The model's server refused the request"


class WrongKey(ModelRefused):
    code, title = "model_wrong_key", "The model's server did not accept the key"


class PromptTooLong(ModelRefused):
    title = "The conversation is too long for this model"

    def __init__(self, detail: str = "", *, window: int | None = None) -> None:
        super().__init__(detail)
        self.window = window  # tokens, where the server named them


class ModelBusy(ModelError):
    code, status, title = "model_busy", 503, "The model's server is busy"


class ModelBroken(ModelError):
    code, title = "model_broken", "The model's server sent something unusable"


class NoModel(ModelError):
    code, status, title = "no_model", 503, "No model is available"


class DatabaseUnsafe(GantryError):
    code, title = "database_unsafe", "The database cannot be opened safely"


class DatabaseDamaged(DatabaseUnsafe):
    code, status, title = "database_damaged", 503, "The database is damaged"


class DataFolderLocked(GantryError):
    code, title = "data_folder_locked", "Another Gantry Edge uses this data folder"


class PortInUse(GantryError):
    code, title = "port_in_use", "The port is in use"


class SelfCheckFailed(GantryError):
    code, title = "self_check_failed", "Not all is well"


class FieldError(Struct):
    field: str
    message: str


class Problem(Struct, omit_defaults=True):
    """How an error leaves over HTTP (RFC 9457): `code` for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] | None = None
