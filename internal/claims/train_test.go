package claims

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/eval"
	"rapport/internal/what"
)

// fold leaves a third of what is learnt from out, to grade there what was learnt
// on the rest: what weights were learnt on looks better to them than it is.
var fold = flag.Int("fold", -1, "learn on all but this third (0, 1, 2) of the gold reports")

// foldOf tells in which third a gold report is: whole topics of a writer.
func foldOf(g *eval.Gold) int {
	writer, rest, _ := strings.Cut(g.ID, "-")
	if g.Topic != "" {
		rest = g.Topic
	}
	h := fnv.New32a()
	h.Write([]byte(rest + " " + writer))
	return int(h.Sum32() / 7 % 3)
}

var train = flag.Bool("train", false, "learn weights from the gold reports at hand and write them")

// A choice is an unsaid recipient of a gold report: its candidates and which of
// them are right.
type choice struct {
	report string
	cs     []candidate
	right  []bool
}

// goldReports reads every folder of gold reports at hand.
func goldReports(t *testing.T) []eval.Gold {
	var all []eval.Gold
	for _, dir := range []string{"../eval/testdata/gold", "../eval/testdata/passages", "../../../shared/dev/reports", "../../../shared/dev/dossier/reports"} {
		if _, err := os.Stat(dir); err != nil {
			t.Logf("%s is not beside this checkout", dir)
			continue
		}
		gold, err := eval.ReadGold(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range gold {
			if !g.HeldBack() {
				all = append(all, g)
			}
		}
	}
	return slices.DeleteFunc(all, func(g eval.Gold) bool { return foldOf(&g) == *fold })
}

// heldBack reads the gold that nothing is learnt from.
func heldBack(t *testing.T) []eval.Gold {
	var all []eval.Gold
	for _, dir := range []string{"../eval/testdata/gold", "../eval/testdata/passages"} {
		gold, err := eval.ReadGold(dir)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, gold...)
	}
	return slices.DeleteFunc(all, func(g eval.Gold) bool { return !g.HeldBack() })
}

// actorChoices codes a gold report with some weights and collects who may have done
// each act, with who the gold says did it; of acts whose words name an actor only
// those that the gold tells.
func actorChoices(g *eval.Gold, w scorer) (out []choice, unreachable int) {
	rep := g.Report
	r := read(&rep)
	r.actorWeights = w
	runes := []rune(g.Text)
	r.onActor = func(si, k int, cs []candidate) {
		a := &r.acts[si][k]
		span := r.doc.Sentences[si].Span
		if g.Topic != "" { // a passage's gold tells the very words
			ts := r.doc.Sentences[si].Tokens
			span = rapport.Span{Start: ts[a.Words[0]].Start, End: ts[a.Words[len(a.Words)-1]].End}
		}
		ch := choice{report: g.ID, cs: cs, right: make([]bool, len(cs))}
		told, any := false, false
		for i := range g.Claims {
			c := &g.Claims[i]
			start, end := len(string(runes[:c.Start])), len(string(runes[:c.End]))
			if c.Event != a.Event && c.Event != futureOf[a.Event] || end <= span.Start || start >= span.End {
				continue
			}
			told = true
			for j := range cs {
				if slices.Equal(countriesOf(c.Actor), countriesOf(cs[j].parties)) {
					ch.right[j], any = true, true
				}
			}
		}
		if !told && len(cs[0].parties) == 0 { // nobody that matters
			ch.right[0], any = true, true
		}
		if !any {
			unreachable++
			return
		}
		out = append(out, ch)
	}
	r.finish()
	return out, unreachable
}

