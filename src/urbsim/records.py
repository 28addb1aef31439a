"""Named tuples of arrays that kernels read where they lie.

Numba hands a named tuple on by value: each of the two dozen columns of people as seven numbers, again at every call of
one function by another, which takes most of the time of compiling and has to be undone by the optimiser. A record is
handed on as one address, and only what a function reads is read there.
"""

from __future__ import annotations

from typing import Any, TypeVar

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, register_model, typeof_impl, unbox

View = TypeVar("View", bound=tuple[Any, ...])


class Record(types.Type):
    """The Numba type of a record: its class, and the types of its members."""

    def __init__(self, cls: Any, members: tuple[Any, ...]) -> None:
        self.instance_class, self.types = cls, members
        super().__init__(f"record {cls.__module__}.{cls.__qualname__}({', '.join(map(str, members))})")

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the members."""
        names: tuple[str, ...] = self.instance_class._fields
        return names


def record(cls: type[View]) -> type[View]:
    """Let kernels take a class of named tuples as a record. What it holds may not change while a kernel reads it.

    Members are numbers, arrays and records. A kernel may write into the arrays, and returns none of them.
    """

    @typeof_impl.register(cls)  # type: ignore[untyped-decorator]
    def _type_of(value: Any, context: Any) -> Record:
        return Record(cls, tuple(typeof_impl(member, context) for member in value))

    return cls


@register_model(Record)
class _Address(models.PrimitiveModel):  # type: ignore[misc]
    """A record is the address of its members."""

    def __init__(self, manager: Any, kind: Record) -> None:
        self.layout = ir.LiteralStructType([manager.lookup(member).get_value_type() for member in kind.types])
        super().__init__(manager, kind, self.layout.as_pointer())


@infer_getattr
class _Members(AttributeTemplate):  # type: ignore[misc]
    key = Record

    def generic_resolve(self, kind: Record, name: str) -> Any:
        return kind.types[kind.fields.index(name)] if name in kind.fields else None


@lower_getattr_generic(Record)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, kind: Record, address: Any, name: str) -> Any:
    """Read a member; of an array, what it consists of. Nobody keeps count of who refers to it: the caller holds it."""
    number = kind.fields.index(name)
    member = kind.types[number]
    place = cgutils.gep_inbounds(builder, address, 0, number)
    if not isinstance(member, types.Array):
        return _load(builder, place)
    array = context.make_array(member)(context, builder)
    for field in ("parent", "nitems", "itemsize", "data", "shape", "strides"):
        at = array._datamodel.get_field_position(field)
        setattr(array, field, _load(builder, cgutils.gep_inbounds(builder, place, 0, at)))
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    return array._getvalue()


def _load(builder: Any, place: Any) -> Any:
    """Read what does not change while the kernel runs, so that one reading serves a whole loop."""
    value = builder.load(place)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


@unbox(Record)  # type: ignore[untyped-decorator]
def _unbox(kind: Record, record: Any, c: Any) -> NativeValue:
    """Note the members of a named tuple of Python's side by side, and return the address."""
    layout = c.context.data_model_manager.lookup(kind).layout
    address = cgutils.alloca_once(c.builder, layout)
    failed = cgutils.false_bit
    adapts = ir.FunctionType(ir.IntType(32), [c.pyapi.pyobj, c.pyapi.voidptr])
    adapt = cgutils.get_or_insert_function(c.builder.module, adapts, "numba_adapt_ndarray")
    for number, member in enumerate(kind.types):
        item = c.pyapi.tuple_getitem(record, number)
        place = cgutils.gep_inbounds(c.builder, address, 0, number)
        if isinstance(member, types.Array):
            error = c.builder.call(adapt, (item, c.builder.bitcast(place, c.pyapi.voidptr)))
            wrong = cgutils.is_not_null(c.builder, error)
        else:
            native = c.unbox(member, item)
            c.builder.store(native.value, place)
            wrong = native.is_error
        failed = c.builder.or_(failed, wrong)
    return NativeValue(address, is_error=failed)
