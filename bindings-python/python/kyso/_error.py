"""The exception that every refusal is."""

from __future__ import annotations


class KysoError(Exception):
    """Something was refused: `code` says what, `field` where. Never holds a value that was passed in.

    The attributes are the members of the error record; one that does not apply is `None`.
    """

    __module__ = "kyso"

    #: Stable name of the code, e.g. `signature_mismatch`.
    code: str = "internal"
    #: `gateway.service.operation`; empty where none was reached.
    operation: str = ""
    #: The field at fault, with dots between nested names.
    field: str | None = None
    #: `config`; `input`: what the caller passed was refused (a building operation: nothing was sent); `response`: the
    #: gateway's answer (the payment may have happened); or `callback`.
    stage: str = "input"
    #: The sentence for people, in English.
    message: str = ""
    #: The sentence for people, in Vietnamese.
    message_vi: str = ""
    #: The gateway's own code, as printed.
    gateway_code: str | None = None
    #: The gateway's own message, as printed.
    gateway_message: str | None = None
    #: Whether the gateway's refusal was signed.
    signed: bool | None = None
    #: After a request that moves money: `refused` where none has moved, `undetermined` with every other error,
    #: whatever its code and stage: query, never send again.
    outcome: str | None = None
    #: The operation to call next.
    next_operation: str | None = None
    #: A finer reason, where one exists.
    reason: str | None = None
    #: Where in the text, counted from 1.
    position: int | None = None
    #: `tconnect.ipn.confirm`: whether the list that lacks the payment has further pages to look through.
    more_pages: bool | None = None
    #: AppotaPay, a callback that is ambiguous: the identifier that `next_operation` asks with.
    appotapayTransId: str | None = None
    #: The same for a virtual account.
    transactionId: str | None = None
    #: VietQR, a name that several banks share: their BINs.
    candidates: list[str] | None = None

    def __init__(self, record: dict[str, object]) -> None:
        super().__init__(record.get("message", ""))
        self.__dict__.update(record)

    def to_dict(self) -> dict[str, object]:
        """The error record: only what applies."""
        return dict(self.__dict__)

    def __reduce__(self) -> tuple[type[KysoError], tuple[dict[str, object]]]:
        return type(self), (self.to_dict(),)
