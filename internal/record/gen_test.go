package record

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"rapport"
)

// The generated record: reports of a made-up vocabulary whose words come as
// often as in a natural text (Zipf), ten claims each, between countries of
// which some are told about much more than others.

var countries = strings.Fields(`USA CHN RUS UKR GBR FRA DEU TUR IRN ISR IND PAK JPN KOR PRK EGY AZE ARM GEO SAU
 SYR IRQ AFG ITA ESP MAR DZA TUN LBY SDN ETH KEN NGA ZAF BRA ARG MEX CAN AUS IDN VNM THA MYS PHL KAZ UZB TKM KGZ TJK MNG
 POL CZE HUN ROU BGR GRC SRB HRV SVN AUT CHE BEL NLD DNK SWE NOR FIN EST LVA LTU BLR MDA`)

var (
	eventTypes = strings.Fields("CONSULT CONSULT CONSULT SUPPORT SUPPORT AGREE AGREE ACCUSE REQUEST REJECT AID COOPERATE SANCTION ASSAULT MOBILIZE COERCE")
	statuses   = []rapport.Status{"actual", "actual", "actual", "historical", "future", "negated"}
)

type generator struct {
	rng   *rand.Rand
	words *rand.Zipf
	party *rand.Zipf
	vocab []string
}

func newGenerator(seed uint64) *generator {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 7))}
	g.words = rand.NewZipf(g.rng, 1.1, 4, 39_999)
	g.party = rand.NewZipf(g.rng, 1.2, 6, uint64(len(countries)-1))
	onset, nucleus := strings.Fields("b d f g k l m n p r s t v z br st tr pl sh ch"), strings.Fields("a e i o u ai ea ou")
	for i := range 40_000 {
		var b strings.Builder
		for n := i + 40; n > 0; n /= 160 {
			b.WriteString(onset[n%20] + nucleus[n/20%8])
		}
		g.vocab = append(g.vocab, b.String())
	}
	return g
}

func (g *generator) sentence(n int) string {
	var b strings.Builder
	for i := range n {
		w := g.vocab[g.words.Uint64()]
		if i == 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	b.WriteByte('.')
	return b.String()
}

func (g *generator) day() rapport.Date {
	return rapport.Date(fmt.Sprintf("%d-%02d-%02d", 1990+g.rng.IntN(36), 1+g.rng.IntN(12), 1+g.rng.IntN(28)))
}

// coded returns report number i with its claims.
func (g *generator) coded(i, sentences, claims int) Coded {
	rep := rapport.Report{
		ID: fmt.Sprintf("r-%07d", i), Title: strings.TrimSuffix(g.sentence(8), "."), Published: g.day(), Basis: rapport.BasisGiven,
		Outlet: "Outlet " + g.vocab[g.rng.IntN(300)], URL: fmt.Sprintf("https://example.org/%d", i), Language: "en",
		Retrieved: "2026-01-02T03:04:05Z", Place: "Cairo",
	}
	var b strings.Builder
	spans := make([]rapport.Span, sentences)
	for s := range spans {
		if s > 0 {
			b.WriteString([]string{" ", "\n\n"}[g.rng.IntN(2)])
		}
		spans[s].Start = b.Len()
		b.WriteString(g.sentence(12 + g.rng.IntN(20)))
		spans[s].End = b.Len()
	}
	rep.Text = b.String()
	rep.Hash = rapport.HashText(rep.Text)
	out := Coded{Report: rep}
	for k := range claims {
		s := k * sentences / claims
		a, z := countries[g.party.Uint64()], countries[g.party.Uint64()]
		lat, lon := 30.0444, 31.2357
		c := rapport.Claim{
			Report: rep.ID, Event: eventTypes[g.rng.IntN(len(eventTypes))], CAMEO: "042", Mode: "visit",
			Actor:     []rapport.Party{{Country: a, Sector: "GOV", Name: "Person " + g.vocab[g.rng.IntN(900)], Office: "President", Text: "the president"}},
			Recipient: []rapport.Party{{Country: z, Sector: "GOV", Text: "the country"}},
			Status:    statuses[g.rng.IntN(len(statuses))], DateBasis: rapport.DateFromText,
			Place:   &rapport.Place{Name: "Cairo", Country: "EGY", Lat: &lat, Lon: &lon, Resolution: 4, GeoNames: 360630},
			Quoted:  g.rng.IntN(2) == 0,
			Context: []string{"diplomatic"}, Quad: 1, Score: 4, Confidence: 0.93,
			Evidence: rapport.Evidence{Sentence: s, Span: spans[s], Text: rep.Text[spans[s].Start:spans[s].End]},
			Reasons:  []rapport.Reason{{Field: "event", Rule: "what/consult.visit-of", Span: [2]int{spans[s].Start, spans[s].Start + 6}}, {Field: "date", Rule: "when/relative.day", Span: [2]int{spans[s].Start, spans[s].Start + 9}}},
			Coder:    "toy 1",
		}
		switch g.rng.IntN(8) {
		case 0: // no date
		case 1:
			c.Date = g.day()[:4]
		case 2:
			c.Date = g.day()[:3] + "X"
		case 3:
			c.Date = g.day()[:4] + "/.."
		default:
			c.Date = g.day()
		}
		c.SetID(rep.Hash)
		if len(out.Claims) > 0 && out.Claims[len(out.Claims)-1].ID == c.ID {
			continue
		}
		out.Claims = append(out.Claims, c)
	}
	return out
}

// reports yields n generated reports.
func (g *generator) reports(n, sentences, claims int) iter.Seq[Coded] {
	return func(yield func(Coded) bool) {
		for i := range n {
			if !yield(g.coded(i, sentences, claims)) {
				return
			}
		}
	}
}
