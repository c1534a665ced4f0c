"""The network: MiniLM with case features, a word tagger, an entity head and a sentence-role head."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from papergraph.extract.candidates import N_HAND
from papergraph.extract.context import N_DISTANCES
from papergraph.extract.cues import N_CUES
from papergraph.extract.words import N_FEATURES
from training.data import N_TAGS

N_SENTENCE_ROLES = 5
N_PLACE = 4
SPAN, ENTITY = 256, 256
ATTENTION_HEADS = 4
DIMENSIONS = 384  # of an embedding


class Encoder(nn.Module):
    """Token vectors [B, T, width] and tag scores [B, T, 9] from ids, case features and mask, all [B, T].

    Embeddings and the lowest `frozen` layers (a third of them) stay as they are, so that their output is
    computed once per paper; the case features come in above them.
    """

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(base, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        self.frozen = len(self.base.encoder.layer) // 3
        width = self.base.config.hidden_size
        self.features = nn.Embedding(N_FEATURES, width)
        nn.init.zeros_(self.features.weight)
        self.tags = nn.Linear(width, N_TAGS)
        self.drop = nn.Dropout(0.1)

    def lower(self, ids: Tensor) -> Tensor:
        """Output of the frozen part, [B, T, 384], without padding (one paper, or windows of equal length)."""
        e = self.base.embeddings
        x = e.word_embeddings(ids) + e.position_embeddings.weight[: ids.shape[1]][None]
        x = e.LayerNorm(x + e.token_type_embeddings.weight[0])
        return self._layers(self.base.encoder.layer[: self.frozen], x, None)

    def upper(self, x: Tensor, features: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        bias = None if mask is None else (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        x = x + self.features(features)
        x = self._layers(self.base.encoder.layer[self.frozen :], x, bias)
        return x, self.tags(self.drop(x))

    def _layers(self, layers: nn.ModuleList, x: Tensor, bias: Tensor | None) -> Tensor:
        for layer in layers:
            out = layer(x, bias)
            x = out[0] if isinstance(out, tuple) else out
        return x

    def forward(self, ids: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.upper(self.lower(ids), features, None)


class TeacherEncoder(Encoder):
    """The same from all-mpnet-base-v2, which has MiniLM's words under other numbers."""

    def __init__(self, base: str, words: list[str]) -> None:
        super().__init__(base)
        self.frozen = len(self.base.encoder.layer) // 2
        theirs = Path(base, "vocab.txt").read_text(encoding="utf-8").split("\n")
        number = {word: i for i, word in enumerate(theirs)}
        renamed = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
        table = torch.tensor([number[renamed.get(word, word)] for word in words])
        self.table = nn.Buffer(table, persistent=False)
        self.base.encoder.relative_attention_bias.requires_grad_(False)

    def lower(self, ids: Tensor) -> Tensor:
        """Output of the frozen part, [B, T, 768], without padding."""
        e = self.base.embeddings
        first = e.padding_idx + 1
        x = e.word_embeddings(self.table[ids]) + e.position_embeddings.weight[first : first + ids.shape[1]]
        return self._layers(self.base.encoder.layer[: self.frozen], e.LayerNorm(x), None)

    def _layers(self, layers: nn.ModuleList, x: Tensor, bias: Tensor | None) -> Tensor:
        position = self.base.encoder.compute_position_bias(x[:1])
        for layer in layers:
            x = layer(x, bias, position)[0]
        return x


class EntityHead(nn.Module):
    """Scores of candidate entities: [entity or not, 4 types, 6 roles].

    A mention is (first token, last token, mean of tokens, mean of its sentence), and what it attends to among
    the paper's words, by content and by distance; an entity the mean and the maximum of its mentions, the
    [CLS] vector and hand-made features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.span = nn.Linear(4 * width, SPAN)
        self.query = nn.Linear(SPAN, SPAN)
        self.key = nn.Linear(width, SPAN)
        self.value = nn.Linear(width, SPAN)
        self.distance = nn.Embedding(N_DISTANCES, ATTENTION_HEADS)
        self.context = nn.Linear(2 * SPAN, SPAN)
        self.hidden = nn.Linear(2 * SPAN + width + N_HAND + N_CUES, ENTITY)
        self.out = nn.Linear(ENTITY, 11)
        self.drop = nn.Dropout(0.2)
        nn.init.zeros_(self.distance.weight)

    def mentions(self, spans: Tensor, words: Tensor, distances: Tensor) -> Tensor:
        """[M, SPAN] from spans [M, 4*width], words [W, width] and distances [M, W] (numbers of buckets)."""
        m = torch.relu(self.span(self.drop(spans)))
        heads = (ATTENTION_HEADS, SPAN // ATTENTION_HEADS)
        q = self.query(m).unflatten(1, heads)
        k = self.key(words).unflatten(1, heads)
        v = self.value(words).unflatten(1, heads)
        score = torch.einsum("mhd,whd->hmw", q, k) / heads[1] ** 0.5
        weight = (score + self.distance(distances).permute(2, 0, 1)).softmax(-1)
        seen = torch.einsum("hmw,whd->mhd", weight, v).flatten(1)
        return torch.relu(self.context(self.drop(torch.cat([m, seen], 1))))

    def forward(self, m: Tensor, owner: Tensor, cls: Tensor, hand: Tensor) -> Tensor:
        """m [M, SPAN] of `mentions`, owner [M] entity number of each mention (sorted), cls [E, width], hand
        [E, N_HAND + N_CUES]."""
        n = len(hand)
        index = owner[:, None].expand_as(m)
        share = (owner[None] == torch.arange(n, device=m.device)[:, None]).to(m.dtype)
        mean = (share / share.sum(1, keepdim=True)) @ m
        high = m.new_zeros(n, SPAN).scatter_reduce(0, index, m, "amax", include_self=False)
        h = torch.relu(self.hidden(self.drop(torch.cat([mean, high, cls, hand], 1))))
        return self.out(self.drop(h))


class SentenceHead(nn.Module):
    """Sentence-role scores from the mean of the sentence's tokens, [CLS] and the sentence's place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(2 * width + N_PLACE, 128)
        self.out = nn.Linear(128, N_SENTENCE_ROLES)
        self.drop = nn.Dropout(0.1)

    def forward(self, sentence: Tensor, cls: Tensor, place: Tensor) -> Tensor:
        return self.out(torch.relu(self.hidden(self.drop(torch.cat([sentence, cls, place], 1)))))


class Network(nn.Module):
    """The encoder and its heads; `vector` maps the mean of all tokens of a text to its embedding."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        width = encoder.base.config.hidden_size
        self.encoder = encoder
        self.entity = EntityHead(width)
        self.sentence = SentenceHead(width)
        self.vector = nn.Linear(width, DIMENSIONS, bias=False)
        nn.init.eye_(self.vector.weight)
