"""What the generated classes stand on: methods that hand their keyword arguments to the native part."""

from __future__ import annotations

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ClassVar, NoReturn, TypeAlias, TypeVar

    Face = TypeVar("Face", bound=Callable[..., object])

    #: A message as it was received: text or bytes, never parsed.
    Raw: TypeAlias = str | bytes | bytearray | memoryview


class _Holder:
    """Holds a client, and so secrets: frozen, neither copied nor pickled."""

    __slots__ = ("_client",)

    _client: _native.Client | None

    def __init__(self, client: _native.Client | None) -> None:
        object.__setattr__(self, "_client", client)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __repr__(self) -> str:
        return f"<kyso.{type(self).__qualname__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds secrets: it cannot be copied or pickled")


class Gateway(_Holder):
    """A gateway's client, shared by any number of threads."""

    __slots__ = ()

    #: The attributes that hold the services, and their classes.
    _service_classes: ClassVar[tuple[tuple[str, type[Service]], ...]] = ()

    def __init__(self) -> None:
        _fill(self, None)


class Service(_Holder):
    """The operations of one service of a client."""

    __slots__ = ()


def _fill(gateway: Gateway, client: _native.Client | None) -> None:
    _Holder.__init__(gateway, client)
    for name, service in gateway._service_classes:
        object.__setattr__(gateway, name, service(client))


def configuration(gateway: str) -> Callable[[Face], Face]:
    """Makes a typed `__init__` build the native client."""

    def declare(face: Face) -> Face:
        optional = face.__kwdefaults__ or {}

        def __init__(self: Gateway, /, **config: object) -> None:
            try:
                _fill(self, _native.Client(gateway, config, optional))
            finally:
                # An error report may print this frame's variables.
                config.clear()

        return _dressed(__init__, face)

    return declare


def operation(name: str) -> Callable[[Face], Face]:
    """Makes a typed method run the operation of that name."""

    def declare(face: Face) -> Face:
        optional = face.__kwdefaults__ or {}
        call = _native.call

        def run(self: Service, /, **fields: object) -> object:
            try:
                return call(self._client, name, fields, optional)
            except BaseException:
                # An error report may print this frame's variables.
                fields.clear()
                raise

        return _dressed(run, face)

    return declare


def _dressed(run: Callable[..., object], face: Face) -> Face:
    """`functools.wraps` by hand: importing it costs more than everything else here."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(run, name, getattr(face, name))
    run.__wrapped__ = face  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]
