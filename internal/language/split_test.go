package language

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// TestSentences holds the splitter to cases in which | marks every place
// where a sentence ends and another begins.
func TestSentences(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"titles and initials", "The U.S. Senate passed the bill. |Gen. Mark Milley, Lt. Col. J. T. Smith and Sen. Bob Corker attended. |Mr. Putin met Mrs. May at 5 p.m. Tuesday."},
		{"country at the end", "He flew to the U.S. |The president stayed in Kiev. |It was 3 a.m. in Washington."},
		{"curly quotes", "“We will not negotiate,” he said. |“The attacks must stop.” |Officials declined to comment."},
		{"straight quotes", "\"We are ready to talk.\" |The spokesman gave no details. |\"Come.\" |\"No.\""},
		{"quotation of two", "“This is war. |We will respond,” Mr. Zarif said. |He left at noon."},
		{"single quotes", "‘It is over,’ he said. |‘We won.’ |Troops withdrew."},
		{"dateline with a dash", "ISLAMABAD, Pakistan (AP) — Gunmen killed 12 people on Wednesday, police said. |No group claimed responsibility."},
		{"dateline with a month", "MOSCOW, March 17 (Agency) — Russia on Thursday recalled its envoy. |It gave no reason."},
		{"dateline, translated", "DUSHANBE , 10 March . /Agency/ – The sides signed a document . |They met again ."},
		{"dateline, translated, no dash", "BAKU , 3 May . /Agency/ . At the invitation of the President a delegation arrived . |It left ."},
		{"dateline with stops", "BAKU, Azerbaijan, May 5. President Aliyev received the envoy. |They talked."},
		{"dateline in small letters", "Astana. 5 May. Kazinform – The head of state held a meeting. |It was long."},
		{"dateline after a saint", "ST. PETERSBURG, Sept. 7 (Agency) — The court convicted two men. |One fled."},
		{"a party in brackets is no dateline", "Joe Biden (Democrat). |He won."},
		{"speaker's letter", "A: Yesterday the ministers met. |They signed a treaty."},
		{"rank and month", "The rebels, led by Maj. Gen. Khalifa Haftar, seized the port in Jan. 2019. |St. Petersburg was quiet."},
		{"companies", "The company, Lockheed Martin Corp., won the deal. |Acme Inc. shares fell. |It was bought by Beta Ltd. |The price was not told."},
		{"quoted question", "The minister asked: “Why now?” |No one answered. |“Enough!” he shouted. |“Stop!” President Biden said. |“Who did it?” |The court will decide."},
		{"hours", "Voting began at 7 a.m. |Polls close at 8 p.m. local time. |He spoke at 9 a.m. Moscow time. |Results are due on Nov. 4."},
		{"numbers", "See No. 10 Downing St. for details. |He said no. |The talks under Res. 1701 and Art. 5 failed. |Did he say no. 5?"},
		{"ellipsis", "Talks resume Monday... |Or so they say. |We want … peace. |“We are … tired,” he said."},
		{"glued", "They ended the talks.|The minister left in 2019.|He came back.|“We won,” he said."},
		{"not glued", "He wrote for Trend.Az and St.Petersburg papers. |He saw www.example.com, Ph.D. students and U.S.Army posts."},
		{"reference marks", "He died in 1971.[1] |She left. [2][3] |They stayed."},
		{"closing mark after a space", "“ Later the page was turned . ” |He agreed ."},
		{"bullets inside a line", "They agreed on this: • open the border • free the prisoners."},
		{"list numbers", "1. The border is opened. |2. Prisoners are freed."},
		{"brackets", "He spoke (it was late. And dark) for an hour. |(He left. |She stayed.)"},
		{"question and number", "Why? |27 documents were signed. |€5 million was paid."},
		{"lower case goes on", "The firm Yahoo! said so. |The so-called Dr. who spoke left."},
		{"etc.", "Russia, China, etc. objected. |They sent guns, tanks, etc. |Iran protested."},
		{"Roman and initial", "King Hassan II. |It was Vitamin C. |He saw George W. Bush."},
		{"wrong-way quotes", "”We agree,“ he said. |The Presidents ‘ words were few. |“Yes.“ |They left."},
	} {
		want := strings.Split(strings.ReplaceAll(c.text, "• ", "|"), "|")
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		text := strings.ReplaceAll(c.text, "|", "")
		compareSentences(t, c.name, text, want)
	}
}

