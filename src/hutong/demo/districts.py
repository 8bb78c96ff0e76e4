"""The demonstration districts: which place, which pack, how many children, from where the ID numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class District:
    code: str
    slug: str
    name: str
    numbers: str
    """Six-digit county code of the ID numbers: never assigned, so nobody real has one."""
    share: float
    work_area: str
    spoil: str = ""
    """The list that arrives with mistakes."""
    without: tuple[str, ...] = ()
    """Lists that have not arrived this quarter."""

    @property
    def area(self) -> str:
        return self.code + "000000"


DISTRICTS = (
    District("500114", "qianjiang", "黔江区", "500199", 0.42, "440300", spoil="disability"),
    District("500103", "yuzhong", "渝中区", "990103", 0.26, "310100", without=("declared_missing",)),
    District("220303", "tiedong", "铁东区", "220399", 0.32, "210200", without=("lost_contact",)),
)
