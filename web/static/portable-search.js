// Search in the file itself, as papergraph.questions.index does it in the explorer: BM25 over weighted fields,
// beginnings of words, and the nearest spelling where no text holds the word. `rules` come from there.
"use strict";
const searchIn = (rules) => {
  const stop = new Set(rules.stop);
  const WORD = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[\p{L}\p{N}]+/gu;
  const raw = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase().match(WORD) || [];
  const fold = (text) => raw(text).join("");
  const stem = (word) => {
    if (word.length < 5 || /[^\x00-\x7f]|\d/.test(word)) return word.length === 4 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
    word = word.replace("isation", "ization");
    const ending = rules.endings.find((e) => word.endsWith(e) && word.length - e.length >= 4);
    if (ending) word = word.slice(0, -ending.length);
    return word.length > 4 && word.at(-1) === word.at(-2) ? word.slice(0, -1) : word;
  };
  const wordsOf = (text) => raw(text).map(stem);
  const asked = (text) => {
    const all = raw(text), said = all.filter((w) => !stop.has(w));
    return [...new Set((said.length ? said : all).map(stem))];
  };
  const digits = (word) => word.replace(/\D/g, "");

  // Optimal string alignment, as a share of the longer word; 0 where it cannot reach `least`.
  const likeness = (a, b, least) => {
    const longer = Math.max(a.length, b.length), most = Math.floor((1 - least) * longer + 1e-9);
    if (Math.abs(a.length - b.length) > most) return 0;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return 0;
      [before, last] = [last, row];
    }
    return last[b.length] <= most ? 1 - last[b.length] / longer : 0;
  };

  // documents: one object a document, field to text. Gives text to [{ document, score }], score in [0, 1].
  const index = (documents, weights) => {
    const postings = new Map();
    for (const [field, weight] of Object.entries(weights)) {
      const counts = documents.map((d) => wordsOf(d[field] || ""));
      const filled = counts.filter((c) => c.length).length || 1;
      const mean = counts.reduce((n, c) => n + c.length, 0) / filled || 1;
      counts.forEach((found, document) => {
        const gain = weight / (1 - rules.b + rules.b * found.length / mean);
        for (const word of found) {
          if (!postings.has(word)) postings.set(word, new Map());
          const held = postings.get(word);
          held.set(document, (held.get(document) || 0) + gain);
        }
      });
    }
    const vocabulary = [...postings.keys()].sort();
    const rarity = (word) => {
      const held = postings.has(word) ? postings.get(word).size : 0;
      return Math.log(1 + (documents.length - held + 0.5) / (held + 0.5));
    };
    const expand = (word) => {
      const out = postings.has(word) ? [[word, 1]] : [];
      if (word.length >= 2) {
        const longer = vocabulary.filter((w) => w !== word && w.startsWith(word));
        longer.sort((a, b) => postings.get(b).size - postings.get(a).size);
        out.push(...longer.slice(0, rules.expansions).map((w) => [w, rules.beginning]));
      }
      if (!out.length && word.length >= 4) {
        const near = vocabulary.map((w) => [w, digits(w) === digits(word) ? likeness(word, w, rules.least) : 0]).filter((w) => w[1]);
        near.sort((a, b) => b[1] - a[1]);
        out.push(...near.slice(0, 8).map(([w, s]) => [w, s * rules.misspelt]));
      }
      return out;
    };
    return (text) => {
      const score = new Map(), coverage = new Map();
      let total = 0;
      for (const word of asked(text)) {
        const best = new Map(), share = new Map();
        for (const [other, weight] of expand(word)) {
          for (const [document, frequency] of postings.get(other)) {
            const gain = weight * rarity(other) * frequency * (rules.k1 + 1) / (frequency + rules.k1);
            best.set(document, Math.max(best.get(document) || 0, gain));
            share.set(document, Math.max(share.get(document) || 0, weight));
          }
        }
        const rare = rarity(word);
        total += rare;
        for (const [document, gain] of best) {
          score.set(document, (score.get(document) || 0) + gain);
          coverage.set(document, (coverage.get(document) || 0) + share.get(document) * rare);
        }
      }
      const top = Math.max(0, ...score.values()) || 1;
      return [...score].map(([document, s]) => ({ document, score: s / top * coverage.get(document) / total }));
    };
  };

  // Papers and concepts in one list, best first: [{ paper } or { concept }].
  return (papers, concepts) => {
    const textOf = (p) => p.abstract.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("") || (p.gist ? p.gist.text : "");
    const inPapers = index(papers.map((p) => ({ title: p.title, short: p.short, abstract: textOf(p) })), rules.fields);
    const inConcepts = index(concepts.map((c) => ({ name: c.name, aliases: c.aliases.join(" ") })), rules.names);
    const titles = papers.map((p) => fold(p.title)), labels = papers.map((p) => fold(p.short));
    const called = concepts.map((c) => new Set([c.name, ...c.aliases].map(fold)));
    return (text, most) => {
      const folded = fold(text);
      if (!folded) return [];
      const found = inPapers(text).map(({ document: i, score }) => ({
        paper: papers[i], score: score + (titles[i] === folded ? rules.exact_name : labels[i] === folded ? rules.exact_label : 0),
      }));
      found.push(...inConcepts(text).map(({ document: i, score }) => ({
        concept: concepts[i],
        score: score * (1 - rules.known_share + rules.known_share * Math.min(1, concepts[i].count / rules.hub)) + (called[i].has(folded) ? rules.exact_name : 0),
      })));
      found.forEach((f) => { f.score = Math.round(f.score * 1e4); f.called = f.paper ? f.paper.title : f.concept.name; });
      found.sort((a, b) => b.score - a.score || !a.concept - !b.concept || (a.called < b.called ? -1 : 1));
      return found.slice(0, most);
    };
  };
};
