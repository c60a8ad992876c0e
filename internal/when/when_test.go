package when

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
)

// plain splits a text into sentences and tokens without tags or arcs, so that
// the grammar is tested apart from the parser. Blank lines part paragraphs.
func plain(text string) *language.Doc {
	doc := &language.Doc{Text: text}
	var s language.Sentence
	par := 0
	flush := func() {
		if len(s.Tokens) > 0 {
			s.Span = rapport.Span{Start: s.Tokens[0].Start, End: s.Tokens[len(s.Tokens)-1].End}
			s.Paragraph = par
			doc.Sentences = append(doc.Sentences, s)
		}
		s = language.Sentence{}
	}
	add := func(a, b int) {
		if a < b {
			s.Tokens = append(s.Tokens, language.Token{Span: rapport.Span{Start: a, End: b}, Form: text[a:b], Head: -1})
		}
	}
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(c) {
			if strings.HasPrefix(text[i:], "\n\n") {
				flush()
				par++
			}
			i += n
			continue
		}
		j := i
		for j < len(text) {
			c, n := utf8.DecodeRuneInString(text[j:])
			if unicode.IsSpace(c) {
				break
			}
			j += n
		}
		a, b := i, j
		for a < b && strings.ContainsRune("(\"“", rune(text[a])) {
			add(a, a+1)
			a++
		}
		end := b
		for end > a && (strings.ContainsRune(",;:)\"?!", rune(text[end-1])) || text[end-1] == '.' && end > a+1 && text[end-2] == ')') {
			end--
		}
		word := text[a:end]
		stop := false
		if strings.HasSuffix(word, ".") {
			_, known := lexicon()[strings.ToLower(word)]
			last := strings.TrimSpace(text[b:]) == ""
			r, _ := utf8.DecodeRuneInString(strings.TrimSpace(text[b:]) + "x")
			if !known && (len(word) > 2 || word[0] <= '9') && !strings.Contains(word[:len(word)-1], ".") || last {
				if !known && (last || unicode.IsUpper(r)) {
					stop = true
				} else if last {
					stop = true
				}
				if stop {
					end--
				}
			}
		}
		for _, suffix := range []string{"'s", "’s", "'"} {
			if w := text[a:end]; strings.HasSuffix(w, suffix) && len(w) > len(suffix) {
				add(a, end-len(suffix))
				a = end - len(suffix)
			}
		}
		add(a, end)
		for k := end; k < b; k++ {
			add(k, k+1)
		}
		if stop {
			flush()
		}
		i = j
	}
	flush()
	return doc
}

// read gives "words=date" for each expression of a text.
func read(text, published string) []string {
	var out []string
	for _, s := range Read(plain(text), rapport.Date(published), rapport.Span{}) {
		for _, e := range s {
			out = append(out, text[e.Span.Start:e.Span.End]+"="+string(e.Date))
		}
	}
	return out
}

