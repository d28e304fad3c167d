"""Reading a stream does not depend on where the network cuts it."""

import random
from itertools import pairwise

import msgspec
import pytest

from gantry_edge.errors import ModelBroken
from gantry_edge.models.reply import LINE_LIMIT, Reply
from gantry_edge.models.schema import Delta, Endpoint, Usage

OFFICE = Endpoint("e1", "Office", "http://127.0.0.1:1/v1")


def said(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return b"data: " + msgspec.json.encode({"choices": [choice]})


def read(pieces: list[bytes]) -> list[Delta]:
    reply = Reply(OFFICE)
    deltas = [delta for piece in pieces for delta in reply.read(piece)]
    return deltas if reply.done else deltas + list(reply.end())


def text(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


WORDS = ["Grüße", " 東京", " 👩‍🚀", "\n\n", "end"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("seed", range(30))
def test_cuts_may_fall_anywhere_also_inside_a_letter(newline: bytes, seed: int) -> None:
    lines = [b": comment", b"event: token"]
    lines += [line for word in WORDS for line in (said(word), b"")]
    wire = newline.join([*lines, said("", "stop"), b"", b"data: [DONE]", b"", b""])
    cuts = sorted({0, len(wire), *random.Random(seed).sample(range(len(wire)), seed * 5)})
    assert text(read([wire[a:b] for a, b in pairwise(cuts)])) == "".join(WORDS)


def test_tokens_of_one_read_leave_as_one_delta() -> None:
    wire = b"".join(said(word) + b"\n\n" for word in WORDS)
    assert list(Reply(OFFICE).read(wire)) == [Delta("".join(WORDS))]


def test_joining_keeps_the_order_of_text_and_reasoning() -> None:
    thought = b'data: {"choices":[{"delta":{"reasoning":"hm"}}]}\n'
    deltas = list(Reply(OFFICE).read(thought + said("a") + b"\n" + thought))
    assert deltas == [Delta("a", "hm"), Delta(reasoning="hm")]


def test_a_stream_without_done_but_with_a_finish_reason_is_complete() -> None:
    assert text(read([said("yes", "stop") + b"\n\n"])) == "yes"


def test_the_last_line_needs_no_newline() -> None:
    assert text(read([said("yes", "stop")])) == "yes"


def test_a_blank_line_between_events_may_be_missing() -> None:
    assert text(read([said("a") + b"\n" + said("b", "stop") + b"\n"])) == "ab"


def test_nothing_after_done_is_read() -> None:
    assert text(read([said("a", "stop") + b"\n\ndata: [DONE]\n\n" + said("b") + b"\n\n"])) == "a"


def test_text_before_a_bad_event_of_the_same_read_is_kept() -> None:
    deltas = Reply(OFFICE).read(said("good") + b"\n\ndata: {bad\n\n")
    assert next(deltas) == Delta("good")
    with pytest.raises(ModelBroken):
        next(deltas)


def test_the_usage_of_llama_cpp_is_taken_and_its_timings_dropped() -> None:
    wire = b'data: {"choices":[],"usage":{"completion_tokens":3,"prompt_tokens":31},"timings":{"cache_n":0}}\n\n'
    assert list(Reply(OFFICE).read(wire)) == [Delta(usage=Usage(31, 3))]


@pytest.mark.parametrize("usage", ["null", "7", '"x"', "{}", '{"prompt_tokens":"1","completion_tokens":2}'])
def test_a_usage_of_another_shape_does_not_hurt_the_answer(usage: str) -> None:
    wire = b'data: {"choices":[{"delta":{"content":"a"}}],"usage":' + usage.encode() + b"}\n\n"
    assert list(Reply(OFFICE).read(wire)) == [Delta("a")]


def test_a_line_growing_byte_by_byte_is_cut_at_the_limit() -> None:
    reply = Reply(OFFICE)
    with pytest.raises(ModelBroken, match="line too long"):
        for _ in range(LINE_LIMIT // 64 + 1):
            list(reply.read(b"x" * 64))
