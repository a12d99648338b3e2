"""Builds the tokenizer of multilingual-e5-small in the format of Hugging Face `tokenizers`."""

import re
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from app.knowledge.embedding.weights import Vocabulary


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """SentencePiece's Unigram with its `nmt_nfkc` normalisation (Kudo & Richardson, 2018).

    A text becomes `<s> pieces </s>`; truncation and padding are left to whoever loads it.
    """
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = _normalizer(vocabulary.replacements)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = (vocabulary.pieces[token][0] for token in (vocabulary.bos, vocabulary.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, vocabulary.bos), (end, vocabulary.eos)]
    )
    return tokenizer


def _normalizer(replacements: dict[int, str]) -> normalizers.Normalizer:
    """`nmt_nfkc` is NFKC plus characters it removes (controls) or takes for spaces (zero width and others)."""
    removed = [code for code, text in replacements.items() if text == ""]
    spaced = [code for code, text in replacements.items() if text == " "]
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(_one_of([0, *removed])), ""),
            normalizers.Replace(Regex(_one_of(spaced)), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )


def _one_of(codes: Iterable[int]) -> str:
    return f"[{''.join(re.escape(chr(code)) for code in sorted(codes))}]"
