"""What the owner switched, and the name this machine goes by."""

from gantry_edge.appliance.schema import Switch
from gantry_edge.storage.audit import By, append
from gantry_edge.storage.database import Connection
from gantry_edge.storage.settings import put_setting, read_setting

LABEL = "gantry"


def read_switch(connection: Connection) -> Switch:
    return Switch(bool(read_setting(connection, "lan")), bool(read_setting(connection, "https")))


def put_switch(connection: Connection, switch: Switch, by: By) -> None:
    put_setting(connection, "lan", switch.lan)
    put_setting(connection, "https", switch.https)
    append(connection, by, "network.switched", "", {"lan": switch.lan, "https": switch.https})


def read_label(connection: Connection) -> str:
    """Once another machine had the name, the number that was found stays."""
    return str(read_setting(connection, "lan_label", LABEL))


def put_label(connection: Connection, label: str) -> None:
    put_setting(connection, "lan_label", label)
