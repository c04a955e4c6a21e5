"""Train the token classifier, alone or from a larger one's soft labels. See README.md for the recipe."""

import argparse
import copy
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from models.training.corpus import external_windows, open_source, rounds
from models.training.encode import IGNORE, LABELS, Window, encode
from models.training.external import Example, read_external
from models.training.network import TokenClassifier
from models.training.passages import fill_passage, join

MASK_ID = 103
_LAYER = re.compile(r"encoder\.layer\.(\d+)\.")


def batches(windows: list[Window], tokens: int, rng: random.Random) -> Iterator[list[Window]]:
    """Windows of like length together, at most `tokens` a batch with padding, in random order."""
    ordered = sorted(windows, key=lambda w: len(w.ids) + rng.random() * 8)
    made: list[list[Window]] = [[]]
    for window in ordered:
        if (len(made[-1]) + 1) * len(window.ids) > tokens and made[-1]:
            made.append([])
        made[-1].append(window)
    rng.shuffle(made)
    yield from made


def collate(batch: list[Window], device: str) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """ids, marks, labels, attention mask and allowed[window, label]: what an unmarked word may be besides O."""
    width, count = max(len(w.ids) for w in batch), len(batch)
    ids, marks = np.zeros((count, width), dtype=np.int64), np.zeros((count, width), dtype=np.int64)
    labels, mask = np.full((count, width), IGNORE, dtype=np.int64), np.zeros((count, width), dtype=np.int64)
    allowed = np.zeros((count, len(LABELS)), dtype=bool)
    allowed[:, 0] = True
    for row, window in enumerate(batch):
        size = len(window.ids)
        ids[row, :size], marks[row, :size], labels[row, :size], mask[row, :size] = window.ids, window.marks, window.labels, 1
        for category in range((len(LABELS) - 1) // 2):
            if window.silent >> category & 1:
                allowed[row, 1 + 2 * category : 3 + 2 * category] = True
    ids_, marks_, labels_, mask_, allowed_ = (
        torch.from_numpy(a).to(device, non_blocking=True) for a in (ids, marks, labels, mask, allowed)
    )
    return ids_, marks_, labels_, mask_, allowed_


def hard_loss(logits: Tensor, labels: Tensor, allowed: Tensor) -> Tensor:
    """Cross entropy; for an unmarked word of a partly annotated set, of O or any category that the set is silent on."""
    scores = torch.log_softmax(logits.float(), dim=-1)
    chosen = scores.gather(-1, labels.clamp(min=0)[..., None])[..., 0]
    outside = torch.logsumexp(scores.masked_fill(~allowed[:, None, :], -1e4), dim=-1)
    likelihood = torch.where(labels == 0, outside, chosen)
    keep = labels != IGNORE
    return -(likelihood * keep).sum() / keep.sum().clamp(min=1)


def soft_loss(logits: Tensor, target: Tensor, mask: Tensor, temperature: float = 2.0) -> Tensor:
    """Kullback-Leibler divergence from the teacher's softened labels."""
    learned = torch.log_softmax(logits.float() / temperature, dim=-1)
    given = torch.softmax(target.float() / temperature, dim=-1)
    each = nn.functional.kl_div(learned, given, reduction="none").sum(-1)
    return (each * mask).sum() / mask.sum() * temperature**2


def hide_words(ids: Tensor, rate: float) -> Tensor:
    """Mask a few word pieces, so that a name is known by its place and not only by its letters."""
    roll = torch.rand(ids.shape, device=ids.device)
    other = torch.randint_like(ids, 1999, 29_000)
    usual = ids > 999
    return torch.where((roll < rate * 0.7) & usual, MASK_ID, torch.where((roll < rate) & usual, other, ids))


@torch.no_grad()
def follow(average: TokenClassifier, model: TokenClassifier, share: float) -> None:
    """Move the average of the weights towards the model's."""
    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - share)