func TestExpressions(t *testing.T) {
	for _, c := range []struct{ published, text, want string }{
		// Weekdays. 2024-06-08 was a Saturday.
		{"2024-06-08", "They met on Wednesday.", "on Wednesday=2024-06-05"},
		{"2024-06-08", "They met on Saturday night.", "on Saturday night=2024-06-08"},
		{"2024-06-08", "They will meet on Wednesday.", "on Wednesday=2024-06-12"},
		{"2024-06-08", "The minister is to travel on Monday.", "on Monday=2024-06-10"},
		{"2024-06-08", "The envoy was due on Sunday.", "on Sunday=2024-06-09"},
		{"2024-06-08", "A meeting was to be held on Friday.", "on Friday=2024-06-07"},
		{"2024-06-08", "Last Saturday it withdrew.", "Last Saturday=2024-06-01"},
		// What was earlier in the week would be "on Wednesday"; a Sunday looks back on its week.
		{"2024-06-06", "The fort fell last Wednesday.", "last Wednesday=2024-05-29"},
		{"2024-06-06", "The fort fell last Tuesday.", "last Tuesday=2024-05-28"},
		{"2024-06-07", "The fort fell last Monday.", "last Monday=2024-05-27"},
		{"2024-06-06", "The fort fell last Friday.", "last Friday=2024-05-31"},
		{"2024-06-09", "The fort fell last Friday.", "last Friday=2024-06-07"},
		{"2024-06-08", "It left in 2009 and had joined four years before that.", "in 2009=2009|four years before that=2005"},
		{"2024-06-08", "It meets next Tuesday.", "next Tuesday=2024-06-11"},
		{"2024-06-08", "It was signed on Tuesday of last week.", "on Tuesday of last week=2024-05-28"},
		{"2024-06-08", "On Wednesday and Thursday rioters set cars alight.", "On Wednesday and Thursday=2024-06-05/2024-06-06"},
		{"2024-06-08", "They met on Monday and Thursday.", "on Monday=2024-06-03|Thursday=2024-06-06"},
		{"2024-06-08", "The summit was held from Tuesday to Thursday.", "from Tuesday to Thursday=2024-06-04/2024-06-06"},
		{"2024-06-08", "It signed on Tuesday, March 5, 2024, in Rome.", "on Tuesday, March 5, 2024=2024-03-05"},
		{"2024-06-08", "The army has patrolled since Tuesday.", "since Tuesday=2024-06-04/.."},
		{"2024-06-08", "Courts sit on Mondays.", "on Mondays="},
		// Days told from the report's.
		{"2024-06-08", "Yesterday he spoke.", "Yesterday=2024-06-07"},
		{"2024-06-08", "He spoke this morning and left last night.", "this morning=2024-06-08|last night=2024-06-07"},
		{"2024-06-08", "He will appear tomorrow.", "tomorrow=2024-06-09"},
		{"2024-06-08", "He resigned the day before yesterday.", "the day before yesterday=2024-06-06"},
		// Units.
		{"2024-06-08", "Last week it blamed two groups.", "Last week=2024-05-27/2024-06-02"},
		{"2024-06-08", "The club meets next week.", "next week=2024-06-10/2024-06-16"},
		{"2024-06-07", "It had asked earlier this week.", "earlier this week=2024-06-03/2024-06-06"},
		{"2024-06-08", "It urged them last weekend to leave.", "last weekend=2024-06-01/2024-06-02"},
		{"2024-06-05", "It urged them last weekend to leave.", "last weekend=2024-06-01/2024-06-02"},
		{"2024-06-08", "Units arrived earlier this month.", "earlier this month=2024-06"},
		{"2024-06-08", "He will visit Greece for the first time in six years.", "in six years="},
		{"2024-06-08", "He met leaders last month.", "last month=2024-05"},
		{"2024-06-08", "He met leaders at the end of last month.", "at the end of last month=2024-05"},
		{"2024-06-08", "Trade fell last year and may rise this year.", "last year=2023|this year=2024"},
		{"2024-06-08", "He attended at the start of this year.", "at the start of this year=2024-01~"},
		{"2024-06-08", "They are to sign early next year.", "early next year=2025"},
		{"2024-06-08", "It will land before the end of the week.", "before the end of the week=2024-06-03/2024-06-09"},
		{"2024-06-08", "It will test before the end of the month.", "before the end of the month=2024-06"},
		{"2024-06-08", "It will meet before the end of the year.", "before the end of the year=../2024-12-31"},
		{"2024-06-08", "They could be back by the end of the year.", "by the end of the year=../2024-12~"},
		{"2024-06-08", "In the past three years it sent arms.", "In the past three years=2021/2024"},
		// Months and days without a year.
		{"1999-12-12", "In February agents seized him.", "In February=1999-02"},
		{"2002-07-23", "They agreed to meet again in September.", "in September=2002-09"},
		{"2017-01-22", "They sent a delegation on Dec. 13.", "on Dec. 13=2016-12-13"},
		{"1994-09-20", "The junta will give up power by Oct. 15.", "by Oct. 15=../1994-10-15"},
		{"2000-06-15", "They will meet around Aug. 15.", "around Aug. 15=2000-08-15~"},
		{"2021-05-31", "It was signed on 17 April in Rome.", "on 17 April=2021-04-17"},
		{"2023-02-04", "It has been better since last March.", "since last March=2022-03/.."},
		{"2018-03-17", "They will go to the cup this June.", "this June=2018-06"},
		{"1994-03-01", "They pressed the government last August.", "last August=1993-08"},
		{"2019-09-07", "The leaders may meet this autumn.", "this autumn=2019-23"},
		{"2019-09-07", "A court will try them in March next year.", "in March next year=2020-03"},
		{"2023-02-04", "In March of last year it supported us.", "In March of last year=2022-03"},
		{"1999-12-12", "Six rounds followed between July and October.", "between July and October=1999-07/1999-10"},
		{"2002-03-10", "Six rounds followed between October and January.", "between October and January=2001-10/2002-01"},
		{"2023-03-11", "They held talks from March 6 to 10.", "from March 6 to 10=2023-03-06/2023-03-10"},
		{"2018-03-10", "He paid a visit on March 9 – 10.", "on March 9 – 10=2018-03-09/2018-03-10"},
		{"2026-06-01", "They met from 3 to 5 May.", "from 3 to 5 May=2026-05-03/2026-05-05"},
		{"2020-06-01", "They met on 3-5 May 2019.", "on 3-5 May 2019=2019-05-03/2019-05-05"},
		{"2020-06-01", "It lasted from July 29 to Aug. 2, 2004.", "from July 29 to Aug. 2, 2004=2004-07-29/2004-08-02"},
		{"2020-06-01", "He left on May 3 and 4.", "on May 3 and 4=2020-05-03/2020-05-04"},
		// Full dates.
		{"", "On July 6, 1991 they signed it.", "On July 6, 1991=1991-07-06"},
		{"", "It was proclaimed on 11 November 1975.", "on 11 November 1975=1975-11-11"},
		{"", "It was proclaimed on the 4th of March 2018.", "on the 4th of March 2018=2018-03-04"},
		{"", "Its call of August 20 , 2021 , stands.", "of August 20 , 2021=2021-08-20"},
		{"", "Signed 2018-03-04 in Rome, again 10.03.2018.", "2018-03-04=2018-03-04|10.03.2018=2018-03-10"},
		{"", "Sent 25/03/2018, not 10/03/2018.", "25/03/2018=2018-03-25"},
		{"", "In January 2005 he came, and in February 2019 his son.", "In January 2005=2005-01|in February 2019=2019-02"},
		{"", "The visits of November 2003 and October 2007 were short.", "of November 2003=2003-11|October 2007=2007-10"},
		{"", "Late in 2003 and early 2004 it fell.", "Late in 2003=2003|early 2004=2004"},
		{"", "The spring of 2001 was wet; the winter of 1995-96 dry.", "The spring of 2001=2001-21|the winter of 1995-96=1995-24"},
		// Years, decades, centuries.
		{"2023-01-01", "Since 2008 it has met.", "Since 2008=2008/.."},
		{"2023-01-01", "They ran it until 2008.", "until 2008=../2008"},
		{"2023-01-01", "They will go by 2030.", "by 2030=../2030"},
		{"2023-01-01", "Between 1990 and 1994 it fell.", "Between 1990 and 1994=1990/1994"},
		{"2023-01-01", "From 2003 until 2010 he served.", "From 2003 until 2010=2003/2010"},
		{"2023-01-01", "It began in 2017, 2018 and 2021 respectively.", "in 2017=2017|2018=2018|2021=2021"},
		{"2023-01-01", "Talks took place in 2021 and 2022.", "in 2021 and 2022=2021/2022"},
		{"2023-01-01", "In the 1990s and in the early 1980s it fell.", "In the 1990s=199X|in the early 1980s=198X"},
		{"2023-01-01", "In the 19th century and in mid-1994 it grew.", "In the 19th century=18XX|in mid-1994=1994"},
		{"2023-01-01", "The 1994 accord held; the war of 1998-99 did not.", "The 1994=1994|of 1998-99=1998/1999"},
		{"2023-01-01", "Demanded as early as 1978 and again (1979).", "as early as 1978=1978|1979=1979"},
		{"2023-06-01", "In the first seven months of this year trade shrank.", "In the first seven months of this year=2023-01/2023-07"},
		{"2023-06-01", "In the third quarter of 2019 it grew.", "In the third quarter of 2019=2019-07/2019-09"},
		{"2023-06-01", "In the first quarter it grew, and in Q4 2022.", "In the first quarter=2023-01/2023-03|in Q4 2022=2022-10/2022-12"},
		{"2023-06-01", "The second half of 2001 was bad.", "The second half of 2001=2001-07/2001-12"},
		{"2023-06-01", "In fiscal year 2024 and the 2023-24 academic year.", "In fiscal year 2024=2024|the 2023-24 academic year=2023/2024"},
		{"2024-06-08", "In the first week of April and on the last day of 1999.", "In the first week of April=2024-04-01/2024-04-07|on the last day of 1999=1999-12-31"},
		{"2024-06-08", "In the last quarter of 2022; in the second half of June.", "In the last quarter of 2022=2022-10/2022-12|in the second half of June=2024-06-16/2024-06-30"},
		{"2024-06-08", "The law will take effect by year-end.", "by year-end=../2024-12~"},
		{"2024-06-08", "On 30 June-2 July 2023 they met.", "On 30 June-2 July 2023=2023-06-30/2023-07-02"},
		{"2024-06-08", "Fighting erupted on April 15, 2023 and by June had spread.", "on April 15, 2023=2023-04-15|by June=2023-06"},
		{"2024-06-08", "Since Feb. 22, 2019 people have marched.", "Since Feb. 22, 2019=2019-02-22/.."},
		{"2024-06-08", "Over the weekend they clashed.", "Over the weekend=2024-06-08/2024-06-09"},
		{"2024-06-05", "Police arrested ten on the 3rd, and six on the 17th.", "on the 3rd=2024-06-03|on the 17th=2024-05-17"},
		{"2024-06-08", "It was told in September of '72 and the year before last.", "in September of '72=1972-09|the year before last=2022"},
		// Ago.
		{"2002-07-23", "Six days ago they had taken it.", "Six days ago=2002-07-17"},
		{"2024-06-08", "Three months ago it began.", "Three months ago=2024-03"},
		{"1995-09-08", "Ten years ago agents sank the ship.", "Ten years ago=1985"},
		{"2024-06-08", "It ended a decade ago.", "a decade ago=2014~"},
		{"2024-06-08", "It ended more than twenty-five years ago.", "more than twenty-five years ago=1999~"},
		{"2024-06-08", "It ended half a century ago, a quarter of a century ago.", "half a century ago=1974|a quarter of a century ago=1999"},
		{"2000-06-15", "A year ago this day they exchanged fire.", "A year ago this day=1999-06-15"},
		{"2024-06-08", "He will go in two years' time.", "in two years' time=2026"},
		{"2024-06-08", "It will reopen in three days.", "in three days=2024-06-11"},
		// Leaning on other expressions.
		{"2018-03-17", "Russia on Saturday ordered them out, answering an expulsion three days earlier.", "on Saturday=2018-03-17|three days earlier=2018-03-14"},
		{"1994-09-20", "Troops took up positions on Tuesday, a day after the first of them landed.", "on Tuesday=1994-09-20|a day after=1994-09-19"},
		{"2011-07-14", "Sudan recognized it on July 8, one day before the declaration.", "on July 8=2011-07-08|one day before=2011-07-09"},
		{"1990-08-10", "Two days after Iraq invaded on Aug. 2, the Council met.", "Two days after=1990-08-04|on Aug. 2=1990-08-02"},
		{"2005-01-07", "Twelve days after the wave, pledges came.\n\nA truce was declared on the day after the wave.", "Twelve days after=2004-12-26|on the day after=2004-12-27"},
		{"2022-03-20", "In April 2001 it refused. Six months later he withdrew.", "In April 2001=2001-04|Six months later=2001-10"},
		{"2023-02-04", "In March 2022 it backed us, and three weeks later he came.", "In March 2022=2022-03|three weeks later=2022-04"},
		{"2023-02-02", "It was put off in December 2020, a week after he was elected.", "in December 2020=2020-12|a week after=2020-12"},
		{"2021-02-11", "They took power on Feb. 1. The army seized control that morning.", "on Feb. 1=2021-02-01|that morning=2021-02-01"},
		{"2022-08-05", "She landed on Tuesday night and met him on Wednesday. China summoned him that same night.", "on Tuesday night=2022-08-02|on Wednesday=2022-08-03|that same night=2022-08-02"},
		{"2023-03-27", "Yesterday they signed. On the previous day it broke ties.", "Yesterday=2023-03-26|On the previous day=2023-03-25"},
		{"2024-05-18", "It recognised us in December 1991, and in May of the following year ties began.", "in December 1991=1991-12|in May of the following year=1992-05"},
		{"2018-03-10", "In 2017 trade grew, and in April of the same year flights resumed.", "In 2017=2017|in April of the same year=2017-04"},
		{"2023-09-11", "He signed it in July 2000 and visited that November.", "in July 2000=2000-07|that November=2000-11"},
		{"1994-09-20", "An embargo began in June 1993, and in October of that year gunmen came.", "in June 1993=1993-06|in October of that year=1993-10"},
		{"1999-12-12", "When it was struck on Sept. 7, a team arrived within a day.", "on Sept. 7=1999-09-07|within a day=1999-09-07/1999-09-08"},
		{"2023-03-11", "They agreed on Friday to reopen within two months.", "on Friday=2023-03-10|within two months=2023-03-10/2023-05-10"},
		{"1999-12-12", "In January 1996 war was near. In May it passed.", "In January 1996=1996-01|In May=1996-05"},
		{"1999-12-12", "In January 1996 war was near.\n\nIn May it passed.", "In January 1996=1996-01|In May=1999-05"},
		{"2016-02-22", "Riyadh cut ties in January 2016. Tehran condemned the attack then.", "in January 2016=2016-01|then=2016-01"},
		// Feasts, anniversaries, other calendars.
		{"2005-01-07", "They have flown since New Year's Day.", "since New Year's Day=2005-01-01/.."},
		{"2024-06-08", "On Good Friday and at Easter 1916 there was fighting.", "On Good Friday=2024-03-29|at Easter 1916=1916-04-23"},
		{"2022-04-02", "They marked the 30th anniversary of relations.", "the 30th anniversary=1992"},
		{"2024-06-08", "On 22 Bahman 1357 the monarchy fell.", "On 22 Bahman 1357=1979-02-11"},
		{"2024-06-08", "On 1 Muharram 1446 it began.", "On 1 Muharram 1446=2024-07-08~"},
		{"2024-06-08", "On 5 Iyar 5708 the state was declared.", "On 5 Iyar 5708=1948-05-14"},
		{"2003-06-08", "The September 11, 2001, attacks and 9/11 commission.", "The September 11, 2001=2001-09-11|9/11=2001-09-11"},
		// Lengths and rhythms have no date.
		{"2024-06-08", "For three days they talked; every year, weekly, they meet.", "For three days=|every year=|weekly="},
		{"2024-06-08", "A three-day visit and a visit of two weeks.", "three-day=|of two weeks="},
	} {
		if got := strings.Join(read(c.text, c.published), "|"); got != c.want {
			t.Errorf("%s (%s)\n got  %s\n want %s", c.text, c.published, got, c.want)
		}
	}
}

