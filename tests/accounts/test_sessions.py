from hypothesis import given
from hypothesis import strategies as st

from gantry_edge.accounts.sessions import ABSOLUTE, IDLE, SessionClock, cookie_name, expiry, new_token, steady_ms
from gantry_edge.ids import new_id

HOUR = 3600 * 1000
START = 1_800_000_000_000


class World:
    """A wall clock that can be set, over time that only passes."""

    def __init__(self) -> None:
        self.passed = 0
        self.set_by = 0
        self.clock = SessionClock(lambda: START + self.passed + self.set_by, lambda: self.passed)


@given(st.integers(-24 * HOUR, 24 * HOUR), st.integers(0, 100 * HOUR))
def test_setting_the_clock_by_up_to_a_day_moves_no_session(step: int, passes: int) -> None:
    world = World()
    world.set_by = step
    world.passed = passes
    assert world.clock() == START + passes


def test_a_larger_step_is_followed() -> None:
    world = World()
    world.set_by = -365 * 24 * HOUR
    assert world.clock() == START - 365 * 24 * HOUR


def test_the_clock_passes_like_time_after_a_larger_step() -> None:
    world = World()
    world.set_by = 365 * 24 * HOUR
    before = world.clock()
    world.passed += 5
    assert world.clock() == before + 5


def test_steady_time_passes() -> None:
    assert steady_ms() <= steady_ms()


def test_an_unused_session_ends_after_twelve_hours() -> None:
    assert expiry(START, START) == START + 12 * HOUR == START + IDLE


def test_a_used_session_ends_after_thirty_days() -> None:
    assert expiry(START, START + ABSOLUTE - HOUR) == START + 30 * 24 * HOUR


def test_a_token_has_256_bits() -> None:
    assert len(new_token()) == 43
    assert len({new_token() for _ in range(100)}) == 100


def test_two_instances_made_in_the_same_minute_have_two_cookies() -> None:
    assert cookie_name(new_id(), secure=False) != cookie_name(new_id(), secure=False)


def test_over_https_the_browser_pins_the_cookie_to_the_host() -> None:
    assert cookie_name("0190a5b1-0000-7000-8000-0000cafe0001", secure=True) == "__Host-gantry_cafe0001"
