"""Starting by itself, without a package: what systemd, launchd and the Task Scheduler want to read. Only text."""

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import list2cmdline
from typing import Any
from xml.etree import ElementTree

NAME = "gantry-edge"
LABEL = "local.gantry-edge"  # launchd's name for it
STOP_SECONDS = 40  # longer than the drain
# Standard output has the link that makes the owner, which belongs into no journal. The log is in the data folder.
UNIT = """[Unit]
Description=Gantry Edge, a private AI assistant

[Service]
Type=exec
ExecStart={command}
StandardOutput=null
UMask=0077
NoNewPrivileges=yes
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=2 3 4 7
TimeoutStopSec={stop}

[Install]
WantedBy=default.target
"""
TASK = "http://schemas.microsoft.com/windows/2004/02/mit/task"


@dataclass(frozen=True)
class Autostart:
    """A file, and the commands that make the system heed or forget it."""

    file: Path
    content: bytes
    start: Sequence[Sequence[str]]
    stop: Sequence[Sequence[str]]
    links: Sequence[Path] = ()  # what a start leaves beside the file
    hint: str = ""


def systemd(command: Sequence[str], folder: Path) -> Autostart:
    """A unit of this person; `folder` is where their systemd looks for such."""
    file = folder / f"{NAME}.service"
    control = ["systemctl", "--user"]
    return Autostart(
        file,
        UNIT.format(command=" ".join(map(_quoted, command)), stop=STOP_SECONDS).encode(),
        start=[[*control, "daemon-reload"], [*control, "enable", "--now", NAME]],
        stop=[[*control, "disable", "--now", NAME]],
        links=[folder / "default.target.wants" / file.name],
        hint="So that it starts with the machine, and goes on when you sign out:\n  loginctl enable-linger",
    )


def launchd(command: Sequence[str], folder: Path, user: int) -> Autostart:
    """An agent of this person; `folder` is their LaunchAgents."""
    file = folder / f"{LABEL}.plist"
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ExitTimeOut": STOP_SECONDS,
        "Umask": 0o077,
        "StandardOutPath": "/dev/null",
    }
    return Autostart(
        file,
        plistlib.dumps(agent),
        start=[["launchctl", "bootstrap", f"gui/{user}", str(file)]],
        stop=[["launchctl", "bootout", f"gui/{user}/{LABEL}"]],
    )


def task(command: Sequence[str], folder: Path) -> Autostart:
    """A scheduled task of this person; its file is only read when the task is made, and `folder` keeps it."""
    file = folder / "autostart.xml"
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": TASK})
    _add(root, "RegistrationInfo", {"Description": "Gantry Edge, a private AI assistant"})
    _add(root, "Triggers", {"LogonTrigger": {"Enabled": "true"}})
    settings = {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "ExecutionTimeLimit": "PT0S",
        "RestartOnFailure": {"Interval": "PT1M", "Count": "3"},
    }
    _add(root, "Settings", settings)
    _add(root, "Actions", {"Exec": {"Command": command[0], "Arguments": list2cmdline(command[1:])}})
    ElementTree.indent(root)
    return Autostart(
        file,
        ElementTree.tostring(root, encoding="utf-16", xml_declaration=True),
        start=[
            ["schtasks", "/Create", "/TN", NAME, "/XML", str(file), "/F"],
            ["schtasks", "/Run", "/TN", NAME],
        ],
        stop=[["schtasks", "/End", "/TN", NAME], ["schtasks", "/Delete", "/TN", NAME, "/F"]],
    )


def _quoted(word: str) -> str:
    for special, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(special, written)
    return f'"{word}"'


def _add(parent: ElementTree.Element, name: str, content: Mapping[str, Any] | str) -> None:
    child = ElementTree.SubElement(parent, name)
    if isinstance(content, str):
        child.text = content
        return
    for key, value in content.items():
        _add(child, key, value)
