#!/usr/bin/env python3
"""Makes the built-in price table.

    scripts/prices.py FACTS.csv          read the facts, write data/prices.csv and the Swift file that holds its rows
    scripts/prices.py                    write the Swift file again from data/prices.csv
    scripts/prices.py --check            fail when the Swift file does not hold what data/prices.csv says

The facts hold one model a row, prices in US dollars per million tokens. What cannot be billed from the counts of
text tokens alone (pictures, seconds, searches, speech) is left out: a wrong price is worse than none.
"""
import argparse
import csv
import io
import os
import sys
from collections import Counter
from decimal import Decimal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "data", "prices.csv")
SWIFT = os.path.join(ROOT, "Sources", "WeirAccounting", "PriceTable+Data.swift")
SIZE_LIMIT = 400_000
TAKEN = "2026-11-21"

COLUMNS = "model,provider,mode,input,output,cached_input,reasoning,max_input_tokens,max_output_tokens,tiers,supports"

# Providers whose models Weir can call; those that only begin with one of PREFIXES belong to the same vendor.
PROVIDERS = """ai21 anthropic azure azure_ai cerebras codestral cohere cohere_chat cloudflare dashscope databricks deepinfra
    deepseek gemini groq hyperbolic jina_ai lambda_ai mistral moonshot nebius novita nvidia_nim openai openrouter
    perplexity sambanova text-completion-openai together_ai voyage xai""".split()
PREFIXES = ("bedrock", "fireworks_ai", "vertex_ai")

# Modes whose whole bill is tokens of text.
MODES = {"chat", "completion", "responses", "embedding", "rerank", "moderation"}
WITHOUT_OUTPUT = {"embedding", "rerank", "moderation"}
OTHER_PRICES = "usd_per_image usd_per_second_in usd_per_second_out usd_per_query usd_per_character".split()

# The same letters stand in ModelCapabilities.swift.
LETTERS = {
    "assistant_prefill": "a", "computer_use": "c", "function_calling": "f", "audio_input": "h",
    "parallel_function_calling": "l", "system_messages": "m", "audio_output": "o", "pdf_input": "p",
    "prompt_caching": "q", "reasoning": "r", "response_schema": "s", "tool_choice": "t", "vision": "v",
    "web_search": "w", "video_input": "y",
}

HEADER = """# Prices and limits of models: US dollars per million tokens, context windows in tokens.
# Taken {taken} from the price table that LiteLLM publishes (MIT licence; releases 1.109.1, and 1.83.2 for models that the
# newer one dropped), which gathers them from the providers' own price pages. Made by scripts/prices.py: do not edit.
# provider: empty where the model's name begins with it. cached_input, reasoning: empty means the price of input, output.
# tiers: TOKENS:INPUT/OUTPUT/CACHED for prompts longer than TOKENS, joined by ";"; an empty price is the one below.
# supports: {letters}
"""


def folded(key):
    """The order of the table: without regard to case, and by bytes where that does not decide."""
    return ("".join(c.lower() if c.isascii() else c for c in key).encode(), key.encode())


def decimal(text):
    """A price as short text; anything below 10⁻¹⁸ dollar a token is rounded, for it is noise of binary fractions."""
    if not text:
        return ""
    value = Decimal(text)
    if not 0 <= value <= 1_000_000:
        raise ValueError(f"{text} is no price per million tokens")
    short = format(value.quantize(Decimal("1e-12")), "f").rstrip("0").rstrip(".")
    return short or "0"


def count(text):
    """Some facts write whole numbers with a fraction of zero."""
    if not text:
        return ""
    if Decimal(text) != int(Decimal(text)):
        raise ValueError(f"{text} is no number of tokens")
    return str(int(Decimal(text))) if Decimal(text) > 0 else ""


def tiers(text):
    found = []
    for tier in filter(None, text.split(";")):
        above, prices = tier.split(":")
        tokens = int(above[:-1]) * 1000 if above.endswith("k") else int(above)
        named = dict(p.split("=") for p in prices.split("/"))
        fields = [decimal(named.get(name, "")) for name in ("input", "output", "cache_read")]
        if any(fields):
            found.append((tokens, "/".join(fields).rstrip("/")))
    return ";".join(f"{tokens}:{prices}" for tokens, prices in sorted(found))


