package what

import (
	"testing"

	"rapport/internal/language"
)

// benchText is news of the usual density of acts: about one a sentence.
const benchText = `The foreign ministers of Egypt and Jordan held talks in Cairo on Sunday and signed an agreement on the exchange of electricity, officials said. ` +
	`President Mubarak, who had returned from a visit to Paris on Friday, received the Jordanian minister and thanked the kingdom for its support. ` +
	`Opposition deputies criticised the government for refusing to publish the text of the treaty, which parliament is expected to ratify in March. ` +
	`The harbour was quiet, and fishermen mended their nets in the sun as they have done for as long as anybody in the town can remember.`

// BenchmarkActs measures finding acts in parsed sentences; one operation is
// one sentence.
func BenchmarkActs(b *testing.B) {
	doc := language.Parse(benchText)
	rules()
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		Acts(&doc.Sentences[i%len(doc.Sentences)], nil)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sents/s")
}
