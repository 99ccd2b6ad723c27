"""The typed stub says what the compiled module offers, no more and no less."""

import ast
import importlib
import importlib.util
import inspect
from pathlib import Path

import vigie_kernel

_STUB = ast.parse((Path(__file__).resolve().parents[2] / "kernel" / "vigie_kernel.pyi").read_text())


def _names(parts: list[ast.stmt]) -> set[str]:
    return {part.name for part in parts if isinstance(part, ast.ClassDef | ast.FunctionDef)}


def _stub_class(name: str) -> ast.ClassDef:
    return next(part for part in _STUB.body if isinstance(part, ast.ClassDef) and part.name == name)


def _is_property(part: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "property" for mark in part.decorator_list)


def _parameters(function: ast.FunctionDef) -> list[tuple[str, bool]]:
    plain = [(argument.arg, False) for argument in function.args.args if argument.arg != "self"]
    return plain + [(argument.arg, True) for argument in function.args.kwonlyargs]


def _compiled_parameters(function: object) -> list[tuple[str, bool]]:
    assert callable(function)
    parameters = inspect.signature(function).parameters.values()
    return [(one.name, one.kind is one.KEYWORD_ONLY) for one in parameters if one.name != "self"]


def test_the_module_exports_what_the_stub_lists() -> None:
    listed = next(part for part in _STUB.body if isinstance(part, ast.Assign))
    compiled = importlib.import_module("vigie_kernel.vigie_kernel")
    exported = {name for name in dir(compiled) if not name.startswith("_")}
    assert exported == set(ast.literal_eval(listed.value)) == _names(_STUB.body)


def test_functions_take_what_the_stub_says() -> None:
    functions = [part for part in _STUB.body if isinstance(part, ast.FunctionDef)]
    assert functions
    for function in functions:
        compiled = getattr(vigie_kernel, function.name)
        assert _compiled_parameters(compiled) == _parameters(function), function.name


def test_classes_have_the_members_that_the_stub_lists() -> None:
    for name in ("PictureSignals", "PictureVariant", "DihedralHashes", "HammingIndex"):
        compiled = getattr(vigie_kernel, name)
        members = [part for part in _stub_class(name).body if isinstance(part, ast.FunctionDef)]
        public = {member for member in vars(compiled) if not member.startswith("_")}
        assert public == {part.name for part in members if not part.name.startswith("_")}
        for part in members:
            member = getattr(compiled, part.name)
            if _is_property(part):
                assert inspect.isgetsetdescriptor(member), part.name
            elif not part.name.startswith("__"):
                assert _compiled_parameters(member) == _parameters(part), part.name


def test_exceptions_stand_in_the_order_of_the_stub() -> None:
    for name in ("KernelError", "MediumRefused", "SnapshotDamaged"):
        bases = [base.id for base in _stub_class(name).bases if isinstance(base, ast.Name)]
        assert [base.__name__ for base in getattr(vigie_kernel, name).__bases__] == bases


def test_the_wheel_says_that_it_is_typed() -> None:
    found = importlib.util.find_spec("vigie_kernel")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent
    assert (folder / "py.typed").is_file()
    assert ast.dump(ast.parse((folder / "__init__.pyi").read_text())) == ast.dump(_STUB)
