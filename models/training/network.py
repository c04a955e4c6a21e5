"""The classifier: an encoder, letter-case and line marks added to its word vectors, one linear layer."""

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

MARKS = 8


class TokenClassifier(nn.Module):
    """Encoder of a local folder (config.json) with a head for `labels` labels.

    `layers` and `inner` (the width between a layer's two dense steps), where given, are used instead of the folder's.
    """

    def __init__(self, config_folder: str, labels: int, dropout: float = 0.1, layers: int = 0, inner: int = 0) -> None:
        """Build with random weights; load_model() gives the trained ones."""
        super().__init__()
        config = AutoConfig.from_pretrained(config_folder)
        config.num_hidden_layers = layers or config.num_hidden_layers
        config.intermediate_size = inner or config.intermediate_size
        config.hidden_dropout_prob = dropout
        # MPNet's vocabulary is BERT's moved up by four, but for the special tokens.
        self.shifted = config.model_type == "mpnet"
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False)
        self.marks = nn.Embedding(MARKS, config.hidden_size)
        nn.init.zeros_(self.marks.weight)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(config.hidden_size, labels)

    def forward(self, input_ids: Tensor, marks: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Logits, one row a token."""
        if self.shifted:
            input_ids = torch.where(
                input_ids == 0, 1, torch.where(input_ids == 101, 0, torch.where(input_ids == 102, 2, input_ids + 4))
            )
        vectors = self.encoder.get_input_embeddings()(input_ids) + self.marks(marks)
        hidden = self.encoder(inputs_embeds=vectors, attention_mask=attention_mask).last_hidden_state
        return self.head(self.dropout(hidden))
