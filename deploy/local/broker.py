"""A RabbitMQ of one's own: node name, ports, cookie and data of this stack alone.

The script under /usr/lib is called, not the one in /usr/sbin, which insists on the system's user. The
topology and the users come from the generated definitions, read by the broker itself while it boots.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.local.layout import private_directory, write_private
from deploy.local.ports import LOOPBACK

HEADROOM = "200MB"


def server_script() -> Path | None:
    """Return Debian's `rabbitmq-server` start script, the newest if there are several, or None."""
    scripts = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return scripts[-1] if scripts and shutil.which("epmd") else None


def epmd_command(port: int) -> list[str]:
    """Return the command of the port mapper, in the foreground, or it would outlive the stop."""
    return ["epmd", "-address", LOOPBACK, "-port", str(port)]


def node_name(directory: Path) -> str:
    """Return a node name that no other checkout or stack of this machine uses."""
    token = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    return f"marelle-{token}@localhost"


def configure(directory: Path, port: int, definitions: Mapping[str, Any]) -> None:
    """Write the broker's configuration and the definitions it loads when it boots."""
    private_directory(directory / "log")
    loaded = write_private(directory / "definitions.json", json.dumps(definitions))
    write_private(directory / "enabled_plugins", "[].\n")
    lines = [
        f"listeners.tcp.1 = {LOOPBACK}:{port}",
        f"load_definitions = {loaded}",
        "vm_memory_high_watermark.absolute = 1GiB",
        f"disk_free_limit.absolute = {HEADROOM}",
        "log.file.level = warning",
        "log.console = false",
        "",
    ]
    write_private(directory / "rabbitmq.conf", "\n".join(lines))


def environment(directory: Path, dist_port: int, epmd_port: int) -> dict[str, str]:
    """Return the environment that makes the system's broker scripts this stack's own."""
    return {
        "RABBITMQ_NODENAME": node_name(directory),
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq"),
        "RABBITMQ_MNESIA_BASE": str(directory / "mnesia"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_PID_FILE": str(directory / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_DIST_PORT": str(dist_port),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +S 2:2"
            # schedulers without work sleep at once, instead of turning for a while in case some comes
            " +sbwt none +sbwtdcpu none +sbwtdio none"
        ),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(epmd_port),
        "HOME": str(directory),
        # the Erlang machine takes the place of the shell, so that signals reach it
        "RUNNING_UNDER_SYSTEMD": "true",
    }


def server_command() -> list[str]:
    """Return the command of the broker. Raises FileNotFoundError when the package is not installed."""
    script = server_script()
    if script is None:
        raise FileNotFoundError("RabbitMQ is not installed: apt-get install -y rabbitmq-server")
    return [str(script)]


def control_command() -> list[str]:
    """Return the `rabbitmqctl` that belongs to `server_command`; give it the same environment."""
    return [str(Path(server_command()[0]).with_name("rabbitmqctl"))]
