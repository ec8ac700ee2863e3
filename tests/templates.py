"""Templates that this process has compiled: each of the many applications would compile them for itself."""

from jinja2.bccache import Bucket, BytecodeCache


class Compiled(BytecodeCache):
    """A cache that all applications of a process share."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()