// TestTrainActors learns actors.tsv.gz: go test ./internal/claims -run TrainActors
// -train. It reports on the passages held back.
func TestTrainActors(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	gold, out := goldReports(t), heldBack(t)
	w := untaught()
	for range 2 {
		var all []choice
		for i := range gold {
			cs, _ := actorChoices(&gold[i], w)
			all = append(all, cs...)
		}
		w = learnNetworks(all, 16, 10, 3)
	}
	var said, unsaid []choice
	lost := 0
	for i := range out {
		cs, l := actorChoices(&out[i], w)
		lost += l
		for _, ch := range cs {
			if len(ch.cs[0].parties) > 0 {
				said = append(said, ch)
			} else {
				unsaid = append(unsaid, ch)
			}
		}
	}
	right, byWords := 0, 0
	for _, ch := range said {
		_, best := choose(w, ch.cs)
		right += int(boolTo(ch.right[best]))
		byWords += int(boolTo(ch.right[0]))
	}
	fmt.Printf("of %d acts that name an actor in passages held back %d right (by their words alone %d)\n", len(said), right, byWords)
	for _, margin := range []int32{-256, -128, 0, 128, 256, 384} {
		right, found, wrong, missed := 0, 0, 0, 0
		for _, ch := range unsaid {
			best := 0 // nobody stands first
			for i := 1; i < len(ch.cs); i++ {
				if s := w.score(&ch.cs[i]); s >= w.score(&ch.cs[0])+margin && (best == 0 || s > w.score(&ch.cs[best])) {
					best = i
				}
			}
			switch none := best == 0; {
			case ch.right[best] && none:
				right++
			case ch.right[best]:
				right++
				found++
			case none:
				missed++
			default:
				wrong++
			}
		}
		fmt.Printf("margin %d: of %d acts without an actor in passages held back %d right: %d actors found, %d wrong, %d missed\n", margin, len(unsaid), right, found, wrong, missed)
	}
	fmt.Printf("%d more out of reach\n", lost)
	writeNetwork(t, "actors.tsv.gz", "what speaks for\n# somebody being an act's actor (actor.go tells the features). Learnt, not\n# written: go test ./internal/claims -run TrainActors -train", w)
}

// goldOf returns the gold claims that act k of sentence si tells, those of its
// actors where there are any.
func goldOf(r *reading, g *eval.Gold, si, k int, actors []rapport.Party) (out []*eval.GoldClaim) {
	a := &r.acts[si][k]
	span := r.doc.Sentences[si].Span
	if g.Topic != "" { // a passage's gold tells the very words
		ts := r.doc.Sentences[si].Tokens
		span = rapport.Span{Start: ts[a.Words[0]].Start, End: ts[a.Words[len(a.Words)-1]].End}
	}
	runes := []rune(g.Text)
	for i := range g.Claims {
		c := &g.Claims[i]
		start, end := len(string(runes[:c.Start])), len(string(runes[:c.End]))
		if (c.Event == a.Event || c.Event == futureOf[a.Event]) && end > span.Start && start < span.End {
			out = append(out, c)
		}
	}
	same := slices.DeleteFunc(slices.Clone(out), func(c *eval.GoldClaim) bool {
		return !slices.Equal(countriesOf(c.Actor), countriesOf(actors))
	})
	if len(same) > 0 {
		return same
	}
	return out
}

// dateChoices codes a gold report with some weights and collects the dates that
// acts which the gold tells may have.
func dateChoices(g *eval.Gold, w scorer) (out []choice, unreachable int) {
	rep := g.Report
	r := read(&rep)
	r.dateWeights = w
	r.onDate = func(si, k int, d *datings) {
		ch := choice{report: g.ID, cs: d.cs, right: make([]bool, len(d.cs))}
		claims, any := goldOf(r, g, si, k, d.actors), false
		for _, c := range claims {
			for j := range d.times {
				if d.times[j].date == c.Date {
					ch.right[j], any = true, true
				}
			}
		}
		switch {
		case len(claims) == 0:
		case !any:
			unreachable++
		default:
			out = append(out, ch)
		}
	}
	r.finish()
	return out, unreachable
}

// TestTrainDates learns dates.tsv.gz: go test ./internal/claims -run TrainDates
// -train. It reports on what is held back.
func TestTrainDates(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	gold, out := goldReports(t), heldBack(t)
	w := untaught()
	for range 2 {
		var all []choice
		for i := range gold {
			cs, _ := dateChoices(&gold[i], w)
			all = append(all, cs...)
		}
		w = learnNetworks(all, 16, 10, 5)
	}
	for _, margin := range []int32{0, 128, 256, 320, 384, 512} {
		n, right, lost := [2]int{}, [2]int{}, 0 // of those that the gold dates, and of those that it does not
		for i := range out {
			cs, l := dateChoices(&out[i], w)
			lost += l
			for _, ch := range cs {
				best := pickDate(w, ch.cs, margin, func(int) bool { return true })
				part := 0
				for i := range ch.cs {
					if ch.right[i] && ch.cs[i].features[0] == undated {
						part = 1
					}
				}
				n[part]++
				right[part] += int(boolTo(ch.right[best]))
			}
		}
		fmt.Printf("margin %d: of %d acts held back that the gold dates %d right, of %d that it does not %d; %d more out of reach\n", margin, n[0], right[0], n[1], right[1], lost)
	}
	writeNetwork(t, "dates.tsv.gz", "what speaks for an act's date\n# (dated.go tells the features). Learnt, not written: go test ./internal/claims\n# -run TrainDates -train", w)
}