// TestParagraphs has one sentence a paragraph.
func TestParagraphs(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"blank lines", "Headline here\n\nFirst one.\r\n\r\nSecond one.\n \t\nThird one.", []string{"Headline here", "First one.", "Second one.", "Third one."}},
		{"a line a paragraph", "Iran and Iraq sign pact\nTEHRAN, May 3 (Agency) — The two neighbours signed a pact on trade and transit on Monday after talks of three days in the capital.\nIt enters into force in June.", []string{"Iran and Iraq sign pact", "TEHRAN, May 3 (Agency) — The two neighbours signed a pact on trade and transit on Monday after talks of three days in the capital.", "It enters into force in June."}},
		{"hard wrap", "The two neighbours signed a pact on trade\nand transit on Monday after talks of three\nMonths in the capital, where Minister Karim\nhad gone.\n\nIt enters into force.", []string{"The two neighbours signed a pact on trade\nand transit on Monday after talks of three\nMonths in the capital, where Minister Karim\nhad gone.", "It enters into force."}},
		{"hard wrap under a headline", "Pact signed\nThe two neighbours signed a pact on trade\nand transit on Monday after talks of three\ndays in the capital, where Minister Karim\nhad gone.", []string{"Pact signed", "The two neighbours signed a pact on trade\nand transit on Monday after talks of three\ndays in the capital, where Minister Karim\nhad gone."}},
		{"bullets", "The sides agreed:\n• to open the border\n• To free all prisoners.\n– To meet again\n* Later", []string{"The sides agreed:", "to open the border", "To free all prisoners.", "To meet again", "Later"}},
		{"list numbers", "Points:\n1. Open the border\n2. Free the prisoners\n(a) all of them\nb) at once", []string{"Points:", "1. Open the border", "2. Free the prisoners", "(a) all of them", "b) at once"}},
		{"broken headline", "President arrives in\nCairo for talks\nThe visit is his first.", []string{"President arrives in\nCairo for talks", "The visit is his first."}},
		{"other line ends", "One\u2028Two\vThree\rFour\u0085Five", []string{"One", "Two", "Three", "Four", "Five"}},
		{"nothing but white space", " \n\u00a0\u200b\ufeff\n• \n", nil},
	} {
		compareSentences(t, c.name, c.text, c.want)
		seen := -1
		for _, s := range Parse(c.text).Sentences {
			if !s.First || s.Paragraph <= seen {
				t.Errorf("%s: %q does not open a paragraph of its own", c.name, c.text[s.Start:s.End])
			}
			seen = s.Paragraph
		}
	}
}