def row(fact):
    """The table's row for a fact, or the reason why it has none."""
    provider, mode, model = fact["provider"], fact["mode"], fact["model"]
    if provider not in PROVIDERS and not provider.startswith(PREFIXES):
        return None, "provider is not listed"
    if mode not in MODES:
        return None, "not billed by text tokens"
    price_in, price_out = decimal(fact["input_usd_per_million"]), decimal(fact["output_usd_per_million"])
    if not price_in or not (price_out or mode in WITHOUT_OUTPUT):
        return None, "no price per token"
    price_out = price_out or "0"
    if price_in == price_out == "0" and any(fact[name] not in ("", "0") for name in OTHER_PRICES):
        return None, "not billed by text tokens"
    if any(ord(c) < 33 or ord(c) > 126 or c in ',"' for c in model) or model.startswith("#"):
        raise ValueError(f"{model!r} cannot stand in the table")
    cached, reasoning = decimal(fact["cache_read_usd_per_million"]), decimal(fact["reasoning_usd_per_million"])
    letters = "".join(sorted(LETTERS[name] for name in fact["supports"].split()))
    return [
        model, "" if model.startswith(provider + "/") else provider, mode, price_in, price_out,
        # Where reasoning costs what output costs it shall follow the output's tiers, so it is not written.
        cached, "" if reasoning == price_out else reasoning,
        count(fact["max_input_tokens"]), count(fact["max_output_tokens"]),
        tiers(fact["above_context_usd_per_million"]), letters,
    ], None


def table(path):
    rows, left_out = {}, Counter()
    with open(path, encoding="utf-8", newline="") as file:
        for fact in csv.DictReader(file):
            fields, reason = row(fact)
            if fields is None:
                left_out[reason] += 1
            elif fields[0] in rows:
                raise ValueError(f"{fields[0]} stands twice in {path}")
            else:
                rows[fields[0]] = ",".join(fields)
    letters = " ".join(f"{letter}={name}" for name, letter in sorted(LETTERS.items(), key=lambda pair: pair[1]))
    out = io.StringIO()
    out.write(HEADER.format(taken=TAKEN, letters=letters))
    out.write(COLUMNS + "\n")
    for key in sorted(rows, key=folded):
        out.write(rows[key] + "\n")
    print(f"{len(rows)} models; left out: " + ", ".join(f"{n} ({why})" for why, n in left_out.most_common()))
    return out.getvalue()


def swift(text):
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    body = [line for line in lines if not line.startswith("#")]
    if body[0] != COLUMNS:
        raise ValueError("the columns of data/prices.csv are not the expected ones")
    rows = body[1:]
    keys = [folded(line.split(",", 1)[0]) for line in rows]
    if any(a >= b for a, b in zip(keys, keys[1:])):
        raise ValueError("data/prices.csv is not sorted, or a model stands in it twice")
    if any('"""' in line or "\\" in line or len(line.split(",")) != 11 for line in rows):
        raise ValueError("a row of data/prices.csv is malformed")
    if sum(len(line) + 1 for line in rows) > SIZE_LIMIT:
        raise ValueError(f"the table exceeds {SIZE_LIMIT} bytes")
    comment = "\n".join("/" * 2 + line[1:] for line in head)
    return (
        "// swift-format-ignore-file\n// Made from data/prices.csv by scripts/prices.py: do not edit.\n//\n"
        + comment + "\n\nextension PriceTable {\n"
        + "    /// Models in the built-in table.\n"
        + f"    package static let builtInCount = {len(rows)}\n\n"
        + "    /// The rows of data/prices.csv without its head, in its order. Constant data of the program: looked into where\n"
        + "    /// it lies, never parsed as a whole.\n"
        + '    static var builtInRows: StaticString {\n        #"""\n'
        + "".join(f"        {line}\n" for line in rows)
        + '\n        """#\n    }\n}\n'
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("facts", nargs="?", help="CSV file with the facts")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the Swift file is stale")
    options = parser.parse_args()
    if options.check and options.facts:
        parser.error("--check takes no facts")
    if options.facts:
        text = table(options.facts)
        os.makedirs(os.path.dirname(TABLE), exist_ok=True)
        with open(TABLE, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    else:
        with open(TABLE, encoding="utf-8", newline="") as file:
            text = file.read()
    wanted = swift(text)
    if options.check:
        try:
            with open(SWIFT, encoding="utf-8", newline="") as file:
                stale = file.read() != wanted
        except FileNotFoundError:
            stale = True
        if stale:
            print(f"{os.path.relpath(SWIFT, ROOT)} is stale: run scripts/prices.py", file=sys.stderr)
        return 1 if stale else 0
    with open(SWIFT, "w", encoding="utf-8", newline="") as file:
        file.write(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
