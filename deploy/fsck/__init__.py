"""fsck: what must hold over all services at any quiet moment, read from their databases and the broker.

Each module checks one part; a finding is a sentence that names the document. `run` and `shown`
are the ways in. The money that billing can judge alone is judged by billing's own command.
"""

from deploy.fsck.report import Databases, run, shown

__all__ = ["Databases", "run", "shown"]
