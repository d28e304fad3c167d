"""What one answer does: it gathers what it is made from, fits that into the window, asks the model, logs its words."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

import msgspec

from gantry_edge.chat import context, prompt, stream
from gantry_edge.chat.addressee import find_addressee
from gantry_edge.chat.answers import read_persona
from gantry_edge.chat.beside import BRIEFLY, EXCERPTS, numbered
from gantry_edge.chat.citing import Citer, numbers_in
from gantry_edge.chat.gather import NOTHING_FOUND, NOTHING_MORE, Gathered, Gatherer, standing_budget
from gantry_edge.chat.images import Images
from gantry_edge.chat.planner import Counting, Fitted, Planner
from gantry_edge.chat.reuse import Reuse
from gantry_edge.chat.schema import Answer, Memories, Notice, Part, Source, Sources, Started, Text
from gantry_edge.errors import NoPictures, PromptTooLong
from gantry_edge.ids import now
from gantry_edge.memory.switch import is_on
from gantry_edge.models.client import Client
from gantry_edge.models.endpoints import Endpoints
from gantry_edge.models.preferred import read_preferred
from gantry_edge.models.schema import ChatRequest, Delta, Endpoint, Place, Usage
from gantry_edge.personas.choice import instructions
from gantry_edge.personas.schema import Snapshot
from gantry_edge.storage.database import Connection, Database
from gantry_edge.storage.events import EventLog, Log

UNCITED = Notice("uncited", "Nothing in this answer could be matched with its sources; check it yourself")


class Turn:
    """One running answer."""

    def __init__(self, user_id: str, started: Started, running: Log) -> None:
        self.user_id = user_id
        self.started = started
        self.log = running
        self.began = time.monotonic()
        self.answer = Answer(id=started.answer_id, status="running", model=started.model, created_at=now())
        self.task: asyncio.Task[None] | None = None
        self.finishing = False
        self.persona: Snapshot | None = None
        self.gather_ms = 0
        self.place: Place | None = None  # in the line for its endpoint
        self.thinking_from: int | None = None  # ms after it began
        self.usage: Usage | None = None
        self.kept: context.Kept | None = None
        self.continued = False
        self.regenerated = False
        self.key: str | None = None  # of the request, where its answer is to be kept for the next time

    def elapsed_ms(self) -> int:
        return round((time.monotonic() - self.began) * 1000)

    def wait(self, place: Place | None) -> None:
        """Whoever watches is told."""
        self.place = place
        self.log.wake()


class Asker:
    def __init__(
        self,
        database: Database,
        events: EventLog,
        endpoints: Endpoints,
        client: Client,
        gatherer: Gatherer,
        planner: Planner,
        reuse: Reuse,
        images: Images,
    ) -> None:
        self._database = database
        self._events = events
        self._endpoints = endpoints
        self._client = client
        self._gatherer = gatherer
        self._planner = planner
        self._reuse = reuse
        self._images = images

    def foresee(self, connection: Connection, user_id: str, started: Started) -> None:
        self._gatherer.foresee(connection, user_id, started)

    async def ask(self, turn: Turn) -> None:
        """Ask the model and log what it says."""
        turn.persona = await self._database.read(partial(read_persona, id=turn.answer.id))
        turn.answer.persona = turn.persona.name if turn.persona else None
        default = await self._database.read(partial(read_preferred, user_id=turn.user_id))
        endpoint, model, other = await find_addressee(self._endpoints, turn.answer.model or None, turn.persona, default)
        if other:
            self._tell(turn, other)
        turn.answer.model = f"{endpoint.name}/{model}"
        endpoint = msgspec.structs.replace(endpoint, window=await self._planner.window(endpoint, model))
        began = time.monotonic()
        parts = stream.parts_of(turn.log.read(0))
        turn.continued = any(not isinstance(part, Notice) for part in parts)
        gathered = await self._gatherer.gather(turn.user_id, turn.started, endpoint, turn.persona, parts)
        system = instructions(turn.persona, model) if turn.persona else ""
        read = partial(_draft, turn=turn, endpoint=endpoint, system=system, gathered=gathered)
        draft = await self._seen(await self._database.read(read), endpoint, model)
        fitted = await self._planner.fit(endpoint, model, draft)
        turn.gather_ms = round((time.monotonic() - began) * 1000)
        for part in (*_that_fit(gathered.told, fitted), *context.notices(fitted.draft.left_out)):
            self._tell(turn, part)
        try:
            await self._stream(turn, endpoint, model, fitted)
        except PromptTooLong as error:  # the engine takes less than was known: once more, with less
            if turn.answer.first_token_ms is not None:
                raise
            self._planner.refused(endpoint, model, fitted, error)
            fitted = await self._planner.fit(endpoint, model, draft)
            for part in context.notices(fitted.draft.left_out):
                self._tell(turn, part)
            await self._stream(turn, endpoint, model, fitted)

    async def _stream(self, turn: Turn, endpoint: Endpoint, model: str, fitted: Fitted) -> None:
        """Log what the model says; meanwhile its engine counts what it was sent."""
        sources = fitted.draft.found.sources
        sampling = turn.persona.sampling if turn.persona else None
        longest = fitted.answer_room
        request = prompt.request(endpoint, model, fitted.plan, sampling, grounded=bool(sources), longest=longest)
        request = await self._with_pictures(turn.user_id, request, fitted.plan)
        citer, whole = Citer(sources), False
        counting = Counting(self._planner, endpoint, model, fitted)
        again = await self._answered_before(turn, endpoint, request)
        try:
            async with aclosing(
                _told(again) if again else self._client.stream(endpoint, request, turn.user_id)
            ) as deltas:
                async for delta in deltas:
                    if delta.place != turn.place:
                        turn.wait(delta.place)
                    if delta.place:
                        continue
                    if not again:
                        counting.begin()
                    self._take(turn, delta, citer.feed(delta.text))
            whole = True
        finally:
            self._events.append(turn.log, "delta", citer.end(whole=whole))
            if not whole:
                counting.cancel()
            turn.kept = context.keep(counting, turn.usage, turn.gather_ms)
        if sources and not citer.cited:
            self._tell(turn, UNCITED)
        if more := _cited_above(turn, fitted):
            self._tell(turn, Sources(more))
        await counting.end(turn.usage)
        turn.kept = context.keep(counting, turn.usage, turn.gather_ms)

    async def _seen(self, draft: prompt.Draft, endpoint: Endpoint, model: str) -> prompt.Draft:
        """A model that takes no pictures is told their names; one that is asked about them says so instead."""
        if not any(said.pictures for said in draft.turns) or await self._endpoints.takes_images(endpoint, model):
            return draft
        if draft.turns[draft.last].pictures:
            raise NoPictures(f"{model} takes no pictures; choose a model that does, or ask without them")
        return msgspec.structs.replace(draft, sees=False)

    async def _with_pictures(self, user_id: str, request: ChatRequest, plan: prompt.Plan) -> ChatRequest:
        pictures = plan.pictures
        if not any(pictures):
            return request
        urls = await self._images.urls(user_id, [id for ids in pictures for id in ids])
        messages = [
            msgspec.structs.replace(message, images=[urls[id] for id in ids if id in urls])
            for message, ids in zip(request.messages, pictures, strict=True)
        ]
        return msgspec.structs.replace(request, messages=messages)

    async def _answered_before(self, turn: Turn, endpoint: Endpoint, request: ChatRequest) -> list[Delta]:
        """What the very same request was answered with, where its person wants that and has not asked for another."""
        if turn.continued:
            return []
        turn.key = await self._reuse.key_for(turn.user_id, turn.started.conversation_id, endpoint, request)
        again = await self._reuse.find(turn.user_id, turn.key) if turn.key and not turn.regenerated else []
        if again:
            turn.key, turn.answer.from_cache = None, True
            turn.answer.prompt_tokens = turn.answer.completion_tokens = 0
        return again

    async def keep(self, turn: Turn) -> None:
        """For the next time it is asked, once it is stored."""
        if turn.key:
            await self._reuse.keep(turn.key, turn.answer)

    def _take(self, turn: Turn, delta: Delta, text: str) -> None:
        """`text` is what of the delta's is to be told now."""
        answer = turn.answer
        if answer.first_token_ms is None and (delta.text or delta.reasoning):
            answer.first_token_ms = turn.elapsed_ms()
        if delta.reasoning:
            if turn.thinking_from is None:
                turn.thinking_from = turn.elapsed_ms()
            self._events.append(turn.log, "reasoning", delta.reasoning)
        if delta.text and turn.thinking_from is not None and answer.thought_ms is None:
            answer.thought_ms = turn.elapsed_ms() - turn.thinking_from
        if text:
            self._events.append(turn.log, "delta", text)
        if delta.finish_reason:
            answer.finish_reason = delta.finish_reason
        if delta.usage:
            turn.usage = delta.usage
            answer.prompt_tokens = delta.usage.prompt_tokens
            answer.completion_tokens = delta.usage.completion_tokens

    def _tell(self, turn: Turn, part: Part) -> None:
        for event in stream.events_of([part]):
            self._events.append(turn.log, event.type, event.data)


