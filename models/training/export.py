"""Export a trained classifier: ONNX, int8 weights, tokenizer, labels and a manifest."""

import argparse
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.training.encode import LABELS
from models.training.lean import Lean
from models.training.network import TokenClassifier
from models.training.train import load_model


def to_onnx(model: TokenClassifier, path: Path) -> None:
    """Write fp32 ONNX with one window of any length as input, in the lean form; SystemExit when that computes something else."""
    lean = Lean(model.eval()).eval()
    sample = (torch.arange(2000, 2032)[None], torch.arange(32)[None] % 8)
    with torch.no_grad():
        if not torch.allclose(model(*sample), lean(*sample), atol=1e-3):
            raise SystemExit("the lean form does not compute what the classifier does")
    torch.onnx.export(
        lean, sample, str(path), input_names=["input_ids", "marks"], output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={"input_ids": {1: "length"}, "marks": {1: "length"}, "logits": {1: "length"}},
    )  # fmt: skip


def quantise(source: Path, target: Path) -> None:
    """Dynamic int8: weights by channel, activations scaled at run time."""
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(str(ready), str(target), per_channel=True, weight_type=QuantType.QInt8)


def write_manifest(folder: Path, version: str, base: str) -> None:
    """manifest.toml with the sha256 of every file of the model."""
    files = ("model.int8.onnx", "tokenizer.json", "labels.json", "thresholds.toml")
    lines = [
        f'name = "storysafe-tagger"\nversion = "{version}"\nbase = "{base}"\nlicence = "Apache-2.0"',
        f'made_on = "{datetime.now(UTC):%Y-%m-%d}"',
        "\n[sha256]",
    ]
    lines += [f'"{name}" = "{sha256((folder / name).read_bytes()).hexdigest()}"' for name in files if (folder / name).exists()]
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_tokenizer(source: Path, target: Path) -> None:
    """The base's tokenizer without its truncation and padding."""
    content = json.loads(source.read_text(encoding="utf-8"))
    content["truncation"] = content["padding"] = None
    target.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8", newline="\n")


def main() -> None:
    """Command line; see README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with config.json and tokenizer.json")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("models/tagger"))
    parser.add_argument("--version", required=True)
    parser.add_argument("--base-name", default="all-MiniLM-L6-v2")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        to_onnx(load_model(options.base, options.weights, "cpu"), plain)
        quantise(plain, options.out / "model.int8.onnx")
    write_tokenizer(options.base / "tokenizer.json", options.out / "tokenizer.json")
    (options.out / "labels.json").write_text(json.dumps(list(LABELS)) + "\n", encoding="utf-8", newline="\n")
    write_manifest(options.out, options.version, options.base_name)


if __name__ == "__main__":
    main()
