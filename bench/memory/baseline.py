"""As the original does it: each message stored bare, the nearest three, the first 200 characters of each."""

import numpy as np

from bench.memory.chats import Chat, Question
from gantry_edge.retrieval.embedder import Embedder

SHOWN = 200  # characters of a message
NEAREST = 3


class Baseline:
    def __init__(self, embedder: Embedder, chat: Chat) -> None:
        self.embedder = embedder
        self.messages = [text for each in chat.exchanges for text in (each.user, each.assistant)]
        self.vectors = embedder.embed([embedder.shortened(text) for text in self.messages])

    def hand_over(self, question: Question, budget: int, nearest: int | None = NEAREST) -> str:
        """With `nearest` of None as many as the budget takes."""
        order = np.argsort(-(self.vectors @ self.embedder.embed([question.text])[0]))[:nearest]
        return "\n".join(self.messages[at][:SHOWN] for at in order)[: budget + NEAREST]  # line ends are free
