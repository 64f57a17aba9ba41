"""What the user may list and get. It is asked once, so that forbidden requests are not sent."""

import time
from collections.abc import Callable
from functools import partial

import msgspec

from facts.cluster.kinds import Kind, Query
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.collect.concurrency.parallel import run_all
from facts.model.reason import Reason

_RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
_WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
_ONLY_FOR_NODES = "node authorizer does not support user rule resolution"
"""What a server says that also has the authorizer of kubelets: its answer then lacks nothing for anybody else."""


class _Rule(msgspec.Struct, frozen=True, rename="camel"):
    verbs: tuple[str, ...] = ()
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()


class _Rules(msgspec.Struct, frozen=True, rename="camel"):
    resource_rules: tuple[_Rule, ...] = ()
    incomplete: bool = False
    evaluation_error: str = ""


class _RulesReview(msgspec.Struct, frozen=True):
    status: _Rules


class _User(msgspec.Struct, frozen=True):
    username: str = ""


class _UserInfo(msgspec.Struct, frozen=True, rename="camel"):
    user_info: _User = _User()


class _UserReview(msgspec.Struct, frozen=True):
    status: _UserInfo = _UserInfo()


class Permissions(msgspec.Struct, frozen=True):
    """What `user` may do; with `rules` None that is not known, and everything is worth a try."""

    rules: tuple[_Rule, ...] | None = None
    user: str = ""

    def refusal(self, kind: Kind, query: Query, namespace: str | None) -> ApiError | None:
        """Return the error that `query` for `kind` in `namespace` would end in, in the words of the API server.

        None when it may not end so.
        """
        name = query.name or (namespace if namespace and kind.name == "Namespace" else "")
        verb = "get" if name else "list"
        if self.allow(verb, kind.group, kind.plural, name) or not self.user:
            return None  # whoever does not know who asks is told so by the answer of the server
        inside = query.namespace or (namespace if kind.namespaced else "")
        where = f'in the namespace "{inside}"' if inside else "at the cluster scope"
        resource = f"{kind.plural}.{kind.group}".rstrip(".")
        return ApiError(
            Reason.FORBIDDEN,
            f'{resource} is forbidden: User "{self.user}" cannot {verb} resource "{kind.plural}" in API group'
            f' "{kind.group}" {where}',
            403,
        )

    def allow(self, verb: str, group: str, resource: str, name: str = "") -> bool:
        """Return False if a request is surely not allowed."""
        if self.rules is None:
            return True
        return any(
            _has(rule.verbs, verb)
            and _has(rule.api_groups, group)
            and _has(rule.resources, resource)
            and (not rule.resource_names or name in rule.resource_names)
            for rule in self.rules
        )


def _has(allowed: tuple[str, ...], wanted: str) -> bool:
    return wanted in allowed or "*" in allowed or f"*/{wanted.partition('/')[2]}" in allowed


def permissions(connection: Connection, namespace: str, deadline: float) -> Permissions:
    """Ask what the user may do in `namespace` and with what is in none, before `deadline` (of `time.monotonic`).

    Whoever may list a kind in all namespaces may do so in this one, so what is not allowed here is not allowed there.
    What keeps the server from answering is no fault of the lists: nothing is known then.
    """
    questions: list[Callable[[], _Rules | str | None]] = [
        partial(_rules, connection, namespace, deadline),
        partial(_user, connection, deadline),
    ]
    found, user = run_all(questions, 2, max(0.0, deadline - time.monotonic()))
    if not isinstance(found, _Rules):
        return Permissions()
    user = user if isinstance(user, str) else ""
    only_for_nodes = found.evaluation_error == _ONLY_FOR_NODES and not user.startswith("system:node:")
    if found.incomplete and not only_for_nodes:
        return Permissions()
    return Permissions(found.resource_rules, user)


def _rules(connection: Connection, namespace: str, deadline: float) -> _Rules | None:
    try:
        answer = connection.review(_RULES, {"spec": {"namespace": namespace}}, deadline)
        return msgspec.json.decode(answer, type=_RulesReview).status
    except (ApiError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _user(connection: Connection, deadline: float) -> str:
    """Return the name of the user, "" when the server is too old (before 1.28) to tell."""
    try:
        answer = connection.review(_WHO, {}, deadline)
        return msgspec.json.decode(answer, type=_UserReview).status.user_info.username
    except (ApiError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
