"""The man page, from the help of the commands."""

from collections.abc import Iterator

import click

from gantry_edge import __version__
from gantry_edge.cli import cli

PAGE = r""".TH GANTRY\-EDGE 1 "" "Gantry Edge {version}" "User Commands"
.SH NAME
gantry\-edge \- private AI assistant for a team, on one machine
.SH SYNOPSIS
.B gantry\-edge
.RI [ command ]
.RI [ options ]
.SH DESCRIPTION
Without a command it starts the server and opens the page, or opens the page of the one that runs.
.PP
Run by root, every command is about the service: it runs as the user
.BR gantry\-edge ,
on the folder and with the settings of the service. Files named in a command must be within reach of that user.
Run by anybody else, it is about their own Gantry Edge.
.SH COMMANDS
{commands}
.SH FILES
.TP
.I /etc/gantry\-edge/gantry.toml
Settings of the service.
.TP
.I /var/lib/gantry\-edge
What the service keeps, its backups included. It stays when the package is removed, and goes when it is purged.
.TP
.I ~/.local/share/gantry\-edge
What a Gantry Edge keeps that was started by a person, and its
.IR gantry.toml .
.SH EXIT STATUS
0 done, 2 wrong use, 3 data folder, 4 database, 5 port, 6 folder in use, 7 a check failed.
.SH EXAMPLES
The owner and the start of the service:
.PP
.nf
sudo gantry\-edge setup \-\-name ada
sudo systemctl enable \-\-now gantry\-edge
.fi
.PP
A backup onto another disk, and back:
.PP
.nf
sudo gantry\-edge backup \-\-to /var/lib/gantry\-edge/monday.zip
sudo mv /var/lib/gantry\-edge/monday.zip /media/stick/
sudo systemctl stop gantry\-edge
sudo gantry\-edge restore /var/lib/gantry\-edge/monday.zip
.fi
"""


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        elif not command.hidden:
            words = (command.help or "").split("Example:")[0]
            yield f".TP\n.B {roff(before + name)}\n{roff(' '.join(words.split()))}"


def roff(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")


if __name__ == "__main__":
    print(PAGE.format(version=__version__, commands="\n".join(commands(cli))), end="")
