import pytest

from gantry_edge.accounts.setup import SetupToken
from gantry_edge.errors import TooManyAttempts, WrongSetupToken


class Desk:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.announced: list[str] = []
        self.token = SetupToken(self.announced.append, lambda: self.seconds)
        self.token.issue()


def test_the_announced_token_is_right() -> None:
    desk = Desk()
    desk.token.check(desk.announced[0])


def test_another_is_wrong() -> None:
    desk = Desk()
    with pytest.raises(WrongSetupToken):
        desk.token.check(desk.announced[0][:-1])


def test_a_used_token_is_dead() -> None:
    desk = Desk()
    desk.token.burn()
    with pytest.raises(WrongSetupToken):
        desk.token.check(desk.announced[0])


def test_after_an_hour_a_new_one_is_announced() -> None:
    desk = Desk()
    desk.seconds = 3600
    with pytest.raises(WrongSetupToken, match="older than an hour"):
        desk.token.check(desk.announced[0])
    desk.token.check(desk.announced[1])


def test_a_minute_before_it_is_still_good() -> None:
    desk = Desk()
    desk.seconds = 3540
    desk.token.check(desk.announced[0])


def test_the_tenth_wrong_try_kills_the_token() -> None:
    desk = Desk()
    for _ in range(9):
        with pytest.raises(WrongSetupToken):
            desk.token.check("wrong")
    with pytest.raises(TooManyAttempts):
        desk.token.check("wrong")
    with pytest.raises(WrongSetupToken):
        desk.token.check(desk.announced[0])
    assert len(desk.announced) == 2


def test_the_token_after_it_is_good() -> None:
    desk = Desk()
    for _ in range(10):
        with pytest.raises((WrongSetupToken, TooManyAttempts)):
            desk.token.check("wrong")
    desk.token.check(desk.announced[1])
