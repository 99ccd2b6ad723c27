"""The functions that a rule may call: a part of CEL that ends soon and never grows what it reads.

CEL has more; what is left out (joining text, `map`, conversions, time) could cost without bound or is of no
use to rules. `size` of a text is left out because the engine counts bytes where CEL counts characters.
"""

from dataclasses import dataclass

from vigie.policy.facts import CelType

LISTS = (CelType.STRINGS, CelType.INTS, CelType.BOOLS)

ELEMENT_OF = {
    CelType.STRINGS: CelType.STRING,
    CelType.INTS: CelType.INT,
    CelType.BOOLS: CelType.BOOL,
}
LIST_OF = {element: whole for whole, element in ELEMENT_OF.items()}


@dataclass(frozen=True)
class Function:
    """One function: on what it is called, with what, and what comes back."""

    name: str
    form: str
    receivers: tuple[CelType, ...]
    arguments: tuple[CelType, ...]
    returns: CelType
    meaning: str
    example: str


@dataclass(frozen=True)
class Macro:
    """A question to every item of a list; `returns` is None when it gives the list's own type."""

    name: str
    form: str
    returns: CelType | None
    meaning: str
    example: str


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "size",
        "size(list)",
        LISTS,
        (),
        CelType.INT,
        "How many items a list has; `list.size()` is the same.",
        "size(content.links) > 3",
    ),
    Function(
        "contains",
        "text.contains(part)",
        (CelType.STRING,),
        (CelType.STRING,),
        CelType.BOOL,
        "Whether the text holds this part, upper and lower case told apart.",
        'content.text.contains("heron")',
    ),
    Function(
        "startsWith",
        "text.startsWith(part)",
        (CelType.STRING,),
        (CelType.STRING,),
        CelType.BOOL,
        "Whether the text begins so.",
        'match.bank.startsWith("grey-")',
    ),
    Function(
        "endsWith",
        "text.endsWith(part)",
        (CelType.STRING,),
        (CelType.STRING,),
        CelType.BOOL,
        "Whether the text ends so.",
        'content.id.endsWith("-draft")',
    ),
    Function(
        "matches",
        "text.matches(pattern)",
        (CelType.STRING,),
        (CelType.STRING,),
        CelType.BOOL,
        "Whether the pattern (RE2 syntax, written out in the rule) is found anywhere in the text.",
        r'content.text.matches("(?i)grey\\s+heron")',
    ),
)

MACROS: tuple[Macro, ...] = (
    Macro(
        "exists",
        "list.exists(x, question)",
        CelType.BOOL,
        "Whether the question is true for an item.",
        'content.links.exists(link, link.startsWith("https://heron.example/"))',
    ),
    Macro(
        "all",
        "list.all(x, question)",
        CelType.BOOL,
        "Whether it is true for every item (also for none).",
        'content.links.all(link, link.startsWith("https://"))',
    ),
    Macro(
        "exists_one",
        "list.exists_one(x, question)",
        CelType.BOOL,
        "Whether it is true for exactly one item.",
        'content.links.exists_one(link, link.endsWith(".example"))',
    ),
    Macro(
        "filter",
        "list.filter(x, question)",
        None,
        "The items for which it is true.",
        'size(content.links.filter(link, link.contains("heron"))) > 1',
    ),
)

OPERATORS: tuple[tuple[str, str], ...] = (
    ("`&&` `||` `!`", "and, or, not"),
    ("`==` `!=`", "equal, not equal; both sides of one type"),
    ("`<` `<=` `>` `>=`", "order of whole numbers"),
    ("`in`", 'is an item of a list: `match.signal in ["pdq", "md5"]`'),
    ("`+` `-` `*` `/` `%`", "arithmetic of whole numbers"),
    ("`a ? b : c`", "b if a, else c"),
    ("`list[0]`", "item of a list, from 0"),
)
