"""From the text of a policy file to a Policy, or to the list of everything that is wrong with it.

It returns no half policy: one error anywhere and there is none.
"""

import hashlib
import re

import cel
import yaml

from vigie.policy.documents import compose
from vigie.policy.facts import Root
from vigie.policy.fields import EnoughErrors, FieldReader
from vigie.policy.problems import PolicyInvalid
from vigie.policy.rules import (
    BECAUSE_CHARS_MAX,
    EXPRESSION_CHARS_MAX,
    PATTERNS_MAX,
    RULES_MAX,
    VISIBLE,
    Policy,
    Rule,
    VerdictLevel,
    facts_used_by,
)
from vigie.policy.sources import PolicySource
from vigie.policy.syntax import parse
from vigie.policy.tokens import ExpressionError
from vigie.policy.typecheck import check

FORMAT_VERSION = 1

_POLICY_KEYS = {"version": "1", "name": "default", "rules": "..."}
_RULE_KEYS = {
    "name": "confirmed-copy",
    "each": "match",
    "when": "match.distance_bits == 0",
    "then": "hold",
    "because": "Copy of banked material.",
}
_ASKABLE = (VerdictLevel.REVIEW, VerdictLevel.HOLD, VerdictLevel.REMOVE)
_ENGINE_ERROR = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")


def parse_policy(text: str, *, source_name: str) -> Policy:
    """The policy written in `text`; `source_name` stands for the file in errors.

    Raises PolicyInvalid with every error found (the first 200, in a file that is no policy at all), in the order
    of the file.
    """
    source = PolicySource(source_name, canonical(text))
    reader = _PolicyReader(source)
    try:
        policy = reader.policy()
    except EnoughErrors:
        policy = None
    if reader.fields.problems or policy is None:
        raise PolicyInvalid(tuple(sorted(reader.fields.problems, key=lambda one: (one.line, one.column))))
    return policy


