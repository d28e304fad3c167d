"""The words of the prompt library. Mirrors `web/src/types.ts`."""

from typing import Annotated

import msgspec
from msgspec import Meta

MOST = 1000  # of one person

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Content = Annotated[str, Meta(min_length=1, max_length=20_000)]


class PromptFields(msgspec.Struct, forbid_unknown_fields=True):
    """What a person writes. `text` may have variables in it, such as `{{user}}`, `{{date}}` or `{{topic}}`."""

    name: Name
    text: Content

    def __post_init__(self) -> None:
        self.name = " ".join(self.name.split())
        if not self.name:
            raise ValueError("A prompt needs a name")
        if not self.text.strip():
            raise ValueError("A prompt needs a text")


class Prompt(msgspec.Struct):
    id: str
    name: str
    text: str
    created_at: int
    updated_at: int
