"""One answer is one task of the server: start, follow, stop, continue. Viewers only watch its event log."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import msgspec

from gantry_edge.chat import answers, context, store, stream
from gantry_edge.chat.asking import Asker, Turn
from gantry_edge.chat.removal import shorten_or_remove
from gantry_edge.chat.schema import (
    Answer,
    AnswerError,
    Message,
    Part,
    SendMessage,
    Started,
    Status,
)
from gantry_edge.chat.sources import fill
from gantry_edge.counting import Written
from gantry_edge.errors import GantryError, ShuttingDown, TooManyAnswers
from gantry_edge.ids import now
from gantry_edge.models.schema import Place
from gantry_edge.paging import Page
from gantry_edge.quiet import Quiet
from gantry_edge.storage.database import Connection, Database, DatabaseError
from gantry_edge.storage.events import Event, EventLog, Log, delete_all_events, join, read_events

ENDING = 3.0  # seconds an answer gets to be written once it is stopped
SAVE_AGAIN = 1.0  # seconds, while a finished answer cannot be written
INTERRUPTED = AnswerError("interrupted", "The server stopped before the answer was complete; continue it")

T = TypeVar("T")
log = logging.getLogger(__name__)


class Turns:
    """All running answers of this server."""

    def __init__(self, database: Database, events: EventLog, asker: Asker, quiet: Quiet, *, answers_each: int) -> None:
        self._database = database
        self._events = events
        self._asker = asker
        self._quiet = quiet
        self._answers_each = answers_each
        self._turns: dict[str, Turn] = {}
        self._starting: set[asyncio.Task[Any]] = set()
        self.draining = False
        self.written = Written()

    async def start(self, user_id: str, send: SendMessage) -> Started:
        """Store the question and begin to answer it; a question sent twice has one answer."""
        return await self._shielded(self._start(user_id, send))

    async def regenerate(self, user_id: str, message_id: str, model: str | None) -> Started:
        """Begin a new version of an answer."""
        return await self._shielded(self._regenerate(user_id, message_id, model))

    async def resume(self, user_id: str, answer_id: str) -> tuple[Started, int]:
        """Go on writing an answer that was cut short; returns also the position it goes on from."""
        return await self._shielded(self._resume(user_id, answer_id))

    async def stop(self, user_id: str, answer_id: str) -> None:
        """End an answer and keep what it has; nothing happens when it has ended already."""
        turn = self._turns.get(answer_id)
        if turn is None or turn.user_id != user_id:
            await self._database.read(lambda connection: answers.get_answer(connection, user_id, answer_id))
            return
        await self._end([turn], "stopped")

    async def follow(self, user_id: str, answer_id: str, after: int) -> AsyncGenerator[bytes, None]:
        """The event stream of an answer behind a position; NotFound before the first byte."""
        turn = self._turns.get(answer_id)
        if turn is not None and turn.user_id == user_id:
            return _watch(turn, after)
        events = await self._database.read(lambda connection: _retell(connection, user_id, answer_id))
        turn = self._turns.get(answer_id)
        if turn is not None:
            return _watch(turn, after)
        return _replay(events, after)

    async def list_messages(self, user_id: str, conversation_id: str, before: str | None, limit: int) -> Page[Message]:
        """A page of the branch on screen; running answers as far as they have come."""
        read = partial(
            _list_messages,
            user_id=user_id,
            conversation_id=conversation_id,
            before=before,
            limit=limit,
        )
        page = await self._database.read(read)
        if any(message.answer and not self._overlay(message) for message in page.items):
            page = await self._database.read(read)  # one has ended since it was read
            for message in page.items:
                self._overlay(message)
        return page

    async def delete_conversation(self, user_id: str, conversation_id: str) -> None:
        await self._database.write(lambda c: store.doom_conversation(c, user_id, conversation_id))
        turns = [turn for turn in self._turns.values() if turn.started.conversation_id == conversation_id]
        await self._end(turns, "stopped")
        while await self._database.write(lambda c: shorten_or_remove(c, conversation_id)):
            pass

    async def stop_all(self, user_id: str) -> None:
        """Of a person who leaves."""
        await self._end([turn for turn in self._turns.values() if turn.user_id == user_id], "stopped")

    async def recover(self) -> int:
        """Mark what a crash left running as interrupted, with the text that was saved; returns how many."""
        if interrupted := await self._database.write(_interrupt_running):
            log.warning("%d answers had been cut short; they are marked as interrupted", interrupted)
        return interrupted

    async def drain(self, seconds: float) -> None:
        """Take no more questions, let running answers end, and interrupt those that do not in time."""
        self.draining = True
        if self._starting:
            await asyncio.wait(self._starting)
        tasks = [turn.task for turn in self._turns.values() if turn.task]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        await self._end(list(self._turns.values()), "interrupted")

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        # a request that is cancelled half-way must not leave a stored question that nobody answers
        task = asyncio.create_task(work)
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return await asyncio.shield(task)

    async def _start(self, user_id: str, send: SendMessage) -> Started:
        self._check_room(user_id)

        def add(connection: Connection) -> tuple[Started, bool]:
            started, fresh = store.add_exchange(connection, user_id, send)
            if fresh:
                self._asker.foresee(connection, user_id, started)
            return started, fresh

        started, fresh = await self._database.write(add)
        if fresh:
            self._run(user_id, started, [])
        return started

    async def _regenerate(self, user_id: str, message_id: str, model: str | None) -> Started:
        self._check_room(user_id)
        started = await self._database.write(
            lambda connection: store.add_version(connection, user_id, message_id, model or "")
        )
        self._run(user_id, started, [], regenerated=True)
        return started

    async def _resume(self, user_id: str, answer_id: str) -> tuple[Started, int]:
        self._check_room(user_id)
        message, started = await self._database.write(lambda connection: _restart(connection, user_id, answer_id))
        return started, self._run(user_id, started, message.parts).position

    def _check_room(self, user_id: str) -> None:
        if self.draining:
            raise ShuttingDown("The server is stopping; send it again in a minute", retry_after=10)
        if sum(turn.user_id == user_id for turn in self._turns.values()) >= self._answers_each:
            sentence = f"{self._answers_each} answers are being written for you; wait for one, or stop one"
            raise TooManyAnswers(sentence, retry_after=10)

    def _run(self, user_id: str, started: Started, parts: list[Part], *, regenerated: bool = False) -> Log:
        running = self._events.open(started.answer_id, stream.tell(started, parts))
        turn = Turn(user_id, started, running)
        turn.regenerated = regenerated
        self._turns[started.answer_id] = turn
        self._quiet.begin()
        turn.task = asyncio.create_task(self._answer(turn), name=f"answer {started.answer_id}")
        return running

    async def _answer(self, turn: Turn) -> None:
        answer = turn.answer
        try:
            await self._asker.ask(turn)
            answer.status = "done"
        except asyncio.CancelledError:
            if answer.status == "running":
                answer.status = "interrupted"
        except GantryError as error:
            log.warning("answer %s failed: %s", answer.id, error.code)
            answer.status, answer.error = "failed", AnswerError(error.code, error.detail)
        except Exception:
            log.exception("answer %s broke", answer.id)
            sentence = "Something went wrong inside Gantry Edge; the log says what. Try again"
            answer.status, answer.error = "failed", AnswerError("internal", sentence)
        turn.finishing = True
        await self._finish(turn)

    async def _finish(self, turn: Turn) -> None:
        answer = turn.answer
        if answer.status == "interrupted":
            answer.error = INTERRUPTED
        answer.duration_ms, answer.finished_at = turn.elapsed_ms(), now()
        parts = stream.parts_of(turn.log.read(0))
        while not await self._save(turn, parts) and not self.draining:
            if turn.log.ending is None:
                sentence = "The answer is not saved yet: is the disk full? It is tried again and again"
                not_saved = AnswerError("not_saved", sentence)
                turn.log.close(*stream.ending(msgspec.structs.replace(answer, status="failed", error=not_saved)))
            await asyncio.sleep(SAVE_AGAIN)
        await self._asker.keep(turn)
        self._note(answer)
        del self._turns[answer.id]
        self._quiet.end()
        if turn.log.ending is None:
            turn.log.close(*stream.ending(answer))

    def _note(self, answer: Answer) -> None:
        error, prompt, completion = answer.error, answer.prompt_tokens or 0, answer.completion_tokens or 0
        failed = error.code if error and answer.status == "failed" else ""
        self.written.note(answer.status, failed, prompt, completion, answer.first_token_ms)

    async def _save(self, turn: Turn, parts: list[Part]) -> bool:
        """Write the result in place of the saved events."""
        self._events.seal(turn.log)
        try:
            await self._database.write(partial(_write, turn=turn, parts=parts))
        except DatabaseError as error:
            log.error("answer %s could not be saved: %s", turn.answer.id, error)
            self._events.unseal(turn.log)
            return False
        return True

    async def _end(self, turns: list[Turn], status: Status) -> None:
        await asyncio.sleep(0)  # a task cancelled before its first step would never finish its answer
        for turn in turns:
            if turn.task and not turn.finishing and turn.answer.status == "running":
                turn.answer.status = status
                turn.task.cancel()
        tasks = [turn.task for turn in turns if turn.task]
        if tasks:
            await asyncio.wait(tasks, timeout=ENDING)

    def _overlay(self, message: Message) -> bool:
        """Put a running answer's text so far into a message; False when it runs no more."""
        if message.answer is None or message.answer.status != "running":
            return True
        turn = self._turns.get(message.id)
        if turn is None:
            return False
        message.parts = stream.parts_of(turn.log.read(0))
        message.answer = msgspec.structs.replace(turn.answer, status="running", position=turn.log.position)
        return True


