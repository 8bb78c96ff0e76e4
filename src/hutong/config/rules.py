"""``hutong rules``: the rulebook's commands; to simulate over a registry folder it is handed linkage's facts (ADR 0009)."""

from hutong.linkage.registry_facts import registry_facts
from hutong.rulebook.cli import rules
from hutong.rulebook.simulating import make_command

rules.add_command(make_command(registry_facts))

__all__ = ["rules"]
