"""Questions as people type them are the same in every run."""

from bench.perturbations import in_chat_spelling, with_typo, within_chatter, without_accents


def test_accents_go() -> None:
    assert without_accents("Qual é o preço da inscrição?") == "Qual e o preco da inscricao?"


def test_one_word_is_mistyped_and_always_the_same_way() -> None:
    question = "Qual é o prazo de inscrição?"
    typed = {with_typo(question, f"q{number}") for number in range(50)}

    assert typed == {with_typo(question, f"q{number}") for number in range(50)}
    assert len(typed) > 10
    for one in typed:
        changed = [(was, now) for was, now in zip(question.split(), one.split(), strict=True) if was != now]
        assert len(changed) <= 1
        assert all(len(was) >= 4 and abs(len(was.strip("?")) - len(now.strip("?"))) <= 1 for was, now in changed)


def test_short_questions_stay() -> None:
    assert with_typo("Oi?", "q") == "Oi?"


def test_chats_abbreviate() -> None:
    assert in_chat_spelling("O que você não sabe, e por que? Quanto é hoje?") == "oq vc n sabe, e pq? qto eh hj?"


def test_a_question_stands_somewhere_in_much_else() -> None:
    long = within_chatter("Qual é o prazo?", "q1")

    assert long == within_chatter("Qual é o prazo?", "q1") != within_chatter("Qual é o prazo?", "q2")
    assert "Qual é o prazo?" in long
    assert 900 <= len(long) <= 1200