// choices codes a gold report with some weights and collects its unsaid
// recipients that a gold claim of the same act and actors decides.
func choices(g *eval.Gold, w scorer) (out []choice, unreachable int) {
	rep := g.Report
	r := read(&rep)
	r.weights = w
	runes := []rune(g.Text)
	r.onChoice = func(si int, a *what.Act, actors []rapport.Party, cs []candidate) {
		span := r.doc.Sentences[si].Span
		if g.Topic != "" { // a passage's gold tells the very words
			ts := r.doc.Sentences[si].Tokens
			span = rapport.Span{Start: ts[a.Words[0]].Start, End: ts[a.Words[len(a.Words)-1]].End}
		}
		var told *eval.GoldClaim
		for i := range g.Claims {
			c := &g.Claims[i]
			start, end := len(string(runes[:c.Start])), len(string(runes[:c.End]))
			if c.Event != a.Event && c.Event != futureOf[a.Event] || end <= span.Start || start >= span.End {
				continue
			}
			if slices.Equal(countriesOf(c.Actor), countriesOf(actors)) {
				told = c
				break
			}
			if len(c.Recipient) == 0 && len(countriesOf(c.Actor)) > 1 && told == nil && slices.Contains(countriesOf(c.Actor), actors[0].Country) {
				told = c
			}
		}
		if told == nil {
			return
		}
		ch := choice{report: g.ID, cs: cs, right: make([]bool, len(cs))}
		any := false
		for i := range cs {
			c := rapport.Claim{Event: a.Event, Mode: a.Mode, Actor: actors, Recipient: cs[i].parties}
			ch.right[i] = eval.Same(&told.Claim, &c)
			any = any || ch.right[i]
		}
		if !any {
			unreachable++
			return
		}
		out = append(out, ch)
	}
	r.finish()
	return out, unreachable
}

func prior(f string) float64 {
	switch f {
	case "way rule":
		return 2
	case "way slot":
		return 4
	case "none rule": // an actor left unsaid is left out unless much speaks for it
		return 1
	}
	return 0
}

func collect(gold []eval.Gold, w scorer) (all []choice, lost int) {
	for i := range gold {
		cs, n := choices(&gold[i], w)
		all, lost = append(all, cs...), lost+n
	}
	return all, lost
}

// untaught chooses what slots and rules lead to: what learning starts from, so that
// it does not hang on what was learnt before.
func untaught() *network {
	return &network{features: map[string][]int16{"way slot": {4 * unit}, "way rule": {2 * unit}}}
}

// fit learns in rounds, for what is chosen in one sentence is told in the next.
func fit(gold []eval.Gold) *network {
	w := untaught()
	for range 2 {
		all, _ := collect(gold, w)
		w = learnNetworks(all, 16, 10, 5)
	}
	return w
}

// TestTrainRecipients learns recipients.tsv.gz: go test ./internal/claims -run
// TrainRecipients -train. Without the flag it does nothing but say so.
func TestTrainRecipients(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	gold, out := goldReports(t), heldBack(t)
	w := fit(gold)
	cs, lost := collect(out, w)
	right, byRule := 0, 0
	for _, ch := range cs {
		best := 0
		for i := range ch.cs {
			if w.score(&ch.cs[i]) > w.score(&ch.cs[best]) {
				best = i
			}
		}
		if ch.right[best] {
			right++
		}
		for i := range ch.cs {
			if ch.right[i] && (slices.Contains(ch.cs[i].features, "way slot") || slices.Contains(ch.cs[i].features, "way rule") && !slices.Contains(ch.cs[0].features, "way slot")) {
				byRule++
				break
			}
		}
	}
	fmt.Printf("of %d choices in gold held back %d right (%.3f; by slots and rules alone %d), %d more out of reach\n", len(cs), right, float64(right)/float64(max(1, len(cs))), byRule, lost)
	writeNetwork(t, "recipients.tsv.gz", "what speaks for a\n# recipient (choose.go tells the features). Learnt, not written: go test\n# ./internal/claims -run TrainRecipients -train", w)
}

