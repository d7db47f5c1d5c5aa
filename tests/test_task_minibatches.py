"""Data, losses on them, minibatches and splits: closed forms against enumeration, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from evaluation import value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from metaid_symbolic.model import Model
from metaid_symbolic.models.datasets import Dataset
from metaid_symbolic.models.laws import FiniteLaw
from metaid_symbolic.models.minibatches import Minibatches, Splits, split_tasks
from metaid_symbolic.models.risks import Loss, example_losses, squared, tasks_on
from metaid_symbolic.terms import IllFormed, number, symbol

HALF = Fraction(1, 2)


def small() -> st.SearchStrategy[Fraction]:
    return st.fractions(min_value=-3, max_value=3, max_denominator=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(small(), small()), min_size=1, max_size=5), st.data(), st.booleans())
def test_minibatch_moments_are_means_over_all_minibatches(
    pairs: list[tuple[Fraction, Fraction]], data: st.DataObject, again: bool
) -> None:
    b = data.draw(st.integers(1, 4 if again else len(pairs)))
    drawn = Minibatches(len(pairs), b, again)
    f, g = zip(*pairs, strict=True)
    means = [(sum(f[i] for i in batch) / b, sum(g[i] for i in batch) / b) for batch in drawn.batches]
    e_f, e_g, e_fg = (
        sum(part, Fraction(0)) / len(means) for part in ([u for u, _ in means], [v for _, v in means], [u * v for u, v in means])
    )
    terms = [list(map(number, f)), list(map(number, g))]
    assert value_of(drawn.mean(terms[0])) == e_f
    assert value_of(drawn.moment(*terms)) == e_fg
    assert value_of(drawn.covariance(*terms)) == e_fg - e_f * e_g


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(small(), small()), min_size=2, max_size=5), st.data())
def test_split_moments_are_means_over_all_splits(pairs: list[tuple[Fraction, Fraction]], data: st.DataObject) -> None:
    support = data.draw(st.integers(1, len(pairs) - 1))
    query = data.draw(st.integers(1, len(pairs) - support))
    splits = Splits(len(pairs), support, query)
    f, g = zip(*pairs, strict=True)
    products = [sum(f[i] for i in s) / support * sum(g[i] for i in q) / query for s, q in splits.pairs]
    assert all(not set(s) & set(q) for s, q in splits.pairs)
    assert value_of(splits.moment(list(map(number, f)), list(map(number, g)))) == sum(products, Fraction(0)) / len(products)


def line() -> Model:
    return Model(("w",), ("x",), (symbol("w") * symbol("x"),))


DATA = Dataset.of([1, 2, 3], [2, "1/2", 0])


def test_every_split_is_a_task() -> None:
    examples = [example_losses(line(), squared(), d) for d in (DATA, Dataset.of([1, 1], [0, 1]))]
    tasks, query = split_tasks(("w",), examples, (1, 1), FiniteLaw(("1/3", "2/3")))
    assert len(tasks.tasks) == len(query) == 6 + 2 and tasks.law == FiniteLaw((Fraction(1, 18),) * 6 + (Fraction(1, 3),) * 2)
    losses = [value_of(loss, {"w": HALF}) for loss in examples[0]]
    listed = [(value_of(s, {"w": HALF}), value_of(q, {"w": HALF})) for s, q in zip(tasks.tasks[:6], query[:6], strict=True)]
    assert listed == [(losses[i], losses[j]) for i in range(3) for j in range(3) if i != j]


X = symbol("x")
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "too large a minibatch": (lambda: Minibatches(3, 4), "4 examples cannot be drawn without replacement from 3"),
    "an empty minibatch": (lambda: Minibatches(3, 0), "0 is no number of examples"),
    "too many minibatches": (lambda: Minibatches(50, 25).batches, "not listed"),
    "values of another number": (lambda: Minibatches(3, 2).mean([X]), "1 values disagree with 3 examples"),
    "too large a split": (lambda: Splits(3, 2, 2), "2 support and 2 query examples disagree with 3"),
    "splits with weights of another number": (
        lambda: split_tasks(("x",), [[X, X]], (1, 1), FiniteLaw((HALF, HALF))),
        "1 tasks .* 2",
    ),
    "splits of too few examples": (
        lambda: split_tasks(("x",), [[X, X]], (2, 1)),
        "2 support and 1 query .* with 2",
    ),
    "a float in the data": (lambda: Dataset.of([0.5], [1]), r"an input is 0\.5 \(float\)"),
    "a float in the targets": (lambda: Dataset.of([1], [1e3]), r"a target is 1000\.0 \(float\)"),
    "a number for the inputs": (lambda: Dataset.of(1, [1]), "the inputs are 1, no list of rows"),
    "a text for the targets": (lambda: Dataset.of([1], "1"), "the targets are '1', no list of rows"),
    "ragged data": (lambda: Dataset.of([[1], [1, 2]], [0, 0]), "example 1 has 2 inputs, and example 0 has 1"),
    "a target missing": (lambda: Dataset.of([1, 2], [0]), "2 inputs disagree with 1 targets"),
    "no data": (lambda: Dataset.of([], []), "there are none"),
    "data that do not fit the model": (
        lambda: tasks_on(line(), squared(), [Dataset.of([[1, 2]], [0])]),
        "2 inputs .* model of 1",
    ),
    "targets that do not fit the loss": (
        lambda: tasks_on(line(), squared(), [Dataset.of([1], [[0, 1]])]),
        "1 targets disagrees .* 2 targets",
    ),
    "a loss that does not fit the model": (lambda: tasks_on(line(), squared(2), [DATA]), "2 predictions .* 1 outputs"),
    "a loss with another variable": (lambda: Loss(("f",), ("y",), symbol("f") - symbol("q")), "mentions q, which is neither"),
    "data with another variable": (
        lambda: tasks_on(line(), squared(), [Dataset.of([1], [symbol("q")])]),
        "mentions q, which is no parameter",
    ),
    "data with a parameter": (
        lambda: tasks_on(line(), squared(), [Dataset.of([1], [symbol("w")])]),
        "the data mention w, a parameter",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    made, message = REFUSED[name]
    with pytest.raises(IllFormed, match=message):
        made()
