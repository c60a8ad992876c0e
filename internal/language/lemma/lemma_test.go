package lemma

import (
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language/treebank"
)

func TestLemma(t *testing.T) {
	for _, c := range []struct{ form, tag, want string }{
		{"is", "VBZ", "be"}, {"n't", "RB", "not"}, {"’s", "POS", "'s"}, {"Its", "PRP$", "its"},
		{"said", "VBD", "say"}, {"withdrew", "VBD", "withdraw"}, {"overthrown", "VBN", "overthrow"}, {"met", "VBD", "meet"},
		{"invaded", "VBD", "invade"}, {"visited", "VBN", "visit"}, {"agreeing", "VBG", "agree"}, {"shelled", "VBN", "shell"},
		{"blockading", "VBG", "blockade"}, {"convened", "VBD", "convene"}, {"dying", "VBG", "die"}, {"tried", "VBD", "try"}, {"expelled", "VBN", "expel"},
		{"countries", "NNS", "country"}, {"embassies", "NNS", "embassy"}, {"servicemen", "NNS", "serviceman"}, {"crises", "NNS", "crisis"},
		{"rioted", "VBD", "riot"}, {"stoned", "VBN", "stone"}, {"ceded", "VBD", "cede"}, {"froze", "VBP", "freeze"}, {"shown", "VBN", "show"}, {"vetoes", "NNS", "veto"}, {"houses", "NNS", "house"}, {"strikes", "NNS", "strike"}, {"HOSTAGES", "NNS", "hostage"},
		{"Moscow", "NNP", "Moscow"}, {"Nations", "NNPS", "Nation"}, {"Ukrainian", "JJ", "Ukrainian"}, {"Former", "JJ", "former"},
		{"TEHRAN", "NNP", "Tehran"}, {"ISLAMABAD", "NNP", "Islamabad"}, {"NATO", "NNP", "NATO"}, {"UNESCO", "NNP", "UNESCO"}, {"francisco", "NNP", "Francisco"}, {"al", "NNP", "al"},
		{"Philippines", "NNPS", "Philippines"}, {"earnings", "NNS", "earnings"}, {"undisclosed", "VBN", "undisclosed"}, {"unveiled", "VBN", "unveil"},
		{"12,000", "CD", "12000"}, {"1,234,567", "CD", "1234567"}, {"7,5", "CD", "7,5"}, {"12,0000", "CD", "12,0000"}, {"http://A.org/B", "ADD", "http://A.org/B"}, {"--", ",", "--"},
		{"kindest", "JJS", "kind"}, {"wildest", "JJS", "wild"}, {"wider", "JJR", "wide"}, {"tougher", "JJR", "tough"},
		{"latest", "JJS", "late"}, {"bigger", "JJR", "big"}, {"xqz", "VBD", "xqz"}, {"s", "NNS", "s"}, {"ed", "VBD", "ed"}, {"", "NN", ""},
	} {
		if got := Default().Lemma(c.form, c.tag); got != c.want {
			t.Errorf("lemma of %s/%s is %q, want %q", c.form, c.tag, got, c.want)
		}
	}
}

func TestAppendShares(t *testing.T) {
	b, shared := Default().Append([]byte("x"), "visited", "VBN")
	if string(b) != "x" || shared != "visit" {
		t.Errorf("got %q and %q", b, shared)
	}
	if b, shared = Default().Append([]byte("x"), "Visited", "VBN"); string(b) != "xvisit" || shared != "" {
		t.Errorf("got %q and %q", b, shared)
	}
}

func TestFiles(t *testing.T) {
	if _, err := Read(learnt, "learnt.tsv", irregular, "irregular.tsv"); err != nil {
		t.Fatal(err)
	}
	last := ""
	for line := range strings.Lines(irregular) {
		if line[0] != '#' && line <= last {
			t.Errorf("irregular.tsv: %q is out of order or stands twice", line)
		}
		if line[0] != '#' {
			last = line
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, bad := range []string{"word\tNNS\tmen", "rule\tNNS\tmen\tx\tman", "rule\tNNS\tmen\t-1\tman", "rule\tNNS\tsoldiers\t1\t", "men man"} {
		_, err := Read("# c\n"+bad+"\n", "x")
		if rapport.KindOf(err) != rapport.BadInput || !strings.HasPrefix(err.Error(), "x:2: ") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

func TestLearn(t *testing.T) {
	word := func(form, tag, lemma string) treebank.Word { return treebank.Word{Form: form, XPOS: tag, Lemma: lemma} }
	table, err := Read(Learn([]treebank.Sentence{{Words: []treebank.Word{
		word("blockade", "VB", "blockade"), word("parade", "VB", "parade"), word("Went", "VBD", "go"), word("go", "VB", "go"),
		word("envoy", "NN", "envoy"), word("ally", "NN", "ally"), word("talks", "NNS", "talk"), word("Oslo", "NNP", "Oslo"),
	}}}), "learnt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ form, tag, want string }{
		{"went", "VBD", "go"}, {"blockaded", "VBD", "blockade"}, {"parading", "VBG", "parade"}, {"allies", "NNS", "ally"}, {"Envoys", "NNS", "envoy"}, {"Oslo", "NNP", "Oslo"},
	} {
		if got := table.Lemma(c.form, c.tag); got != c.want {
			t.Errorf("lemma of %s/%s is %q, want %q", c.form, c.tag, got, c.want)
		}
	}
}

func FuzzLemma(f *testing.F) {
	f.Add("Visited", "VBN")
	f.Add("İ\xff’", "NNS")
	f.Fuzz(func(t *testing.T, form, tag string) {
		if form != "" && Default().Lemma(form, tag) == "" {
			t.Fatalf("%q/%q has no lemma", form, tag)
		}
	})
}
