package language

import (
	"strings"
	"testing"

	"rapport"
)

// news is ordinary agency prose, 24 tokens a sentence, written for this test.
const news = `GENEVA, March 12 (Agency) — The foreign ministers of the two neighbours met here on Tuesday for the first time since the border was closed in 2019, and agreed to reopen three crossings before the end of the summer.

The talks, which lasted four hours, were brokered by Switzerland. "We have turned a page," Minister Elena Marković told reporters, adding that a joint commission would look into the killing of two shepherds last autumn. Her counterpart, Gen. Tomas Rehák, said the U.N. had offered to send 40 observers, but that his government had not decided whether to accept them.

Opposition deputies accused the cabinet of giving in to pressure from abroad and called for a vote of confidence. About 3,000 people demonstrated in the capital on Monday evening; police used tear gas and arrested at least 25 of them. The finance ministry, meanwhile, announced that it would unfreeze $120 million in customs revenues that it had withheld since January.

Trade between the two countries fell by almost a third last year, to 2.4 billion euros, according to the statistics office. Both sides' railway companies hope that freight trains will run again from September. If the agreement holds, the European Union's special envoy is expected to visit both capitals in April.
`

func BenchmarkSplit(b *testing.B) {
	report(b, func() int {
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
	report(b, func() int {
		for i := range sentences {
			tokens(news, sentences[i].Span, func(start, end int) {})
		}
		return len(sentences)
	})
}

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(news)))
	report(b, func() int { return len(Parse(news).Sentences) })
}

// BenchmarkParseLong parses a text of some 100 kB.
func BenchmarkParseLong(b *testing.B) {
	text := strings.Repeat(news, 80)
	b.SetBytes(int64(len(text)))
	report(b, func() int { return len(Parse(text).Sentences) })
}

// report runs f, which returns how many sentences it read, and reports the
// speed in sentences.
func report(b *testing.B, f func() int) {
	f()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n += f()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "sents/s")
}
