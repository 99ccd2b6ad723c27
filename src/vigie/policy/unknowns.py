"""What to tell the author of a rule about a name that means nothing there, and which name was probably meant.

It only words errors: whether a name is known is the type checker's business.
"""

from vigie.policy.facts import BY_PATH, Root, names_under
from vigie.policy.functions import FUNCTIONS, MACROS
from vigie.policy.problems import listed, nearest
from vigie.policy.syntax import Call, Member, Name
from vigie.policy.tokens import ExpressionError

_FORMS = {
    **{function.name: function.form for function in FUNCTIONS},
    **{macro.name: macro.form for macro in MACROS},
}
CALLABLE = list(_FORMS)

_WORDS_FOR_VALUES = {
    "True": "true",
    "False": "false",
    "TRUE": "true",
    "FALSE": "false",
    "yes": "true",
    "no": "false",
}
_LEFT_OUT = {
    "has": ("every fact is always there", 'compare with the empty value, as in `match.legal_type != ""`'),
    "map": ("lists cannot be rewritten in rules", "ask the list with `exists`, `all` or `filter`"),
}


def root_alone(node: Name) -> ExpressionError:
    """`match` where a fact of it was meant."""
    return ExpressionError(
        node.start,
        node.end,
        f"`{node.name}` alone is no value",
        expected=f"one of its facts, as in `{node.name}.{names_under(Root(node.name))[0]}`",
        code="unknown_fact",
    )


def unknown_name(node: Name, *, visible: tuple[Root, ...], variables: list[str]) -> ExpressionError:
    """A name that stands alone and is neither a root of facts nor a variable."""
    in_sight = _paths(visible)
    # The root was forgotten, perhaps with a slip in the name besides; or it is a fact of another root.
    guess = (
        _WORDS_FOR_VALUES.get(node.name)
        or _with_name(node.name, in_sight)
        or nearest(node.name, [*visible, *variables])
        or _like_name(node.name, in_sight)
    )
    elsewhere = "" if guess else _with_name(node.name, list(BY_PATH))
    if elsewhere:
        guess = f"{elsewhere}` in a rule with `each: {BY_PATH[elsewhere].root}"
    return ExpressionError(
        node.start,
        node.end,
        f"unknown name `{node.name}`",
        expected=f"a fact of {listed(list(visible))}",
        code="unknown_fact",
        suggestion=f"`{guess}`" if guess else "",
    )


def unknown_fact(node: Member, root: str, *, visible: tuple[Root, ...]) -> ExpressionError:
    """`root.name` where there is no such fact, or none that this rule sees."""
    path = f"{root}.{node.name}"
    in_sight = _paths(visible)
    if root in tuple(Root) and root not in visible:
        return ExpressionError(
            node.start,
            node.end,
            f"`{path}` cannot be seen by this rule",
            expected=f"a fact of {listed(list(visible))}",
            code="fact_out_of_sight",
            suggestion=f"`each: {root}`" if path in BY_PATH else "",
        )
    if root in tuple(Root):
        names = names_under(Root(root))
        own = nearest(node.name, names)
        guess = f"{root}.{own}" if own else _with_name(node.name, in_sight)
        expected = f"a fact of `{root}`: {', '.join(names)}"
    else:
        guess = _with_name(node.name, in_sight) or _like_name(node.name, in_sight)
        expected = f"a fact of {listed(list(visible))}"
    return ExpressionError(
        node.start,
        node.end,
        f"unknown fact `{path}`",
        expected=expected,
        code="unknown_fact",
        suggestion=f"`{guess}`" if guess else "",
    )


def unknown_function(node: Call) -> ExpressionError:
    """A call of something that rules do not have, or that is called in another way."""
    suggestion = ""
    if node.name in _LEFT_OUT:
        why, suggestion = _LEFT_OUT[node.name]
        message = f"`{node.name}` cannot be called in rules: {why}"
    elif node.name in CALLABLE:
        message = f"`{node.name}` is asked of a value, after a dot"
        suggestion = f"`{_FORMS[node.name]}`"
    else:
        message = f"unknown function `{node.name}`"
        guess = nearest(node.name, CALLABLE)
        suggestion = f"`{_FORMS[guess]}`" if guess else ""
    return ExpressionError(
        node.name_start,
        node.name_start + len(node.name),
        message,
        expected=listed(CALLABLE),
        code="unknown_function",
        suggestion=suggestion,
    )


def _paths(visible: tuple[Root, ...]) -> list[str]:
    return [path for path, fact in BY_PATH.items() if fact.root in visible]


def _with_name(name: str, paths: list[str]) -> str:
    """The path of a fact of this name, or an empty string."""
    return next((path for path in paths if name and path.endswith(f".{name}")), "")


def _like_name(name: str, paths: list[str]) -> str:
    """The path of a fact of a name like this one: whole paths are alike by their roots alone."""
    return _with_name(nearest(name, [path.split(".")[1] for path in paths]), paths)
