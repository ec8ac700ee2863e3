"""Train ``conversations.language.assertions``: ``uv run --group train python -m training.assertions``.

Says how many namings of every tenth sentence, when those were left out, were taken for what they are, then trains from all
and writes the weights. The same sentences give the same weights.
"""

import json
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from conversations.language.assertions import BUCKETS, WEIGHTS, bucket, features
from training.sentences import OUTCOMES, Named, checksum, named_in, sentences

_EVERY = 10
_LARGEST = 32767


def _matrix(told: Sequence[Named]) -> csr_matrix:
    rows = [sorted({bucket(feature) for feature in features(each.text, each.start, each.end)}) for each in told]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(rows), ends), shape=(len(rows), BUCKETS))


def _trained(told: Sequence[Named]) -> LogisticRegression:
    return LogisticRegression(max_iter=400).fit(_matrix(told), [OUTCOMES.index(each.outcome) for each in told])


def main() -> None:
    """Measure, train, write."""
    told = sentences()
    kept = [each for number, line in enumerate(told) if number % _EVERY for each in named_in(line)]
    left = [each for line in told[::_EVERY] for each in named_in(line)]
    right = _trained(kept).score(_matrix(left), [OUTCOMES.index(each.outcome) for each in left])
    print(f"{len(told)} sentences; of {len(left)} namings left out {right:.1%} are taken for what they are")  # noqa: T201
    model = _trained([each for line in told for each in named_in(line)])
    scale = float(np.abs(model.coef_).max()) / _LARGEST
    head = {"scale": scale, "bias": np.round(model.intercept_, 6).tolist(), "sentences": checksum(told)}
    body = np.round(model.coef_ / scale).astype("<i2").tobytes()
    WEIGHTS.write_bytes(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