func TestNoDates(t *testing.T) {
	for _, text := range []string{
		"It sent 2,000 troops and 2000 troops.",
		"It killed 1994 people.",
		"Mrs. May joined the leaders. May was asked to go.",
		"Theresa May spoke to May supporters.",
		"They may march on the palace and march again.",
		"The second man took a second look.",
		"The boy, 12 years old, and a 20-year-old woman fled.",
		"The Good Friday Agreement and the Sunday Times.",
		"The Arab Spring and the fall of the wall.",
		"Resolution 1973 and $ 2000 were cited.",
		"At 1500 GMT the guns stopped.",
		"He sat down and the sun rose; jan and mar.",
		"June Carter and April Glaspie, Augustus and Mr. March.",
		"A day of mourning costs $5 a week.",
		"He is in his 90s.",
		"Ten out of 35 went.",
		"Black September and Bloody Sunday.",
		"Today's Russia is another land.",
		"At the same time it said so.",
		"The then president left.",
		"In the 8th century BC and ca. 1600 B.C.E. it fell.",
		"Prices rise in the summer months.",
		"The siege is expected to last two days.",
		"The first half was goalless.",
		"Some 1500 people fled, 2019 of them children.",
	} {
		for _, s := range Read(plain(text), "2018-03-17", rapport.Span{}) {
			for _, e := range s {
				if e.Date != "" {
					t.Errorf("%s: %q read as %s by %s", text, text[e.Span.Start:e.Span.End], e.Date, e.Rule)
				}
			}
		}
	}
}

