"""template.yaml as data, its short functions written out: `!Ref X` is {"Ref": "X"}."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import yaml

from infra.environments import ROOT


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short functions too."""


def _written_out(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _written_out)


@cache
def load(path: str = "template.yaml") -> dict[str, Any]:
    """The template at that path."""
    loaded: dict[str, Any] = yaml.load((ROOT / path).read_text(), _Loader)  # noqa: S506 - a safe loader with the short functions added
    return loaded


def resources(of_type: str, path: str = "template.yaml") -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by logical id."""
    return {name: each["Properties"] for name, each in load(path)["Resources"].items() if each["Type"] == of_type}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role, with the role's logical id."""
    for role, properties in resources("AWS::IAM::Role").items():
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement


def listed(value: object) -> list[Any]:
    """A value that may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [value]


DATA_TABLES: Final = {
    *("AnswersTable", "PeopleTable", "KeysTable", "RollupsTable", "RegistryTable", "DeliveriesTable", "LedgerTable", "TrafficTable"),
    "JobsTable",
}
FUNCTIONS: Final = {
    *("CollectFunction", "ClassifyFunction", "SweepFunction", "SealFunction"),
    *("NotifySnsFunction", "NotifyWebhookFunction", "DeliverFunction", "ChannelsFunction", "AnswersFunction"),
    *("ExportsFunction", "ExportFilesFunction", "ImportsFunction", "ImporterFunction"),
    *("ReportFunction", "ManageFunction", "AuthorizeFunction", "PrivacyFunction", "EraseFunction", "InviteFunction", "PagesFunction"),
    *("SessionFunction", "UsersFunction", "SummaryFunction"),
}
