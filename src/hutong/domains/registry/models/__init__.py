"""One child, one file (R-03.01): what the registry keeps."""

from hutong.domains.registry.models.care import (
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    RollEntry,
    SchoolEpisode,
)
from hutong.domains.registry.models.child import Child, FileNumber, Intake
from hutong.domains.registry.models.duplicate import Merge, Pair
from hutong.domains.registry.models.facts import Circumstance
from hutong.domains.registry.models.family import Kinship, Person
from hutong.domains.registry.models.finding import Gram, Judgement, Opened
from hutong.domains.registry.models.leaving import Exit, Move
from hutong.domains.registry.models.past import PastRow
from hutong.domains.registry.models.proposal import Proposal, ProposalLine

__all__ = [
    "Child",
    "Circumstance",
    "Exit",
    "FileNumber",
    "Gram",
    "GuardianshipRegime",
    "GuardianshipStatus",
    "HealthEpisode",
    "Intake",
    "Judgement",
    "Kinship",
    "Merge",
    "Move",
    "Opened",
    "Pair",
    "PastRow",
    "Person",
    "Proposal",
    "ProposalLine",
    "RollEntry",
    "SchoolEpisode",
]