async def _watch(turn: Turn, after: int) -> AsyncGenerator[bytes, None]:
    told: Place | None = None
    async with aclosing(turn.log.follow(after)) as batches:
        async for events in batches:
            news = b""
            if turn.place != told and not turn.log.ending:
                told = turn.place
                news = stream.waiting(told)
            yield news + stream.encode(events) if events or not news else news


async def _replay(events: list[Event], after: int) -> AsyncGenerator[bytes, None]:
    *told, last = events
    rest = join([event for event in told if event.position > after], after)
    yield stream.encode([*rest, last])


def _list_messages(
    connection: Connection, user_id: str, conversation_id: str, before: str | None, limit: int
) -> Page[Message]:
    page = store.list_messages(connection, user_id, conversation_id, before, limit)
    fill(connection, user_id, page.items)
    return page


def _write(connection: Connection, turn: Turn, parts: list[Part]) -> None:
    answers.finish_answer(connection, turn.answer, parts)
    if turn.kept is not None:
        context.save(connection, turn.answer.id, turn.answer.model, turn.kept)


def _restart(connection: Connection, user_id: str, answer_id: str) -> tuple[Message, Started]:
    message, started = answers.restart_answer(connection, user_id, answer_id)
    fill(connection, user_id, [message])
    return message, started


def _retell(connection: Connection, user_id: str, answer_id: str) -> list[Event]:
    message, answer = answers.get_answer(connection, user_id, answer_id)
    fill(connection, user_id, [message])
    conversation = store.get_conversation(connection, user_id, message.conversation_id)
    assert message.parent_id is not None
    started = Started(conversation.id, conversation.title, message.parent_id, answer.id, answer.model)
    if answer.status == "running":  # says the database; nobody is writing it
        answer.status, answer.error = "interrupted", INTERRUPTED
    events = stream.tell(started, message.parts)
    return [*events, Event(events[-1].position, *stream.ending(answer))]


def _interrupt_running(connection: Connection) -> int:
    running = answers.read_running(connection)
    for id, before in running:
        events = join([*stream.events_of(before), *read_events(connection, id)])
        answers.interrupt_answer(connection, id, INTERRUPTED, stream.parts_of(events))
    delete_all_events(connection)
    return len(running)
