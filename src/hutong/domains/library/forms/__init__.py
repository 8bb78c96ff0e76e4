"""Forms of the library."""

from hutong.domains.library.forms.desk import (
    ClauseForm,
    FinishForm,
    HeadForm,
    ImportForm,
    RelateForm,
    RepealForm,
    ReviewForm,
    WordsForm,
)
from hutong.domains.library.forms.shelf import AskForm, ShelfForm

__all__ = [
    "AskForm",
    "ClauseForm",
    "FinishForm",
    "HeadForm",
    "ImportForm",
    "RelateForm",
    "RepealForm",
    "ReviewForm",
    "ShelfForm",
    "WordsForm",
]
