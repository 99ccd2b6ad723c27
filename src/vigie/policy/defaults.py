"""The policy that Vigie starts with.

It only hands out the text: whether it becomes the active policy is the business of `service`.
"""

from importlib.resources import files


def default_policy_text() -> str:
    """The text of the default policy, to activate or to start a policy of one's own from."""
    return files("vigie.policy").joinpath("default_policy.yaml").read_text(encoding="utf-8")
