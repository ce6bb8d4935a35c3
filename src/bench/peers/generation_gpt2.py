"""Greedy generation by Hugging Face's GPT2LMHeadModel with its key-value cache: generation_gpt2.py MAXIMUM MODES FILE...

Each FILE holds weights as safetensors. The same time is reported for every mode of the other side. One thread and as many as
there are cores are both tried in the first turn; the faster is kept, for each case.

{"versions": true}  -> {"python": "3.11.7", ...}
{"repeat": 1}       -> {"seconds": {key: ...}, "results": {key: ...}}
"""

import os
import platform
import sys
import time

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel

from serve import serve

maximum, modes = int(sys.argv[1]), sys.argv[2].split(",")
prompt, width, layers, heads = 10, 128, 4, 4
thread_counts = sorted({1, torch.get_num_threads()})
kept = {}  # threads of each case, once known


def load(file):
    state = load_file(file)
    vocabulary, positions = (state[f"transformer.{name}.weight"].shape[0] for name in ("wte", "wpe"))
    sizes = dict(vocab_size=vocabulary, n_positions=positions, n_embd=width, n_layer=layers, n_head=heads)
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)).eval()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert missing == ["lm_head.weight"] and not unexpected  # tied to wte
    model.tie_weights()
    return vocabulary, model


models = dict(load(file) for file in sys.argv[3:])


def generate(model, batch):
    prompts = (7 * torch.arange(batch)[:, None] + 3 * torch.arange(prompt)) % 32
    with torch.inference_mode():
        tokens = model.generate(
            prompts, attention_mask=torch.ones_like(prompts), max_new_tokens=maximum, do_sample=False, use_cache=True
        )
    return tokens[:, prompt:].flatten().tolist()


def timed(model, batch, threads, repeat):
    torch.set_num_threads(threads)
    started = time.perf_counter()
    for _ in range(repeat):
        tokens = generate(model, batch)
    return (time.perf_counter() - started) / repeat, tokens


def answer(request):
    if "versions" in request:
        versions = {"torch": torch.__version__, "transformers": transformers.__version__, "threads": str(kept)}
        return {"python": platform.python_version(), **versions}
    seconds, results = {}, {}
    for vocabulary, model in models.items():
        for batch in (1, 32):
            case = f"{vocabulary}/{batch}"
            if case not in kept:
                timed(model, batch, 1, 1)  # the very first call takes longer
                kept[case] = min(thread_counts, key=lambda threads: timed(model, batch, threads, 1)[0])
            taken, tokens = timed(model, batch, kept[case], request["repeat"])
            for mode in modes:
                seconds[f"{mode}/{case}"], results[f"{mode}/{case}"] = taken, tokens
    return {"seconds": seconds, "results": results}


serve(answer)
