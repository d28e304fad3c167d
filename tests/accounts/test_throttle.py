import pytest

from gantry_edge.accounts.throttle import MOST_KEYS, Throttle
from gantry_edge.errors import TooManyAttempts


class Door:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.throttle = Throttle(lambda: self.seconds)

    def knock(self, *keys: str, times: int = 1) -> int:
        """How many of so many tries got through."""
        through = 0
        for _ in range(times):
            try:
                self.throttle.count(*(keys or ("ada",)))
                through += 1
            except TooManyAttempts:
                pass
        return through


def test_ten_tries_pass_in_five_minutes() -> None:
    assert Door().knock(times=1000) == 10


def test_after_five_minutes_ten_more_pass() -> None:
    door = Door()
    door.knock(times=10)
    door.seconds += 300
    assert door.knock(times=100) == 10


def test_twenty_pass_in_an_hour() -> None:
    door = Door()
    through = 0
    for _ in range(11):
        through += door.knock(times=100)
        door.seconds += 320
    assert through == 20


def test_the_wait_always_ends_even_under_fire() -> None:
    door = Door()
    for _ in range(100):
        door.knock(times=100)
        door.seconds += 60
    door.seconds += 3600
    assert door.knock() == 1


def test_the_wait_is_said_in_seconds() -> None:
    door = Door()
    door.knock(times=10)
    door.seconds += 100.5
    with pytest.raises(TooManyAttempts) as refusal:
        door.throttle.count("ada")
    assert refusal.value.retry_after == 200


def test_one_full_key_is_enough_to_refuse() -> None:
    door = Door()
    door.knock("address:a", times=10)
    assert door.knock("account:x", "address:a") == 0


def test_a_refused_try_counts_against_no_key() -> None:
    door = Door()
    door.knock("address:a", times=10)
    door.knock("account:x", "address:a", times=50)
    assert door.knock("account:x", times=50) == 10


def test_a_success_frees_its_key() -> None:
    door = Door()
    door.knock(times=10)
    door.throttle.clear("ada")
    assert door.knock(times=50) == 10


def test_a_try_given_back_does_not_count() -> None:
    door = Door()
    for _ in range(100):
        assert door.knock() == 1
        door.throttle.give_back("ada")


def test_names_by_the_million_do_not_fill_the_memory() -> None:
    door = Door()
    for number in range(MOST_KEYS + 500):
        door.knock(str(number))
    assert len(door.throttle._tries) <= MOST_KEYS