// A graded claim is what a coded claim rests on and whether its type and
// countries are right.
type graded struct {
	features []string
	right    bool
}

// grade codes a gold report and grades its claims.
func grade(g *eval.Gold) []graded {
	rep := g.Report
	r := read(&rep)
	kept := map[string][]string{}
	for si := range r.doc.Sentences {
		r.codeSentence(si)
	}
	for i := range r.drafts {
		d := &r.drafts[i]
		kept[key(&d.claim)] = d.grounds
	}
	cs := r.finishDrafts()
	right := eval.Right(g, cs)
	var out []graded
	for i := range cs {
		out = append(out, graded{kept[key(&cs[i])], right[i]})
	}
	return out
}

func key(c *rapport.Claim) string {
	return fmt.Sprint(c.Event, c.Evidence.Span, c.Reasons[0].Span, c.Date)
}

// learnConfidence fits a logistic regression with a quadratic penalty to what is
// seen 20 times and more: of claims of .9 and more on the half that it was not learnt
// from 240 of 257 were right; with all that is seen 373 of 414, too sure of itself.
func learnConfidence(all []graded) chooser { return fitLogit(common(all, 20), 0.1, 40) }

// common leaves out features seen fewer than rare times.
func common(all []graded, rare int) []graded {
	seen := map[string]int{}
	for _, g := range all {
		for _, f := range g.features {
			seen[f]++
		}
	}
	out := make([]graded, len(all))
	for i, g := range all {
		out[i] = graded{slices.DeleteFunc(slices.Clone(g.features), func(f string) bool { return seen[f] < rare }), g.right}
	}
	return out
}

func fitLogit(all []graded, penalty float64, rounds int) chooser {
	w, sum := map[string]float64{}, map[string]float64{}
	const rate = 0.2
	for range rounds {
		for _, g := range all {
			v := 0.0
			for _, f := range g.features {
				v += w[f]
			}
			d := -1 / (1 + math.Exp(-v))
			if g.right {
				d++
			}
			for _, f := range g.features {
				x := d - penalty*w[f]
				sum[f] += x * x
				w[f] += rate * x / math.Sqrt(1e-8+sum[f])
			}
		}
	}
	c := chooser{}
	for f, v := range w {
		if n := int32(math.Round(v * unit)); n > 3 || n < -3 {
			c[f] = n
		}
	}
	return c
}

// TestTrainConfidence learns confidence.tsv: go test ./internal/claims -run
// TrainConfidence -train. It reports the calibration on a held-back third.
func TestTrainConfidence(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	// What the other weights were learnt on looks better than it is, so confidence is
	// learnt on what was held back from them. Either half is measured by what is learnt
	// on the other.
	var in, out []graded
	for _, g := range heldBack(t) {
		if g.Topic != "" && len(g.Topic)%2 == 0 {
			in = append(in, grade(&g)...)
		} else {
			out = append(out, grade(&g)...)
		}
	}
	report := func(name string, w chooser, held []graded) {
		var n, right [10]int
		var p [10]float64
		sure, sureRight := 0, 0
		for _, g := range held {
			v := 1 / (1 + math.Exp(-float64(w.score(&candidate{features: g.features}))/unit))
			b := min(9, int(v*10))
			n[b]++
			p[b] += v
			if g.right {
				right[b]++
			}
			if v >= 0.9 {
				sure++
				if g.right {
					sureRight++
				}
			}
		}
		ece := 0.0
		for b := range n {
			if n[b] > 0 {
				ece += math.Abs(p[b]-float64(right[b])) / float64(len(held))
				fmt.Printf("%s %.1f: %d of %d right\n", name, float64(b)/10, right[b], n[b])
			}
		}
		fmt.Printf("%s: expected calibration error %.3f on %d claims; of confidence 0.9 and more %d of %d right\n", name, ece, len(held), sureRight, sure)
	}
	report("held back, one half", learnConfidence(in), out)
	report("held back, other half", learnConfidence(out), in)
	write(t, "confidence.tsv", "what speaks for a claim being right (build.go, grounds, tells the\n# features), in 1/256 of a logit. Learnt, not written: go test\n# ./internal/claims -run TrainConfidence -train", learnConfidence(append(in, out...)))
}