def canonical(text: str) -> str:
    """The text with `\\n` line ends, without byte order mark and trailing spaces, ending in one line end."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n") + "\n"


class _PolicyReader:
    """Reads one file; parts that are wrong come back as None and are reported."""

    def __init__(self, source: PolicySource) -> None:
        self._source = source
        self.fields = FieldReader(source)
        self._patterns = 0

    def policy(self) -> Policy | None:
        document = compose(self._source, self.fields.problems.append)
        if document is None:
            return None
        fields = self.fields.mapping(document, what="a policy", required=_POLICY_KEYS, optional=())
        if fields is None:
            return None
        self.fields.number(
            fields.get("version"),
            key="version",
            only=FORMAT_VERSION,
            meaning="the version of the file format (versions of a policy are counted by Vigie)",
        )
        name = self.fields.slug(fields.get("name"), example="default")
        rules = self._rules(fields.get("rules"))
        if name is None or rules is None or self.fields.problems:
            return None
        return Policy(
            name=name,
            rules=rules,
            text=self._source.text,
            digest=hashlib.sha256(self._source.text.encode()).hexdigest(),
            facts_used=facts_used_by(rules),
        )

    def _rules(self, node: yaml.Node | None) -> tuple[Rule, ...] | None:
        if node is None:
            return None
        if not isinstance(node, yaml.SequenceNode) or not 1 <= len(node.value) <= RULES_MAX:
            self.fields.report(
                "rule_count" if isinstance(node, yaml.SequenceNode) else "wrong_type",
                node,
                f"`rules` must be a list of 1 to {RULES_MAX} rules",
                expected="rules, each beginning with `- name:`",
            )
            return None
        lines_by_name: dict[str, int] = {}
        rules = [self._rule(one, lines_by_name) for one in node.value]
        return tuple(rule for rule in rules if rule is not None)

    def _rule(self, node: yaml.Node, lines_by_name: dict[str, int]) -> Rule | None:
        fields = self.fields.mapping(node, what="a rule", required=_RULE_KEYS, optional=("shadow",))
        if fields is None:
            return None
        name = self._rule_name(fields.get("name"), lines_by_name)
        each = self.fields.choice(fields.get("each"), key="each", choices=tuple(Root))
        then = self._then(fields.get("then"), each)
        because = self.fields.text(
            fields.get("because"),
            key="because",
            example=_RULE_KEYS["because"],
            chars_max=BECAUSE_CHARS_MAX,
        )
        shadow = self.fields.flag(fields.get("shadow"), key="shadow")
        condition = self._condition(fields.get("when"), each)
        if name is None or each is None or then is None or because is None:
            return None
        if shadow is None or condition is None:
            return None
        when, facts, program = condition
        return Rule(
            name=name,
            each=each,
            when=when,
            then=then,
            because=because,
            shadow=shadow,
            facts=facts,
            program=program,
        )

    def _rule_name(self, node: yaml.Node | None, lines_by_name: dict[str, int]) -> str | None:
        name = self.fields.slug(node, example=_RULE_KEYS["name"])
        if name is None or node is None:
            return None
        if name in lines_by_name:
            self.fields.report(
                "duplicate_name",
                node,
                f"there is already a rule `{name}`",
                expected=f"a name of its own; the first one stands in line {lines_by_name[name]}",
            )
        lines_by_name.setdefault(name, self._source.place_of(node).line)
        return name

    def _then(self, node: yaml.Node | None, each: Root | None) -> VerdictLevel | None:
        then = self.fields.choice(
            node,
            key="then",
            choices=_ASKABLE,
            why="; content that no rule is true for is allowed",
        )
        if node is not None and then is VerdictLevel.REMOVE and each in (Root.CONTENT, Root.MEDIUM):
            self.fields.report(
                "cannot_remove",
                node,
                f"a rule for each {each} cannot remove",
                expected="`review` or `hold`; only a match with an entry that a person confirmed can remove",
                suggestion="`hold`",
            )
        return then

    def _condition(
        self, node: yaml.Node | None, each: Root | None
    ) -> tuple[str, frozenset[str], cel.Program] | None:
        """The expression, the facts it reads and its program."""
        if node is None or not self._is_expression(node):
            return None
        assert isinstance(node, yaml.ScalarNode)
        expression: str = node.value
        visible = VISIBLE[each] if each else tuple(Root)
        try:
            left = PATTERNS_MAX - self._patterns
            checked = check(parse(expression), visible=visible, patterns_max=left)
        except ExpressionError as error:
            self._report_expression(node, error)
            return None
        self._patterns += min(checked.patterns, left)
        for one in checked.errors:
            self._report_expression(node, one)
        if checked.errors:
            return None
        try:
            program = cel.compile(expression)
        except ValueError as error:
            self._report_expression(node, _told_by_engine(expression, str(error)))
            return None
        return expression.strip(), checked.facts, program

    def _is_expression(self, node: yaml.Node) -> bool:
        if not isinstance(node, yaml.ScalarNode):
            self.fields.report(
                "wrong_type",
                node,
                "`when` must be one expression",
                expected="a text; an expression that begins with `[` or `{` stands in a block",
                suggestion="write `|-` after the colon and the expression indented on the next line",
            )
        elif not node.tag.startswith("tag:yaml.org,2002:"):
            self.fields.report(
                "yaml_tag",
                node,
                "YAML reads a `!` at the beginning as a tag",
                expected="an expression in a block or in quotes",
                suggestion="write `|-` after the colon and the expression indented on the next line",
            )
        elif not node.value.strip():
            self.fields.report(
                "wrong_type",
                node,
                "`when` is empty",
                expected="an expression that is true or false",
                suggestion=f"`{_RULE_KEYS['when']}`",
            )
        elif len(node.value) > EXPRESSION_CHARS_MAX:
            self.fields.report(
                "too_long",
                node,
                "this expression is too long",
                expected=f"at most {EXPRESSION_CHARS_MAX:,} characters",
                suggestion="split it into several rules",
            )
        else:
            return True
        return False

    def _report_expression(self, node: yaml.ScalarNode, error: ExpressionError) -> None:
        suggestion = error.suggestion
        is_cut = error.code in ("unclosed_text", "syntax") and self._source.line_goes_on_as_comment(node)
        if is_cut and not suggestion:
            suggestion = "YAML reads ` #` as the start of a comment: write the expression in a block (`|-`)"
        self.fields.report(
            error.code,
            self._source.places_in(node).place(error.start, error.end),
            error.message,
            expected=error.expected,
            suggestion=suggestion,
        )


def _told_by_engine(expression: str, told: str) -> ExpressionError:
    """What the engine has against an expression that this package would have accepted."""
    found = _ENGINE_ERROR.search(told)
    if found is None:
        return ExpressionError(0, len(expression), "the engine refuses this expression", expected="CEL")
    lines_before = expression.split("\n")[: int(found[1]) - 1]
    start = sum(len(line) + 1 for line in lines_before) + int(found[2]) - 1
    return ExpressionError(start, start + 1, f"the engine refuses this: {found[3][:120]}", expected="CEL")
