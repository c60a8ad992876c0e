package language

import (
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language/neural"
)

// news is ordinary agency prose, 24 tokens a sentence, written for this test.
const news = `GENEVA, March 12 (Agency) — The foreign ministers of the two neighbours met here on Tuesday for the first time since the border was closed in 2019, and agreed to reopen three crossings before the end of the summer.

The talks, which lasted four hours, were brokered by Switzerland. "We have turned a page," Minister Elena Marković told reporters, adding that a joint commission would look into the killing of two shepherds last autumn. Her counterpart, Gen. Tomas Rehák, said the U.N. had offered to send 40 observers, but that his government had not decided whether to accept them.

Opposition deputies accused the cabinet of giving in to pressure from abroad and called for a vote of confidence. About 3,000 people demonstrated in the capital on Monday evening; police used tear gas and arrested at least 25 of them. The finance ministry, meanwhile, announced that it would unfreeze $120 million in customs revenues that it had withheld since January.

Trade between the two countries fell by almost a third last year, to 2.4 billion euros, according to the statistics office. Both sides' railway companies hope that freight trains will run again from September. If the agreement holds, the European Union's special envoy is expected to visit both capitals in April.
`

func BenchmarkSentences(b *testing.B) {
	report(b, len(news), func() int {
		var spans []rapport.Span
		n := 0
		for _, p := range paragraphs(news) {
			spans = appendSentences(spans[:0], news, p)
			n += len(spans)
		}
		return n
	})
}

func BenchmarkTokens(b *testing.B) {
	sentences := Parse(news).Sentences
	report(b, len(news), func() int {
		for i := range sentences {
			tokens(news, sentences[i].Span, func(start, end int) {})
		}
		return len(sentences)
	})
}

// BenchmarkTagsAndArcs is the network alone, which finds both at once.
func BenchmarkTagsAndArcs(b *testing.B) {
	sentences := Parse(news).Sentences
	forms, nodes := make([][]string, len(sentences)), make([][]neural.Token, len(sentences))
	for i, s := range sentences {
		for _, t := range s.Tokens {
			forms[i] = append(forms[i], t.Form)
		}
		nodes[i] = make([]neural.Token, len(s.Tokens))
	}
	a := model().Annotator()
	report(b, len(news), func() int {
		a.Annotate(forms, nodes)
		return len(sentences)
	})
}

func BenchmarkLemmas(b *testing.B) {
	sentences := Parse(news).Sentences
	p := parsers.Get().(*parser)
	report(b, len(news), func() int {
		p.lemmas, p.made = p.lemmas[:0], p.made[:0]
		for i := range sentences {
			for j := range sentences[i].Tokens {
				p.lemma(sentences[i].Tokens, j)
			}
		}
		return len(sentences)
	})
}

// BenchmarkParse is the whole layer on a report of ten sentences.
func BenchmarkParse(b *testing.B) {
	report(b, len(news), func() int { return len(Parse(news).Sentences) })
}

// BenchmarkParseLong parses a text of some 100 kB.
func BenchmarkParseLong(b *testing.B) {
	text := strings.Repeat(news, 80)
	report(b, len(text), func() int { return len(Parse(text).Sentences) })
}

// report runs f, which reads a text of so many bytes and returns how many
// sentences it read, and reports the speed in both; sentences by processor time,
// which other work on the machine does not change much.
func report(b *testing.B, bytes int, f func() int) {
	f()
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	n, start := 0, cpuTime()
	for b.Loop() {
		n += f()
	}
	b.ReportMetric(float64(n)/(cpuTime()-start).Seconds(), "sents/cpu-s")
}
