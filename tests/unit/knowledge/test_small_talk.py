"""Messages in which nothing is asked get a fitting sentence; those that ask something get none."""

import pytest

from app.knowledge.small_talk import reply_to_small_talk


@pytest.mark.parametrize(
    ("start", "messages"),
    [
        (
            "Olá!",
            [
                "oi",
                "Oii boa noiteee",
                "oiee",
                "Bom diaaa pessoal!",
                "td bem com vc?",
                "e aí",
                "tem alguém aí?",
                "👋",
            ],
        ),
        (
            "Por nada!",
            ["obg", "Obrigadaaa", "mto obg mesmo!", "vlw", "tmj", "blz obrigado", "🙏🏽", "❤️", "valeu 👍"],
        ),
        ("Até logo!", ["tchau", "flw", "até amanhã"]),
        ("Certo!", ["ok", "okk", "👍", "👍🏿👍🏿", "sim", "nn", "blz", "tá bom", "entendi", "✅", "hmmm", "massa"]),
        ("😄", ["kkkkk", "KKKKKKKK", "rsrsrs", "hahaha", "huehuehue", "😂😂😂"]),
        ("Sinto muito.", ["😡", "😢😢"]),
        ("Como posso ajudar?", ["?", "???", "...", "?!…", "🐶"]),
        ("Aqui não há um menu", ["1", "2️⃣", " 10 "]),
        (
            "Não consigo ver",
            ["[sticker]", "figurinha omitida", "stickerMessage", "<Mídia oculta>", "[Imagem]", "🎤 Áudio (0:12)"],
        ),
    ],
)
def test_the_sentence_fits(start: str, messages: list[str]) -> None:
    replies = {message: reply_to_small_talk(message) for message in messages}

    assert [message for message, reply in replies.items() if not (reply or "").startswith(start)] == []


@pytest.mark.parametrize(
    "message",
    [
        *[
            "oi, qual o frete?",
            "kk quanto custa",
            "obrigado, e o prazo?",
            "R$1444",
            "1299",
            "123",
            "3mil",
            "frete?",
        ],
        *[
            "foto do produto",
            "documento",
            "imagem",
            "mandaram a figurinha errada",
            "qual o horário? 👍",
            "ok e o preço",
        ],
        *["", " ", "\x00", "oi " * 100],
    ],
)
def test_whatever_asks_for_something_is_left_to_the_documents(message: str) -> None:
    assert reply_to_small_talk(message) is None


@pytest.mark.parametrize("repeated", ["k", "rs", "oi ", "ha", "[", "figurinha ", "👍", "muito "])
def test_no_message_takes_long(repeated: str) -> None:
    reply_to_small_talk((repeated * 200)[:200])
    reply_to_small_talk((repeated * 200)[:199] + "x")