func compareSentences(t *testing.T, name, text string, want []string) {
	t.Helper()
	var got []string
	for _, s := range Parse(text).Sentences {
		got = append(got, text[s.Start:s.End])
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s\n got %s\nwant %s", name, strings.Join(got, " | "), strings.Join(want, " | "))
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"I don't, can't and cannot.", "I do n't , ca n't and can not ."},
		{"Egypt's and the states' heads; Egypt’s, the states’", "Egypt 's and the states ' heads ; Egypt ’s , the states ’"},
		{"They'd've gone; it`s Yemen 's.", "They 'd 've gone ; it `s Yemen 's ."},
		{"Qa'ida, Sana'a, O'Brien, d'Ivoire, o'clock", "Qa'ida , Sana'a , O'Brien , d'Ivoire , o'clock"},
		{"the '90s, ’73 and 1990's", "the '90s , ’73 and 1990's"},
		{"a well-known anti-war e-mail, al-Sisi", "a well - known anti-war e-mail , al - Sisi"},
		{"mid-1980s F-16s in 1990-1994", "mid-1980s F - 16s in 1990 - 1994"},
		{"Call 555-1234 or 713-853-3989 by 2024-05-01.", "Call 555-1234 or 713-853-3989 by 2024-05-01 ."},
		{"The U.S. and the E.U. left (the U.N.).", "The U.S. and the E.U. left ( the U.N. ) ."},
		{"in the U.S.", "in the U.S."},
		{"Gen. Smith of Acme Inc. said no. 5 on Sept. 7", "Gen. Smith of Acme Inc. said no. 5 on Sept. 7"},
		{"He said no.", "He said no ."},
		{"J. T. Smith took vitamin C.", "J. T. Smith took vitamin C ."},
		{"$5.5bn, US$3 million, NZ$7.5, €5, 20%, £1,500.25", "$ 5.5 bn , US$ 3 million , NZ$ 7.5 , € 5 , 20 % , £ 1,500.25"},
		{"at 5pm or 7:30 a.m., 10km off, with 5G", "at 5 pm or 7:30 a.m. , 10 km off , with 5G"},
		{"see http://a.org/b?c=1, www.x.com/y. or [https://z.az] and me@x.co.uk!", "see http://a.org/b?c=1 , www.x.com/y . or [ https://z.az ] and me@x.co.uk !"},
		{"report.az/en and Trend.Az's text", "report.az/en and Trend.Az 's text"},
		{"and/or 9/11, 1/2 km/h", "and / or 9/11 , 1/2 km / h"},
		{"“Why?!” he asked... — nobody -- ‘no one’", "“ Why ?! ” he asked ... — nobody -- ‘ no one ’"},
		{"Wait… then", "Wait … then"},
		{"300\u00a0000 men\u200band AT&T", "300 000 men and AT&T"},
		{"Türkiye’s São Tomé, 北京 caf\xe9s", "Türkiye ’s São Tomé , 北京 caf\xe9s"},
		{"#peace @un 7,5 million ++ >>", "#peace @un 7,5 million ++ >>"},
		{"35 for 35 ” .", "35 for 35 ” ."},
	} {
		var got []string
		for _, s := range Parse(c.text).Sentences {
			for _, w := range s.Tokens {
				got = append(got, w.Form)
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, g, c.want)
		}
	}
}

func TestLongSentenceIsCut(t *testing.T) {
	d := Parse(strings.Repeat("word ", 2*maxTokens+1))
	if len(d.Sentences) != 3 || len(d.Sentences[0].Tokens) != maxTokens || len(d.Sentences[2].Tokens) != 1 {
		t.Fatalf("%d sentences", len(d.Sentences))
	}
	if !d.Sentences[0].First || d.Sentences[1].First {
		t.Error("the first piece alone opens the paragraph")
	}
	checkDoc(t, d)
}

// hostile are pieces that texts of any length are made of.
var hostile = []string{
	"word ", "a", "北京", ".", "aa.", "A.", "a/", "1/", "1-", "1,1", "a@", "its ", "a.aaa", "(", "[1", "\"", "“", "’", "''", "- ", "• ", "\n", "\r", "\x00", "\x1b[0m", "\u202e", "\xff",
	"\u00ad", "a\u0301", "A ", "The ", "Image: ", "In the ", "Mr. ", "U.S. ", "? a", "… ", "http://a/", "#a", "$", "e-", "n't", "CAIRO (", ", May ",
}

// TestHostile has long texts without an end: sentences and words keep to their
// bounds.
func TestHostile(t *testing.T) {
	for i, piece := range hostile {
		n := 20_000
		if i == 0 {
			n = 100_000
		}
		d := &Doc{Text: strings.Repeat(piece, n)}
		new(parser).sentences(d)
		checkSpans(t, d)
		checkDoc(t, Parse(strings.Repeat(piece, 300)))
	}
}

