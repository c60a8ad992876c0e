package what

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rapport"
	"rapport/internal/language"
)

func TestCompile(t *testing.T) {
	b, err := compile(ruleFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range b.rules {
		switch {
		case r.Event == "" || r.CAMEO == "":
			t.Errorf("%s: rule %s codes nothing", r.where, r.ID)
		case r.Source == "":
			t.Errorf("%s: rule %s gives no source", r.where, r.ID)
		case len(r.patterns) == 0:
			t.Errorf("%s: rule %s has no pattern", r.where, r.ID)
		case len(r.Positive) < 3 || len(r.Misses) < 2:
			t.Errorf("%s: rule %s has %d positive and %d negative examples, wants 3 and 2", r.where, r.ID, len(r.Positive), len(r.Misses))
		case !strings.HasPrefix(r.ID, strings.ToLower(r.Event)+"."):
			t.Errorf("%s: rule %s codes %s", r.where, r.ID, r.Event)
		}
	}
}

// heads returns the forms of the first alternative of a slot, coordination
// included.
func heads(t *tree, alts [][]int) []string {
	var out []string
	if len(alts) == 0 {
		return nil
	}
	for _, i := range alts[0] {
		out = append(out, t.Tokens[i].Form)
		for _, k := range t.Kids(i) {
			if r := t.Rel(int(k)); r == "conj" || r == "flat" || r == "compound" || r == "appos" {
				out = append(out, t.Tokens[k].Form)
			}
		}
	}
	return out
}

// TestRuleExamples runs the sentences that stand beside the rules. The parser
// is no oracle: a rule's example counts when the rule fires and finds the
// parties named; those that the parser reads wrong are a committed list. The
// sentences that must not be coded are held by package claims, which knows what
// is a party.
func TestRuleExamples(t *testing.T) {
	var bad []string
	n := 0
	for _, r := range Rules() {
		for _, e := range r.Positive {
			n++
			if msg := failing(r, e); msg != "" {
				bad = append(bad, r.ID+": "+e.Text+" ("+msg+")")
			}
		}
	}
	t.Logf("%d of %d examples", n-len(bad), n)
	hold(t, "testdata/misparsed.txt", bad)
}

var update = flag.Bool("update", false, "write the examples that fail into testdata")

// hold compares the examples that fail with the committed list: a new failure
// is a fault, one that is mended leaves the list.
func hold(t *testing.T, golden string, bad []string) {
	t.Helper()
	slices.Sort(bad)
	got := "# Examples of the rules that the parser reads wrong. go test -run RuleExamples -update writes them.\n" + strings.Join(bad, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("other examples fail than those of %s:\n%s", golden, got)
	}
}

func failing(r *Rule, e Example) string {
	msg := "does not fire"
	for _, s := range language.Parse(e.Text).Sentences {
		for _, a := range Acts(&s, nil) {
			if a.Rule != r {
				continue
			}
			tr := newTree(&s)
			actors := append(heads(tr, a.Actor), heads(tr, a.Both)...)
			recipients := heads(tr, a.Recipient)
			switch {
			case !all(e.Actor, actors):
				msg = "finds actors " + strings.Join(actors, ",")
			case !all(e.Recipient, recipients):
				msg = "finds recipients " + strings.Join(recipients, ",")
			default:
				return ""
			}
		}
	}
	return msg
}

func all(want, got []string) bool {
	for _, w := range want {
		if !slices.Contains(got, w) {
			return false
		}
	}
	return true
}

func TestRuleErrors(t *testing.T) {
	for _, c := range []struct{ rules, want string }{
		{"verb visit", "r.rules:1: \"verb\" stands before the first rule"},
		{"rule a\n code X", "r.rules:2: code wants EVENT[:mode] and a CAMEO code"},
		{"rule a\n verb $NONE", "r.rules:2: no class NONE"},
		{"rule a\n light hold", "r.rules:2: light wants VERBS + NOUNS"},
		{"rule a\n verb go foo=bar", "r.rules:2: unknown slot"},
		{"rule a\n inner often", "r.rules:2: inner is keep, consume or spoken"},
		{"rule a\n + no arrow", "r.rules:2: a positive example ends in"},
		{"rule a\nrule a", "stands twice"},
		{"rule a\n nonsense x", "r.rules:2: unknown line"},
	} {
		fs := fstest.MapFS{"rules/r.rules": {Data: []byte(c.rules)}, "rules/governors.tsv": {Data: []byte("")}, "rules/content.tsv": {Data: []byte("")}}
		_, err := compile(fs)
		if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(c.want, "r.rules")) {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q: got %v, want %s", c.rules, err, c.want)
			}
		}
		if err != nil && rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%q: kind of %v", c.rules, err)
		}
	}
}
