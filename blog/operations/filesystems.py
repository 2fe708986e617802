"""On what kind of file system a path lies. SQLite's locks and its shared memory do not work across a network."""

from __future__ import annotations

from pathlib import Path

NETWORKS = {
    "9p",
    "afs",
    "afpfs",
    "ceph",
    "cifs",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}
NETWORKS |= {"fuse.ceph", "fuse.gcsfuse", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs"}
MOUNTS = Path("/proc/self/mountinfo")


def network_file_system(path: Path) -> str:
    """Its kind if it is reached through a network, else nothing. Nothing, too, where the system does not say."""
    try:
        lines = MOUNTS.read_text().splitlines()
    except OSError:
        return ""
    real, longest, kind = path.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].replace("\\040", " "))
        if real.is_relative_to(point) and len(point.parts) >= longest:  # what is mounted last lies on top
            longest, kind = len(point.parts), after.split()[0]
    return kind if kind in NETWORKS else ""