func TestAbbreviationsFile(t *testing.T) {
	if _, err := readAbbreviations(abbreviationsTSV); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"Gen.\ttitle\n", "Gen\tranks\n", "Gen\ttitle\nGen\ttitle\n"} {
		if _, err := readAbbreviations(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// checkDoc checks what holds of every parsed text.
func checkDoc(t *testing.T, d *Doc) {
	t.Helper()
	checkSpans(t, d)
	for i := range d.Sentences {
		checkTree(t, d.Sentences[i].Tokens)
	}
}

// checkSpans checks that sentences and tokens stand in order and leave out
// nothing that can be seen, but for the marks of list items.
func checkSpans(t *testing.T, d *Doc) {
	t.Helper()
	at, paragraph := 0, -1
	for i := range d.Sentences {
		s := &d.Sentences[i]
		if len(s.Tokens) == 0 || len(s.Tokens) > maxTokens {
			t.Fatalf("sentence %d has %d tokens", i, len(s.Tokens))
		}
		if s.Start < at || s.Start != s.Tokens[0].Start || s.End != s.Tokens[len(s.Tokens)-1].End {
			t.Fatalf("sentence %d spans %v after %d", i, s.Span, at)
		}
		if s.Paragraph < paragraph || s.First != (s.Paragraph > paragraph) {
			t.Fatalf("sentence %d: paragraph %d first %v after %d", i, s.Paragraph, s.First, paragraph)
		}
		paragraph = s.Paragraph
		for j, w := range s.Tokens {
			if w.End-w.Start > maxWord+utf8.UTFMax {
				t.Fatalf("token of %d bytes", w.End-w.Start)
			}
			if w.Start < at || w.End <= w.Start || w.End > len(d.Text) || d.Text[w.Start:w.End] != w.Form {
				t.Fatalf("token %d %q spans %v after %d", j, w.Form, w.Span, at)
			}
			for _, r := range d.Text[at:w.Start] {
				if !isSpace(r) && !bullets[r] && !isDash(r) {
					t.Fatalf("%q stands in no token", r)
				}
			}
			at = w.End
		}
	}
}

// checkTree checks that a sentence's annotation is whole and has one root.
func checkTree(t *testing.T, tokens []Token) {
	t.Helper()
	roots := 0
	for j, w := range tokens {
		if w.Head < 0 {
			roots++
		}
		if w.Head >= len(tokens) || w.Head == j || w.Lemma == "" || w.UPOS == "" || w.XPOS == "" || (w.Rel == "root") != (w.Head < 0) {
			t.Fatalf("token %d is annotated %+v", j, w)
		}
		if utf8.ValidString(w.Form) && !utf8.ValidString(w.Lemma) {
			t.Fatalf("lemma %q of %q is not UTF-8", w.Lemma, w.Form)
		}
	}
	if roots != 1 {
		t.Fatalf("%d roots", roots)
	}
}

// TestParseTogether parses one text in many goroutines at once.
func TestParseTogether(t *testing.T) {
	want := Parse(news)
	checkDoc(t, want)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			Parse("Another text. It has two sentences.") // leaves other things in the memory that is shared
			if got := Parse(news); !reflect.DeepEqual(got, want) {
				t.Error("the same text was parsed in two ways")
			}
		})
	}
	wait.Wait()
}

// awkward holds texts that fuzzing starts from.
var awkward = []string{
	news, "", " \n", "\xff\xfe\x00", "A.B.C.D.", "1-1-1-1", "1/1/1,1:1", "a@b.c@d.e", "“‘(\"' .", "KYIV . September 7 . /x/ –",
	"'s n't 'd", "http://", "<www.>", "•\n*\n- ", "x\u00ad\u0301\u200d", strings.Repeat("(.", 50), "[1][2].[3]", "Ph.D.a.m.", "İİ ﬁ ǅ",
}

// FuzzSentences looks at what comes before the model: sentences and tokens.
func FuzzSentences(f *testing.F) {
	for _, text := range awkward {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := &Doc{Text: text}
		new(parser).sentences(d)
		checkSpans(t, d)
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range awkward {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkDoc(t, Parse(text)) })
}