// TestTense reads parsed sentences, whose verbs tell where a day lies.
func TestTense(t *testing.T) {
	// 2024-06-08 was a Saturday.
	for _, c := range []struct{ text, want string }{
		{"The ministers will meet on Wednesday in Geneva.", "2024-06-12"},
		{"The ministers met on Wednesday in Geneva.", "2024-06-05"},
		{"The two leaders are scheduled to hold talks on Tuesday.", "2024-06-11"},
		{"The president said he would travel to Paris on Monday.", "2024-06-10"},
		{"Officials plan to sign the accord in October.", "2024-10"},
		{"Officials signed the accord in October.", "2023-10"},
		{"The council is to vote on Thursday on the draft.", "2024-06-13"},
		{"He cancelled a meeting that was to be held on Friday.", "2024-06-07"},
		{"Saudi Arabia agreed to reopen its embassy by July 1.", "../2024-07-01"},
		{"Inspectors have been in the country since Monday.", "2024-06-03/.."},
		{"Madrid demanded that they leave, and on Tuesday it recalled its ambassador.", "2024-06-04"},
		{"By Thursday night the last soldiers had left the island.", "2024-06-06"},
	} {
		var got []string
		for _, s := range Read(language.Parse(c.text), "2024-06-08", rapport.Span{}) {
			for _, e := range s {
				got = append(got, string(e.Date))
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: %s, want %s", c.text, g, c.want)
		}
	}
}

func TestExprFields(t *testing.T) {
	text := "MOSCOW, March 17 (Agency) — Russia on Saturday ordered 23 diplomats out, answering an expulsion three days earlier; they stayed for two weeks."
	got := Read(language.Parse(text), "2018-03-17", rapport.Span{Start: 0, End: strings.Index(text, "Russia")})
	var all []Expr
	for _, s := range got {
		all = append(all, s...)
	}
	if len(all) != 3 {
		t.Fatalf("%d expressions, want 3 without the dateline's: %+v", len(all), all)
	}
	if e := all[0]; text[e.Span.Start:e.Span.End] != "on Saturday" || e.Basis != Deictic || e.Kind != Point || e.Date != "2018-03-17" {
		t.Errorf("%+v", e)
	}
	if e := all[1]; text[e.Span.Start:e.Span.End] != "three days earlier" || e.Basis != Anaphoric || e.Date != "2018-03-14" {
		t.Errorf("%+v", e)
	}
	if e := all[2]; e.Kind != Duration || e.Days != 14 || e.Date != "" {
		t.Errorf("%+v", e)
	}
}

func TestUnknownDay(t *testing.T) {
	for _, published := range []rapport.Date{"", "2024", "2024-06", "199X", "nonsense"} {
		for _, s := range Read(plain("On Monday, last week, in May 1994, tomorrow, three days ago, this year, on March 4."), published, rapport.Span{}) {
			for _, e := range s {
				if e.Date.Grain() == rapport.DayGrain && e.Basis == Deictic && published == "" {
					t.Errorf("published %q: %s", published, e.Date)
				}
			}
		}
	}
}

func TestCalendars(t *testing.T) {
	for _, c := range []struct {
		name string
		got  int
		want string
	}{
		{"Easter 2000", easter(2000), "2000-04-23"},
		{"Easter 2024", easter(2024), "2024-03-31"},
		{"Nowruz 1403", persian(1403, 1, 1), "2024-03-20"},
		{"Nowruz 1400", persian(1400, 1, 1), "2021-03-21"},
		{"Nowruz 1371", persian(1371, 1, 1), "1992-03-21"},
		{"22 Bahman 1357", persian(1357, 11, 22), "1979-02-11"},
		{"1 Muharram 1400", islamic(1400, 1, 1), "1979-11-21"},
		{"1 Ramadan 1445", islamic(1445, 9, 1), "2024-03-11"},
		{"5 Iyar 5708", hebrew(5708, 2, 5), "1948-05-14"},
		{"1 Tishri 5784", hebrew(5784, 7, 1), "2023-09-16"},
		{"15 Nisan 5784", hebrew(5784, 1, 15), "2024-04-23"},
	} {
		if got := string(dayMoment(c.got).append(nil)); got != c.want {
			t.Errorf("%s is %s, want %s", c.name, got, c.want)
		}
	}
	for n := -800000; n < 800000; n += 37 {
		if y, m, d := civil(n); days(y, m, d) != n {
			t.Fatalf("day %d is %d-%d-%d, which is day %d", n, y, m, d, days(y, m, d))
		}
	}
}