async def _told(deltas: list[Delta]) -> AsyncGenerator[Delta, None]:
    for delta in deltas:
        yield delta


def _draft(connection: Connection, turn: Turn, endpoint: Endpoint, system: str, gathered: Gathered) -> prompt.Draft:
    started, found = turn.started, gathered.found
    reach = context.Reach(gathered.documents, is_on(connection, turn.user_id, started.conversation_id))
    draft = context.read_draft(connection, turn.user_id, started.answer_id, endpoint.window, reach)
    if any(isinstance(part, Sources) for part in gathered.told):
        before = [source for said in draft.turns[: draft.last] for source in said.found.sources]
        found = msgspec.structs.replace(found, sources=numbered(found.sources, before))
    note = BRIEFLY if endpoint.small else EXCERPTS
    draft = msgspec.structs.replace(draft.given(found), system=system, note=note)
    return prompt.lighten(draft, standing_budget(endpoint))


def _cited_above(turn: Turn, fitted: Fitted) -> list[Source]:
    """Found for earlier questions, and cited by this answer."""
    own = {source.number for source in fitted.draft.found.sources}
    above = [source for source in fitted.draft.above if source.number not in own]
    said = "".join(part.text for part in stream.parts_of(turn.log.read(0)) if isinstance(part, Text)) if above else ""
    cited = numbers_in(said)
    return [source for source in above if source.number in cited]


def _that_fit(parts: list[Part], fitted: Fitted) -> list[Part]:
    """What the model does not see is none of the answer's."""
    found = fitted.draft.found
    fit: list[Part] = []
    for part in parts:
        match part:
            case Sources():
                fit.append(Sources([*found.sources]))
            case Memories():
                fit.append(Memories([*found.memories]))
            case Notice() if part == NOTHING_FOUND and fitted.draft.above:
                fit.append(NOTHING_MORE)
            case _:
                fit.append(part)
    return [part for part in fit if part != Memories([])]
