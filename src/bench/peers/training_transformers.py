"""The same training step by Hugging Face transformers' GPT-2, in PyTorch: training_transformers.py VOCABULARY"""

import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from training import serve_training

vocabulary = int(sys.argv[1])
batch, time, width, layers, heads = 16, 24, 128, 4, 4
torch.manual_seed(0)

model = GPT2LMHeadModel(
    GPT2Config(
        vocab_size=vocabulary,
        n_positions=time,
        n_embd=width,
        n_layer=layers,
        n_head=heads,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
    )
)
optimiser = torch.optim.AdamW(model.parameters(), lr=5e-4)
tokens = torch.randint(0, vocabulary, (batch, time))


def step():
    loss = model(input_ids=tokens, labels=tokens, use_cache=False).loss
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss


serve_training(step, torch)
