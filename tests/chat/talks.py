"""Invented conversations of any length."""

import random

from gantry_edge.chat.schema import Message, Source, Sources, Text

WORDS = ["the", "harbour", "Übergröße", "東京", "🚢", "naïve", "12345", "<|end|>", "`code`", "\n\n", "--", "ααα", "and"]


def talk(dice: random.Random, turns: int, most: int = 2000) -> list[Message]:
    """Questions and answers of any length, a few of them longer than most windows; some rested on passages."""

    def text() -> str:
        return " ".join(dice.choice(WORDS) for _ in range(min(most, dice.choice((1, 5, 30, 200, 2000))))) + "."

    roles = [("user", "assistant")[n % 2] for n in range(turns * 2 + 1)]
    return [
        Message(
            id=f"m{at}",
            conversation_id="c",
            parent_id=None,
            role=role,  # type: ignore[arg-type]
            parts=[Text(text()), *([Sources(passages(dice, at * 10))] if role == "assistant" and at % 3 == 0 else ())],
            created_at=0,
            siblings=[],
        )
        for at, role in enumerate(roles)
    ]


def passages(dice: random.Random, before: int = 0) -> list[Source]:
    """With numbers behind that one."""
    return [
        Source(n, f"p{n}", "d", "notes.txt", n, "", n, n, " ".join(dice.choices(WORDS, k=60)), 0.5)
        for n in range(before + 1, before + dice.randrange(6))
    ]
