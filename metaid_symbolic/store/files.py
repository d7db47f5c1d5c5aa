"""The files of a theory: statements.json, certificates/, open.txt."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from ..claims import Claim
from ..statements import digest, file_name
from .locating import PACKAGE


def write_atomically(path: Path, content: str) -> None:
    """The file has its old content or the new one, never a part.  Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="." + path.name)
    try:
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def certificate_text(claim: Claim, certificate: Any) -> str:
    """The text of a certificate's file: the hash of its claim, and the certificate, given as JSON data."""
    return json.dumps({"claim": digest(claim), "certificate": certificate}, separators=(",", ":"), sort_keys=True) + "\n"


@final
@dataclass(frozen=True, slots=True)
class Files:
    """The files in `folder`, which may be read-only; None for a theory without files."""

    folder: Path | None

    @property
    def writable(self) -> bool:
        """Theories inside the installed package are never written to."""
        if self.folder is None:
            return False
        here = self.folder.resolve()
        existing = here if here.exists() else here.parent
        return not here.is_relative_to(PACKAGE) and os.access(existing, os.W_OK)

    @property
    def statements(self) -> Path | None:
        return self.folder / "statements.json" if self.folder else None

    def certificate(self, claim_id: str) -> Path | None:
        return self.folder / "certificates" / file_name(claim_id) if self.folder else None

    def stored(self, claim_id: str) -> bytes:
        """The stored certificate's text; empty if there is none."""
        path = self.certificate(claim_id)
        return path.read_bytes() if path and path.is_file() else b""

    def store(self, claim_id: str, content: str) -> bool:
        """Writes the certificate's text, if it is new.  False if the folder cannot be written to.  Raises `OSError`."""
        path = self.certificate(claim_id)
        if self.stored(claim_id) == content.encode():
            return True
        if path and self.writable:
            write_atomically(path, content)
            return True
        return False

    def allowed_open(self) -> dict[str, str]:
        """open.txt: the ids that may be open, each with its reason on the same line."""
        path = self.folder / "open.txt" if self.folder else None
        if path is None or not path.is_file():
            return {}
        lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
        pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
        return {name: reason.strip() for name, _, reason in pairs}