def aside_windows(gazetteer: Path | None, tokenizer: Path, fills: int = 2) -> list[Window]:
    """The passages kept aside, filled without noise."""
    source = open_source(gazetteer, tokenizer, aside=True)
    made: list[Window] = []
    for seed in range(fills):
        for number, passage in enumerate(source.passages):
            text, spans = join(fill_passage(random.Random(seed * 10_000 + number), passage, source.lexicon))
            made += encode(source.tokenizer, Example(text, tuple(spans)))
    return made


@torch.no_grad()
def measure(model: TokenClassifier, windows: list[Window], device: str) -> str:
    """Token recall (whatever the category) and precision at P(O) < .5, and recall by category."""
    model.eval()
    hit, total, wrong = np.zeros(len(LABELS)), np.zeros(len(LABELS)), 0
    for batch in batches(windows, 32_000, random.Random(0)):
        ids, marks, labels, mask, _ = collate(batch, device)
        with torch.autocast(device, torch.bfloat16):
            logits = model(ids, marks, mask)
        found = (torch.softmax(logits.float(), -1)[..., 0] < 0.5).cpu().numpy()
        gold = labels.cpu().numpy()
        wrong += int((found & (gold == 0)).sum())
        for label in range(1, len(LABELS)):
            hit[label] += (found & (gold == label)).sum()
            total[label] += (gold == label).sum()
    by = {LABELS[i][2:]: (hit[i] + hit[i + 1]) / max(1, total[i] + total[i + 1]) for i in range(1, len(LABELS), 2)}
    listed = " ".join(f"{name[:5]} {value:.3f}" for name, value in by.items())
    return f"recall {hit.sum() / max(1, total.sum()):.4f} precision {hit.sum() / max(1, hit.sum() + wrong):.4f} | {listed}"


