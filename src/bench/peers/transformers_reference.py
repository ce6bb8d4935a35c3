"""What Hugging Face transformers makes of GPT-2 folders, for `npm run validate transformers`: a line of JSON in, one out.

{"read": folder, "texts": [...], "tokens": [[...]]}  encodings by the slow and the fast tokenizer, decoded texts, logits
{"write": folder, "source": folder, "sizes": {...}, "seed": n}  a random model, with the tokenizer of another folder
"""

import json
import os
import shutil
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Tokenizer, GPT2TokenizerFast

torch.set_num_threads(1)


def read(folder, texts, tokens):
    model, found = GPT2LMHeadModel.from_pretrained(folder, output_loading_info=True)
    model.eval()
    strange = [name for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") for name in found[kind]]
    slow, fast = GPT2Tokenizer.from_pretrained(folder), GPT2TokenizerFast.from_pretrained(folder)
    slow_ids = [slow(text)["input_ids"] for text in texts]
    fast_ids = [fast(text)["input_ids"] for text in texts]
    batch = torch.tensor(tokens)
    with torch.no_grad():
        logits = model(batch).logits.flatten().tolist()
    return {
        "strange": strange,
        "slow": slow_ids,
        "fast": fast_ids,
        "decoded": [slow.decode(ids) for ids in slow_ids],
        "logits": logits,
    }


def write(folder, source, sizes, seed):
    torch.manual_seed(seed)
    tokenizer = GPT2Tokenizer.from_pretrained(source)
    model = GPT2LMHeadModel(GPT2Config(**sizes, vocab_size=len(tokenizer), eos_token_id=tokenizer.eos_token_id)).eval()
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return {}


for line in sys.stdin:
    question = json.loads(line)
    if question.get("versions"):
        answer = {"transformers": transformers.__version__, "torch": torch.__version__}
    elif "read" in question:
        answer = read(question["read"], question["texts"], question["tokens"])
    else:
        answer = write(question["write"], question["source"], question["sizes"], question["seed"])
    print(json.dumps(answer), flush=True)
