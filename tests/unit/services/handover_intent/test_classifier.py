"""What is learnt from sentences holds for others."""

from collections.abc import Sequence

import pytest

from app.services.handover_intent.classifier import Classifier, taught_sentences
from app.services.handover_intent.intent import wants_person
from app.services.handover_intent.matcher import Matcher
from app.services.handover_intent.normalization import Normalizer

NORMALIZER = Normalizer()
MATCHER = Matcher(NORMALIZER)
FOLDS = 5
SURE = 5


def asks(classifier: Classifier, text: str) -> bool:
    words = NORMALIZER.words(text)
    reading = MATCHER.read([words])
    return bool(reading.example) or (not reading.is_denied and classifier.score(words) > SURE)


@pytest.fixture(scope="module")
def untaught() -> tuple[list[str], list[str], int, int]:
    """Requests missed and others taken by classifiers that were not taught them, and of how many of each."""
    requests, others = taught_sentences()
    missed: list[str] = []
    taken: list[str] = []
    for fold in range(FOLDS):
        classifier = Classifier(NORMALIZER, without(requests, fold), without(others, fold))
        missed += [text for text in requests[fold::FOLDS] if not asks(classifier, text)]
        taken += [text for text in others[fold::FOLDS] if asks(classifier, text)]
    return missed, taken, len(requests), len(others)


def without(texts: Sequence[str], fold: int) -> list[str]:
    return [text for number, text in enumerate(texts) if number % FOLDS != fold]


def test_nineteen_of_twenty_requests_that_were_not_taught_are_recognised(
    untaught: tuple[list[str], list[str], int, int],
) -> None:
    missed, _, requests, _ = untaught

    assert requests >= 1000
    assert len(missed) <= requests / 20, missed


def test_one_in_seventy_others_that_were_not_taught_is_taken_for_a_request(
    untaught: tuple[list[str], list[str], int, int],
) -> None:
    """They were all written to look like requests; among customers' messages far fewer are."""
    _, taken, _, others = untaught

    assert others >= 1200
    assert len(taken) <= others / 70, taken


def test_no_taught_message_of_the_others_is_taken_for_a_request() -> None:
    _, others = taught_sentences()

    assert [text for text in others if wants_person(text)] == []


def test_hardly_a_taught_request_is_missed() -> None:
    requests, _ = taught_sentences()
    missed = [text for text in requests if not wants_person(text)]

    assert len(missed) <= len(requests) / 50, missed


def test_no_message_is_taught_as_both() -> None:
    requests, others = (set(map(str.casefold, texts)) for texts in taught_sentences())

    assert requests & others == set()


def test_nothing_learnt_is_nothing_known() -> None:
    assert Classifier(NORMALIZER, [], []).score(["quero", "atendente"]) == 0


def test_what_is_learnt_is_the_same_in_every_process() -> None:
    requests, others = taught_sentences()
    first, second = (Classifier(NORMALIZER, requests[:50], others[:50]) for _ in range(2))

    assert first.score(NORMALIZER.words("quero gente")) == second.score(NORMALIZER.words("quero gente"))
