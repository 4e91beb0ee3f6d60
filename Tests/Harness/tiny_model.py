"""Writes a language model of under a megabyte as a GGUF file: `python tiny_model.py OUT.gguf`.

Nothing is downloaded. The model is a two-layer llama with seeded random weights, so its answers are nonsense made of
real words, always the same for the same seed. It is as real as any other to llama.cpp: tokenizer, chat template,
grammar, usage, slots.
"""

import sys
from pathlib import Path

import gguf
import numpy as np

WIDTH, LAYERS, HEADS, FEED_FORWARD, CONTEXT = 64, 2, 4, 128, 32768
SEED = 11

WORDS = """
the of and to in is that it was for on are as with they at be this from have or by one had not but what all were when
we there can an your which their said if do will each about how up out them then she many some so these would other into
has more two like see time could no make than first been who now people my made over did down only way find use water
long little very after just where most know red blue yes true false positive negative neutral billing technical sales
hola mundo gato perro casa el la los las de que y en un una es se con por para su al lo como pero sus le ya o este si
porque esta entre positivo negativo neutro ventas
""".split()

CONTROL = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
BEGIN, END_OF_TURN = 1, 4
SPACE = "\u2581"  # how SentencePiece writes a leading space


class Vocabulary:
    """Control tokens, all bytes, printable characters, and words with every prefix that the tokenizer merges through."""

    def __init__(self):
        self.tokens, self.kinds, self.scores = [], [], []
        for index, text in enumerate(CONTROL):
            self.add(text, gguf.TokenType.CONTROL if index else gguf.TokenType.UNKNOWN, 0)
        for byte in range(256):
            self.add(f"<0x{byte:02X}>", gguf.TokenType.BYTE, -1000)
        for character in [chr(code) for code in range(33, 127)] + [SPACE]:
            self.add(character, gguf.TokenType.NORMAL, -500)
        self.whole = set()
        known = set(self.tokens)
        for word in dict.fromkeys(WORDS):
            spaced = SPACE + word
            for length in range(2, len(spaced) + 1):
                piece = spaced[:length]
                if piece not in known:
                    known.add(piece)
                    self.add(piece, gguf.TokenType.NORMAL, length - 100)
            self.whole.add(spaced)

    def add(self, text, kind, score):
        self.tokens.append(text)
        self.kinds.append(kind)
        self.scores.append(float(score))

    def __len__(self):
        return len(self.tokens)


def output_weights(vocabulary, chance):
    """Random for whole words and nothing for the rest, so that the answers can be read.

    Column 0 meets the constant part of every embedding and so is a bias: a turn ends after some 15 tokens, and text
    bound to a JSON grammar finds its quotes and brackets.
    """
    weights = chance.standard_normal((len(vocabulary), WIDTH), dtype=np.float32) * 0.4
    for index, token in enumerate(vocabulary.tokens):
        if token not in vocabulary.whole:
            weights[index] = 0
        weights[index, 0] = 0.3 if token in vocabulary.whole else 0
        if token in ('"', "}", "]") and index >= len(CONTROL) + 256:
            weights[index, 0] = 1.25
    weights[END_OF_TURN, 0] = 1.5
    return weights


def write(path):
    chance = np.random.default_rng(SEED)
    vocabulary = Vocabulary()
    file = gguf.GGUFWriter(path, "llama")
    file.add_name("weir-tiny")
    file.add_context_length(CONTEXT)
    file.add_embedding_length(WIDTH)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(FEED_FORWARD)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_dimension_count(WIDTH // HEADS)
    file.add_vocab_size(len(vocabulary))
    file.add_file_type(gguf.LlamaFileType.ALL_F32)
    file.add_tokenizer_model("llama")
    file.add_tokenizer_pre("default")
    file.add_token_list([token.encode() for token in vocabulary.tokens])
    file.add_token_scores(vocabulary.scores)
    file.add_token_types(vocabulary.kinds)
    file.add_bos_token_id(BEGIN)
    file.add_eos_token_id(END_OF_TURN)
    file.add_unk_token_id(0)
    file.add_add_bos_token(True)
    file.add_add_eos_token(False)
    file.add_add_space_prefix(False)  # with a prefix, no grammar could ever match its first character
    file.add_chat_template(Path(__file__).with_name("chat.jinja").read_text())

    def matrix(rows, columns):
        return chance.standard_normal((rows, columns), dtype=np.float32) / np.float32(np.sqrt(columns))

    embedding = chance.standard_normal((len(vocabulary), WIDTH), dtype=np.float32)
    embedding[:, 0] = 6
    file.add_tensor("token_embd.weight", embedding)
    file.add_tensor("output.weight", output_weights(vocabulary, chance))
    file.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            file.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(WIDTH, np.float32))
        for projection in ("attn_q", "attn_k", "attn_v", "attn_output"):
            file.add_tensor(f"blk.{layer}.{projection}.weight", matrix(WIDTH, WIDTH))
        for name, rows, columns in (
            ("ffn_gate", FEED_FORWARD, WIDTH),
            ("ffn_up", FEED_FORWARD, WIDTH),
            ("ffn_down", WIDTH, FEED_FORWARD),
        ):
            file.add_tensor(f"blk.{layer}.{name}.weight", matrix(rows, columns))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


if __name__ == "__main__":
    write(sys.argv[1])
