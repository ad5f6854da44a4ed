from typing import final

__all__ = ["VERSION", "Client", "call"]

VERSION: str

@final
class Client:
    def __new__(cls, gateway: str, config: dict[str, object], optional: dict[str, object]) -> Client: ...

def call(client: Client | None, operation: str, fields: dict[str, object], optional: dict[str, object]) -> object: ...