def _whole(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """fp32 weights; a matrix kept as int8 rows (name.q) with scales (name.s) is multiplied out."""
    whole = {key: value.float() for key, value in state.items() if not key.endswith((".q", ".s"))}
    for key in [key[:-2] for key in state if key.endswith(".q")]:
        whole[key] = state[f"{key}.q"].float() * state[f"{key}.s"].float()
    return whole


def _thinned(state: dict[str, Tensor], layers: int) -> tuple[dict[str, Tensor], int]:
    """The weights with so many of their layers, the first, the last and those evenly between; 0 keeps all."""
    had = 1 + max(int(found.group(1)) for key in state if (found := _LAYER.search(key)))
    wanted = layers or had
    chosen = [round(at * (had - 1) / max(1, wanted - 1)) for at in range(wanted)]
    thin = {}
    for key, value in state.items():
        found = _LAYER.search(key)
        if found is None:
            thin[key] = value
        elif int(found.group(1)) in chosen:
            thin[_LAYER.sub(f"encoder.layer.{chosen.index(int(found.group(1)))}.", key)] = value
    return thin, wanted


def _narrowed(state: dict[str, Tensor], inner: int) -> tuple[dict[str, Tensor], int]:
    """The weights with so many of the units between a layer's two dense steps, those of the largest weights; 0 keeps all."""
    into = [key for key in state if key.endswith(".intermediate.dense.weight")]
    if not into:
        return state, inner
    narrow = dict(state)
    for key in into if inner else ():
        bias, out = key.replace("weight", "bias"), key.replace("intermediate", "output")
        strength = state[key].norm(dim=1) * state[out].norm(dim=0)
        kept = strength.topk(min(inner, len(strength))).indices.sort().values
        narrow |= {key: state[key][kept], bias: state[bias][kept], out: state[out][:, kept]}
    return narrow, len(narrow[into[0]])


def load_model(
    config: Path, weights: Path | None, device: str, dropout: float = 0.1, layers: int = 0, inner: int = 0
) -> TokenClassifier:
    """A classifier of a base folder; weights is a base encoder's or a trained classifier's safetensors file.

    `layers` keeps only so many of the weights' layers, `inner` so many of the units inside each.
    """
    state, layers = _thinned(_whole(load_file(weights)), layers) if weights else ({}, layers)
    state, inner = _narrowed(state, inner)
    model = TokenClassifier(str(config), len(LABELS), dropout, layers, inner)
    if weights:
        if not any(key.startswith("head.") for key in state):
            state = {f"encoder.{key.removeprefix('mpnet.').removeprefix('bert.')}": value for key, value in state.items()}
        missing = model.load_state_dict(state, strict=False)
        lost = [key for key in missing.missing_keys if not key.startswith(("head.", "marks.")) and "position_ids" not in key]
        if lost:
            raise SystemExit(f"the weights lack {lost[:3]}")
    return model.to(device)


def learn(model: TokenClassifier, teacher: TokenClassifier | None, options: argparse.Namespace) -> TokenClassifier:
    """Train until the rounds or the seconds are spent, the rate falling to that end; the answer is the average of the weights."""
    device, rng, start = options.device, random.Random(options.seed), time.monotonic()
    outside = external_windows(options.tokenizer, read_external(options.external)) if options.external else []
    aside = aside_windows(options.gazetteer, options.tokenizer)
    plain = [p for n, p in model.named_parameters() if p.ndim < 2]
    decayed = [p for n, p in model.named_parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=options.rate
    )
    model.train()
    average = copy.deepcopy(model).eval()
    step, done = 0, 0.0
    for number, windows in enumerate(
        rounds(options.gazetteer, options.tokenizer, options.documents, options.workers, options.seed)
    ):
        mixed = windows + rng.sample(outside, min(len(outside), int(len(windows) * options.outside)))
        losses, count = 0.0, 0
        for batch in batches(mixed, options.tokens, rng):
            done = max(number / options.rounds, (time.monotonic() - start) / options.seconds)
            if done >= 1:
                break
            step += 1
            for group in optimiser.param_groups:
                group["lr"] = options.rate * min(1.0, step / 100) * (0.02 + 0.98 * (1 - done))
            ids, marks, labels, mask, allowed = collate(batch, device)
            with torch.autocast(device, torch.bfloat16):
                logits = model(hide_words(ids, options.hide), marks, mask)
                if teacher:
                    with torch.no_grad():
                        target = teacher(ids, marks, mask)
            loss = hard_loss(logits, labels, allowed)
            if teacher:
                loss = 0.4 * loss + 0.6 * soft_loss(logits, target, mask)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            follow(average, model, min(options.average, (1 + step) / (10 + step)))
            count += 1
            losses += float(loss.detach()) if step % 20 == 0 else 0.0
        print(
            f"round {number} step {step} {time.monotonic() - start:.0f}s loss {losses / max(1, count // 20):.4f} {measure(average, aside, device)}",
            flush=True,
        )
        if done >= 1 or number + 1 >= options.rounds:
            return average
    return average


def main() -> None:
    """Command line; see README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with the base encoder's config.json")
    parser.add_argument("--weights", type=Path, help="safetensors to start from")
    parser.add_argument("--teacher-base", type=Path)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--external", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=0, help="keep so many of the layers of --weights; 0 keeps all")
    parser.add_argument("--inner", type=int, default=0, help="keep so many units between the dense steps of each layer")
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--documents", type=int, default=24_000)
    parser.add_argument("--tokens", type=int, default=12_000)
    parser.add_argument("--outside", type=float, default=0.15)
    parser.add_argument("--hide", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--average", type=float, default=0.998, help="how slowly the averaged weights move")
    parser.add_argument("--workers", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    teacher = None
    if options.teacher:
        teacher = load_model(options.teacher_base, options.teacher, options.device).eval()
    model = load_model(options.base, options.weights, options.device, options.dropout, options.layers, options.inner)
    average = learn(model, teacher, options)
    save_file({key: value.half().contiguous() for key, value in average.state_dict().items()}, options.out)


if __name__ == "__main__":
    main()