// tellingsOf codes a gold report and grades the acts found in it by whether the
// gold tells an act of their type there.
func tellingsOf(g *eval.Gold, w scorer) (out []graded, reachable int) {
	rep := g.Report
	r := read(&rep)
	r.toldWeights = w
	runes := []rune(g.Text)
	found := map[*eval.GoldClaim]bool{}
	r.onDraft = func(si, k int, d *draft, signs []string) {
		a := &r.acts[si][k]
		span := r.doc.Sentences[si].Span
		if g.Topic != "" { // a passage's gold tells the very words
			ts := r.doc.Sentences[si].Tokens
			span = rapport.Span{Start: ts[a.Words[0]].Start, End: ts[a.Words[len(a.Words)-1]].End}
		}
		right := false
		for i := range g.Claims {
			c := &g.Claims[i]
			start, end := len(string(runes[:c.Start])), len(string(runes[:c.End]))
			if c.Event == d.claim.Event && end > span.Start && start < span.End {
				right = true
				found[c] = true
			}
		}
		out = append(out, graded{signs, right})
	}
	r.finish()
	return out, len(found)
}

// gradesFile is where the grades of a fold are kept between runs.
func gradesFile(fold int) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("rapport-told-%d.tsv", fold))
}

// TestGradeTold grades the acts found in one fold by the weights learnt on the
// others: go test ./internal/claims -run GradeTold -train -fold 0.
func TestGradeTold(t *testing.T) {
	if !*train || *fold < 0 {
		t.Skip("acts are graded only with -train and -fold")
	}
	n := *fold
	*fold = -1 // of all gold reports those of this fold
	gold := goldReports(t)
	*fold = n
	var b strings.Builder
	count := 0
	for i := range gold {
		if foldOf(&gold[i]) != n {
			continue
		}
		gs, _ := tellingsOf(&gold[i], tellings())
		for _, g := range gs {
			fmt.Fprintf(&b, "%t\t%s\n", g.right, strings.Join(g.features, "\t"))
			count++
		}
	}
	if err := os.WriteFile(gradesFile(n), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("fold %d: %d acts graded\n", n, count)
}

// TestTrainTold learns told.tsv from the grades of TestGradeTold, and reports on
// the gold held back: go test ./internal/claims -run TrainTold -train.
func TestTrainTold(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	var all []graded
	for n := range 3 {
		data, err := os.ReadFile(gradesFile(n))
		if err != nil {
			t.Fatalf("%v: run TestGradeTold with -fold %d first", err, n)
		}
		for line := range strings.Lines(string(data)) {
			fs := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			all = append(all, graded{fs[1:], fs[0] == "true"})
		}
	}
	w := learnTold(all)
	out := heldBack(t)
	claims := 0
	for i := range out {
		for k := range out[i].Claims {
			claims += int(boolTo(!out[i].Claims[k].Optional))
		}
	}
	for _, lead := range []int32{-256, -192, -128, -64, 0, 64, 128} {
		right, wrong := 0, 0
		for i := range out {
			gs, _ := tellingsOf(&out[i], w)
			for _, g := range gs {
				if w.score(&candidate{features: g.features}) >= lead {
					right += int(boolTo(g.right))
					wrong += int(boolTo(!g.right))
				}
			}
		}
		fmt.Printf("lead %d: of %d claims held back told by %d acts, %d acts tell none\n", lead, claims, right, wrong)
	}
	write(t, "told.tsv", "what speaks for an act found being told as one (told.go tells\n# the features), in 1/256 of a logit. Learnt, not written: tools/train/coder.sh", w)
}

// learnTold is learnConfidence for many more features.
func learnTold(all []graded) chooser { return fitLogit(common(all, 3), 0.1, 40) }

// write writes a table of weights in the order of the features' names.
func write(t *testing.T, name, about string, w chooser) {
	t.Helper()
	var names []string
	for f := range w {
		names = append(names, f)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("# feature	weight: " + about + "\n")
	for _, f := range names {
		fmt.Fprintf(&b, "%s\t%d\n", f, w[f])
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
