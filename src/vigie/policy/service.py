"""Versions of the policy: making one active, with its ledger entry, and knowing the active one.

It evaluates nothing, and changes no version that exists: a new text is a new version.
"""

from pathlib import Path
from threading import Lock

from django.db import connection, transaction

from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, Unavailable
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.policy.defaults import default_policy_text
from vigie.policy.events import PolicyVersionActivated
from vigie.policy.models import PolicyActivation, PolicyVersion
from vigie.policy.parsing import parse_policy
from vigie.policy.rules import Policy

# Any fixed number of our own: activations queue behind it, so that the newest one is the last one committed.
_ACTIVATION_LOCK = 0x5649_4749_0001


class NoActivePolicy(Unavailable):
    """No policy was ever activated in this database."""

    code = "no_active_policy"


class PolicyFileUnreadable(Invalid):
    """The policy file cannot be read."""

    code = "policy_file_unreadable"


def activate(text: str, *, actor: Actor, source_name: str = "policy.yaml") -> PolicyVersion:
    """Make the policy in `text` the active one; the same text again, while it is active, changes nothing.

    This process uses it once the transaction commits; others when they call `reload_if_changed`.
    Raises PolicyInvalid with every error found.
    """
    policy = parse_policy(text, source_name=source_name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ACTIVATION_LOCK])
        before = _active_version()
        if before is not None and before.digest == policy.digest:
            return before
        at = now()
        version = PolicyVersion.objects.filter(digest=policy.digest).first()
        if version is None:
            version = PolicyVersion.objects.create(
                number=PolicyVersion.objects.count() + 1,
                name=policy.name,
                digest=policy.digest,
                text=policy.text,
                added_at=at,
                added_by=str(actor),
            )
        PolicyActivation.objects.create(version=version, activated_at=at, activated_by=str(actor))
        ledger.append(
            PolicyVersionActivated(
                number=version.number,
                label=policy.version_label,
                digest=policy.digest,
                replaces=before.digest if before else "",
                rules=tuple(rule.name for rule in policy.rules if not rule.shadow),
                rules_in_shadow=tuple(rule.name for rule in policy.rules if rule.shadow),
            ),
            actor=actor,
            subject=f"policy:{version.number}",
        )
        transaction.on_commit(reload_if_changed)
    return version


def ensure_default() -> PolicyVersion:
    """The active version; at first start the default policy becomes it."""
    return _active_version() or activate(
        default_policy_text(), actor=SYSTEM, source_name="default_policy.yaml"
    )


def activate_file(path: Path, *, actor: Actor) -> PolicyVersion:
    """Make the policy in a file the active one.

    Raises PolicyFileUnreadable when there is no such text file, PolicyInvalid when it is no policy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyFileUnreadable(
            f"The policy file {path.name} cannot be read.", hint="It must be a readable file in UTF-8."
        ) from error
    return activate(text, actor=actor, source_name=path.name)


def active_policy() -> Policy:
    """The active policy of this process, read from the database at first use only.

    Raises NoActivePolicy when there is none.
    """
    return _held.policy or reload_if_changed()


def reload_if_changed() -> Policy:
    """The active policy after a look at the database; parsed anew only when another version became active."""
    version = _active_version()
    if version is None:
        raise NoActivePolicy(
            "No policy is active.", hint="`vigie up` activates the default policy at its first start."
        )
    with _held.lock:
        if _held.policy is None or _held.policy.digest != version.digest:
            _held.policy = parse_policy(version.text, source_name=version.label)
        return _held.policy


class _Held:
    """What this process knows to be the active policy."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.policy: Policy | None = None


_held = _Held()


def _active_version() -> PolicyVersion | None:
    newest = PolicyActivation.objects.select_related("version").order_by("-id").first()
    return newest.version if newest else None
