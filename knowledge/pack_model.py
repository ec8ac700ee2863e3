"""What all that a pack is made of has in common: frozen models that know every field, and text that is not empty."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Words: TypeAlias = Annotated[str, Field(min_length=1)]
"""Text that must not be left empty."""


class PackModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
