"""The trained network written out for speed: the same sums with fewer steps, for one window at a time."""

import torch
from torch import Tensor, nn

from models.training.network import TokenClassifier


class Lean(nn.Module):
    """A BERT classifier without batch and mask: one matrix for query, key and value, one table for place and type."""

    def __init__(self, model: TokenClassifier) -> None:
        """Take over the weights of a classifier, multiplied together where nothing stands between them."""
        super().__init__()
        embeddings, config = model.encoder.embeddings, model.encoder.config
        self.heads, self.width = config.num_attention_heads, config.hidden_size
        self.words, self.marks, self.norm = embeddings.word_embeddings, model.marks, embeddings.LayerNorm
        places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[:1]
        self.places = nn.Parameter(places.detach().clone())
        self.layers = nn.ModuleList(_Layer(layer, self.heads, self.width) for layer in model.encoder.encoder.layer)
        self.head = model.head

    def forward(self, input_ids: Tensor, marks: Tensor) -> Tensor:
        """Logits, one row a token; ids and marks are (1, length)."""
        ids = input_ids.reshape(-1)
        rows = self.norm(self.words(ids) + self.marks(marks.reshape(-1)) + self.places[: ids.shape[0]])
        for layer in self.layers:
            rows = layer(rows)
        return self.head(rows).unsqueeze(0)


class _Layer(nn.Module):
    """One layer; the scale of the attention is in the query's weights."""

    def __init__(self, layer: nn.Module, heads: int, width: int) -> None:
        super().__init__()
        own, self.heads, self.width = layer.attention.self, heads, width
        scale = (width // heads) ** -0.5
        self.three = nn.Linear(width, 3 * width)
        self.three.weight = nn.Parameter(torch.cat([own.query.weight * scale, own.key.weight, own.value.weight]).detach())
        self.three.bias = nn.Parameter(torch.cat([own.query.bias * scale, own.key.bias, own.value.bias]).detach())
        self.out, self.norm = layer.attention.output.dense, layer.attention.output.LayerNorm
        self.wide, self.narrow, self.last = layer.intermediate.dense, layer.output.dense, layer.output.LayerNorm

    def forward(self, rows: Tensor) -> Tensor:
        """The rows after attention and the two dense steps."""
        query, key, value = self.three(rows).reshape(-1, 3, self.heads, self.width // self.heads).permute(1, 2, 0, 3).unbind(0)
        attended = torch.softmax(query @ key.transpose(1, 2), dim=-1) @ value
        rows = self.norm(rows + self.out(attended.transpose(0, 1).reshape(-1, self.width)))
        return self.last(rows + self.narrow(nn.functional.gelu(self.wide(rows))))
