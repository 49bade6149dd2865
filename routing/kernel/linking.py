"""
How numba makes one piece of machine code of the kernel's many functions.

numba optimises every function together with all that it calls, makes machine code of it, and does so again for its
caller: at the top of ten levels of calls the lowest one has been compiled ten times. And it compiles a function anew
for each constant and each width of integer that it is called with. Here a function that only compiled ones call is kept
as it was translated, once, for 64-bit integers; the door that Python calls collects all of them, and optimises once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite.binding import Linkage
from numba import _dynfunc
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, _LowerResult
from numba.core.compiler_machinery import LoweringPass, PassManager, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

Types = tuple[types.Type, ...]


class PartLibrary(JITCodeLibrary):
    """Code of one function, to be linked into a door: neither optimised nor made into machine code by itself."""

    def finalize(self) -> None:
        """Do nothing: the door does it for all."""
        self._finalized = True


class DoorLibrary(JITCodeLibrary):
    """Code of a function that Python calls, and of everything behind it."""

    def finalize(self) -> None:
        """Link what is called directly or not, each once; then optimise, and make machine code."""
        found: dict[Any, None] = {}
        waiting = list(self._linking_libraries)
        while waiting:
            library = waiting.pop()
            if library not in found:
                found[library] = None
                waiting.extend(library._linking_libraries if isinstance(library, PartLibrary) else ())  # noqa: SLF001
        self._linking_libraries = list(found)
        super().finalize()

    def _optimize_final_module(self) -> None:
        """As numba's, with all but the door private: then what nobody reads is not passed from function to function."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage is Linkage.linkonce_odr:
                function.linkage = Linkage.internal
        super()._optimize_final_module()


@register_pass(mutates_CFG=True, analysis_only=False)
class _AsCallee(LoweringPass):
    """Make known a function that has no machine code yet, so that others can be translated that call it."""

    _name = "kernel_callee"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        lowered = state["cr"]
        description = lowered.fndesc
        key = _dynfunc.make_function(
            description.lookup_module(), description.qualname, "", 0, lowered.env, (state.library,)
        )
        state.targetctx.insert_user_function(key, description, [state.library])
        state["cr"] = _LowerResult(description, lowered.call_helper, cfunc=key, env=lowered.env)
        return True


class PartCompiler(CompilerBase):
    """Translates a function that only compiled ones call."""

    def define_pipelines(self) -> list[PassManager]:
        """As numba's, but for machine code."""
        state = self.state
        state.flags.no_compile = True
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        passes = DefaultPassBuilder.define_nopython_pipeline(state)
        passes.add_pass_after(_AsCallee, NativeLowering)
        passes.finalize()
        return [passes]


class DoorCompiler(CompilerBase):
    """Compiles a function that Python calls."""

    def define_pipelines(self) -> list[PassManager]:
        """As numba's, into a library of ours."""
        state = self.state
        state.library = DoorLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return [DefaultPassBuilder.define_nopython_pipeline(state)]


class Part(CPUDispatcher):
    """A function that only compiled ones call, compiled for one set of types."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(
            function, targetoptions={"nopython": True, "boundscheck": None, **options}, pipeline_class=PartCompiler
        )

    def get_call_template(self, args: Types, kws: dict[str, types.Type]) -> Any:
        """Resolve a call; its arguments are converted to what the function is compiled for."""
        return super().get_call_template(tuple(map(_widest, args)), kws)

    def add_overload(self, cres: Any) -> None:
        """Remember what was translated; there is nothing that Python could call."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *_: Any, **__: Any) -> Any:
        raise TypeError(f"{self.py_func.__qualname__} is called from compiled code only; mark it with `jit` to call it")


def _widest(given: types.Type) -> types.Type:
    """One type for all constants and signed integers; unsigned ones are 64 bits wide or bytes, and stay."""
    if isinstance(given, types.BaseTuple) and not isinstance(given, types.BaseNamedTuple):
        return types.BaseTuple.from_types(tuple(map(_widest, given)))
    plain = types.unliteral(given)
    return types.int64 if isinstance(plain, types.Integer) and plain.signed else plain
