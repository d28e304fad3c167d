import json

from gantry_edge.chat import stream
from gantry_edge.chat.schema import Answer, AnswerError, Notice, Part, Reasoning, Started, Text
from gantry_edge.storage.events import Event, join

STARTED = Started("c", "t", "m", "a", "box/model")
PARTS: list[Part] = [Reasoning("hmm"), Notice("left_out", "2 older"), Text("Because 🙂")]


def test_parts_survive_being_told_as_events() -> None:
    assert stream.parts_of(stream.tell(STARTED, PARTS)) == PARTS


def test_a_retold_answer_has_the_positions_it_had_live() -> None:
    live = [
        Event(1, "start", "{}"),
        Event(4, "reasoning", "hmm"),
        Event(5, "notice", "{}"),
        Event(7, "delta", "Be"),
    ]
    told = stream.tell(STARTED, PARTS)
    assert [event.position for event in told[:3]] == [event.position for event in live[:3]]
    assert told[-1].position == 5 + len("Because 🙂")


def test_a_text_cut_by_a_crash_becomes_one_part_again() -> None:
    events = join([*stream.events_of([Text("Be")]), Event(9, "delta", "cause")])
    assert stream.parts_of(events) == [Text("Because")]


def test_an_event_is_one_json_line_whatever_it_says() -> None:
    encoded = stream.encode([Event(7, "delta", 'a\nb\r\n\n"é')])
    lines = encoded.decode().split("\n")
    assert lines[:2] == ["id: 7", "event: delta"]
    assert json.loads(lines[2].removeprefix("data: ")) == {"text": 'a\nb\r\n\n"é'}
    assert lines[3:] == ["", ""]


def test_an_event_is_three_lines_to_any_reader_of_lines() -> None:
    encoded = stream.encode([Event(4, "delta", "a\u2028b\u2029c\u0085d")]).decode()
    assert len(encoded.splitlines()) == 4
    assert json.loads(encoded.splitlines()[2].removeprefix("data: ")) == {"text": "a\u2028b\u2029c\u0085d"}


def test_no_events_are_a_heartbeat() -> None:
    assert stream.encode([]) == b": ping\n\n"


def test_an_interrupted_answer_ends_as_failed_with_its_reason() -> None:
    answer = Answer(id="a", status="interrupted", model="m", created_at=0, error=AnswerError("interrupted", "x"))
    type, data = stream.ending(answer)
    assert type == "failed"
    assert json.loads(data)["error"]["code"] == "interrupted"
