"""Run a program as its container would, on a machine without a container engine.

Namespaces of its own for mounts, processes, IPC and host name; a root that holds the image, the system's
libraries and Python, all read-only; only the directories in memory can be written; a user of no name, no
capability, no way to new privileges. The network is this machine's, and no limit of memory or processes is
set: tests measure what a program takes of them. Needs root, or a kernel that lets users make namespaces: then
the same happens below a user namespace.
"""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

USER = 10001
SYSTEM = ("usr", "bin", "sbin", "lib", "lib64")
DEVICES = ("null", "zero", "random", "urandom")
NAMESPACES = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--propagation", "private"]
CAPABILITIES = ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"]


def confine(image, command, *, environment, mounts, temporary):
    """Start `command` in `image` and return the Popen of the launcher, which ends as the program does.

    `mounts` maps a place inside to a file or directory outside, `temporary` a place to mount options.
    """
    script = "\n".join(
        [
            "set -eu",
            *_base(image.root),
            *(line for place, path in mounts.items() for line in _bind(image.root, path, place)),
            *(f"mount -t tmpfs -o {o} tmpfs {_below(image.root, p)}" for p, o in temporary.items()),
            f"mount -o remount,bind,ro,nosuid,nodev {_quote(image.root)}",
            f"cd {_quote(image.root)}",
            "pivot_root . .",
            "umount -l .",
            f"cd {image.workdir}",
            f"exec {shlex.join(_unprivileged())} {shlex.join(command)}",
        ]
    )
    for place in (*mounts, *temporary):
        _make_place(image.root, place, mounts.get(place))
    inside = {**image.environment, **environment, "PATH": "/interpreter:/usr/sbin:/usr/bin:/sbin:/bin"}
    root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return subprocess.Popen(
        ["unshare", *root, *NAMESPACES, "--", "sh", "-c", script],
        env=inside,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _unprivileged():
    if os.geteuid() == 0:
        return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *CAPABILITIES]
    # the capabilities that the second user namespace gives are needed once more, to drop them
    user = ["unshare", "--user", f"--map-user={USER}", f"--map-group={USER}", "--keep-caps"]
    return [*user, "setpriv", *CAPABILITIES]


def _base(root):
    """The lines that fill the root with what an image's base brings: libraries, Python, devices."""
    yield f"mount --bind {_quote(root)} {_quote(root)}"
    for name in SYSTEM:
        if Path("/", name).is_symlink():
            (root / name).unlink(missing_ok=True)
            (root / name).symlink_to(Path("/", name).readlink())
        elif Path("/", name).exists():
            yield from _bind(root, f"/{name}", f"/{name}")
    python = Path(sys.base_prefix)
    if not python.is_relative_to("/usr"):
        yield from _bind(root, str(python), str(python))
    for packages in _other_packages():
        yield f"mount -t tmpfs -o ro tmpfs {_below(root, packages)}"
    (root / "interpreter").mkdir(exist_ok=True)
    (root / "interpreter" / "python").unlink(missing_ok=True)
    (root / "interpreter" / "python").symlink_to(f"{python}/bin/python{sysconfig.get_python_version()}")
    for directory in ("proc", "dev"):
        (root / directory).mkdir(exist_ok=True)
    yield f"mount -t proc proc {_below(root, '/proc')}"
    yield f"mount -t tmpfs -o mode=755 tmpfs {_below(root, '/dev')}"
    for device in DEVICES:
        yield f"touch {_below(root, '/dev/' + device)}"
        yield f"mount --bind /dev/{device} {_below(root, '/dev/' + device)}"
    yield f"mkdir {_below(root, '/dev/shm')}"
    yield f"mount -t tmpfs -o mode=1777,size=64m,nosuid,nodev,noexec tmpfs {_below(root, '/dev/shm')}"
    yield f"mount -o remount,bind,ro {_below(root, '/dev')}"


def _other_packages():
    """Where the machine's Python keeps packages: hidden, or an image would seem to have what it lacks."""
    version = sysconfig.get_python_version()
    places = [
        f"{sys.base_prefix}/lib/python{version}/site-packages",
        f"/usr/local/lib/python{version}/dist-packages",
        "/usr/lib/python3/dist-packages",
    ]
    return [place for place in places if Path(place).is_dir()]


def _bind(root, source, place):
    _make_place(root, place, source)
    yield f"mount --bind {_quote(source)} {_below(root, place)}"
    yield f"mount -o remount,bind,ro,nosuid,nodev {_below(root, place)}"


def _make_place(root, place, source=None):
    wanted = root / place.lstrip("/")
    if source is not None and Path(source).is_file():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        wanted.touch()
    else:
        wanted.mkdir(parents=True, exist_ok=True)


def _below(root, place):
    return _quote(root / place.lstrip("/"))


def _quote(path):
    return shlex.quote(str(path))
