package who

import (
	"fmt"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language"
)

func show(p rapport.Party) string {
	return strings.Join([]string{p.Country, p.Sector, p.Name, p.Office}, "/")
}

// TestResolve reads phrases on days: want is country/sector/name/office, "-"
// where nothing may be known.
func TestResolve(t *testing.T) {
	for _, c := range []struct{ phrase, day, context, want string }{
		// countries, capitals, seats of government, states that are gone
		{"Egypt", "2024", "", "EGY/GOV//"},
		{"the Republic of Korea", "2024", "", "KOR/GOV//"},
		{"the DPRK", "2003", "", "PRK/GOV//"},
		{"the U.S.", "2003", "", "USA/GOV//"},
		{"Downing Street", "2003", "", "GBR/GOV//"},
		{"the Kremlin", "2003", "", "RUS/GOV//"},
		{"the Blue House", "2003", "", "KOR/GOV//"},
		{"Ankara", "2003", "", "TUR/GOV//"},
		{"Côte d'Ivoire", "2003", "", "CIV/GOV//"},
		{"Zaire", "1994", "", "COD/GOV//"},
		{"the Soviet Union", "1990", "", "RUS/GOV//"},
		{"East Germany", "1990", "", "DDR/GOV//"},
		{"Türkiye", "2023", "", "TUR/GOV//"},
		{"Hong Kong", "2023", "", "HKG/GOV//"},
		{"Kosovo", "2023", "", "XKX/GOV//"},
		// role words and what they do to a country
		{"Egyptian troops", "2003", "", "EGY/MIL//"},
		{"Turkish police", "2003", "", "TUR/COP//"},
		{"Pakistan's Foreign Office", "2003", "", "PAK/GOV//"},
		{"the Malian junta's spokesman", "2022", "", "MLI/MIL//"},
		{"opposition lawmakers in Venezuela", "2018", "", "VEN/OPP//"},
		{"Sudanese rebels", "2004", "", "SDN/REB//"},
		{"a spokesman for the Israeli army", "2004", "", "ISR/MIL//"},
		{"French farmers", "2004", "", "FRA/AGR//"},
		{"German newspapers", "2004", "", "DEU/JRN//"},
		{"the Peruvian Congress", "1998", "", "PER/LEG//"},
		{"the U.S. ambassador to Mexico", "1998", "", "USA/GOV//Ambassador"},
		{"a group of Japanese businessmen", "1998", "", "JPN/BUS//"},
		{"the head of the Egyptian parliament", "1998", "", "EGY/LEG//"},
		{"a Spanish judge", "1998", "", "ESP/JUD//"},
		{"former Israeli officials", "1998", "", "ISR/ELI//"},
		{"the Western diplomats", "1998", "", "-"},
		// bodies, with their times
		{"Hamas", "2006", "", "PSE/REB/Hamas/"},
		{"UNITA", "1995", "", "AGO/REB/UNITA/"},
		{"Unita", "2005", "", "AGO/OPP/UNITA/"},
		{"the Taliban", "2005", "", "AFG/REB/Taliban/"},
		{"the Taliban", "2022", "", "AFG/GOV/Taliban/"},
		{"the Arab League", "2005", "", "IGO//League of Arab States/"},
		{"the UN Security Council", "2005", "", "UNO//Security Council/"},
		{"Hezbollah fighters", "2005", "", "LBN/REB/Hezbollah/"},
		{"Zimbabwe's opposition Movement for Democratic Change", "2005", "", "ZWE/OPP/Movement for Democratic Change/"},
		{"North Korea's state news agency KCNA", "2005", "", "PRK/JRN/KCNA/"},
		{"France's U.N. ambassador", "1998", "", "FRA/GOV//Ambassador"},
		{"rebels of the Rwandan Patriotic Front", "1994-04", "", "RWA/REB/Rwandan Patriotic Front/"},
		{"U.N. officials", "2005", "", "UNO///"},
		// office-holders as of the day
		{"President Mubarak", "2005-05-01", "", "EGY/GOV/Hosni Mubarak/President"},
		{"President Mubarak", "2015-05-01", "", "EGY/ELI/Hosni Mubarak/"},
		{"Hosni Mubarak", "2015-05-01", "", "EGY/ELI/Hosni Mubarak/"},
		{"Heydar Aliyev", "1994", "", "AZE/GOV/Heydar Aliyev/President"},
		{"President George Bush", "1991-02-01", "", "USA/GOV/George H. W. Bush/President"},
		{"President George Bush", "2003-02-01", "", "USA/GOV/George W. Bush/President"},
		{"António Guterres", "2000", "", "PRT/GOV/António Guterres/Prime Minister"},
		{"António Guterres", "2020", "", "UNO//António Guterres/UN Secretary-General"},
		{"former President Jimmy Carter", "1994-09-19", "", "USA/ELI/Jimmy Carter/"},
		{"Nelson Mandela", "1992", "", "ZAF/OPP/Nelson Mandela/ANC leader"},
		{"King Abdullah", "2010", "Riyadh said the Saudi king", "SAU/GOV/Abdullah bin Abdulaziz/King"},
		{"King Abdullah", "2010", "Amman said the Jordanian king", "JOR/GOV/Abdullah II of Jordan/King"},
		{"Prime Minister Major", "1994", "London", "GBR/GOV/John Major/Prime Minister"},
		{"Mrs. May", "2018", "Britain", "GBR/GOV/Theresa May/Prime Minister"},
		{"NATO Secretary-General Javier Solana", "1999-03", "", "IGO//Javier Solana/NATO Secretary General"},
		{"Finland's Martti Ahtisaari", "1999-06", "", "FIN/GOV/Martti Ahtisaari/President"},
		{"Justice Minister Mohammed Ali al-Mardi", "2005", "Sudan", "SDN/GOV/Mohammed Ali al-Mardi/Justice Minister"},
		// spelling variants by rule
		{"Abdulfattah al-Sisi", "2023", "", "EGY/GOV/Abdel Fattah el-Sisi/President"},
		{"Abdel-Fattah El-Sissi", "2023", "", "EGY/GOV/Abdel Fattah el-Sisi/President"},
		{"Abdul Fatah el Sisi", "2023", "", "EGY/GOV/Abdel Fattah el-Sisi/President"},
		{"Vladimir Vladimirovich Putin", "2023", "", "RUS/GOV/Vladimir Putin/President"},
		{"Volodymyr Zelenskyy", "2023", "", "UKR/GOV/Volodymyr Zelensky/President"},
		{"Mohamed Khatami", "2000", "", "IRN/GOV/Mohammad Khatami/President"},
		{"Hasan Rohani", "2015", "", "IRN/GOV/Hassan Rouhani/President"},
		{"Sergey Lavrov", "2015", "", "RUS/GOV/Sergei Lavrov/Foreign Minister"},
		{"Kim Jong-il", "2002", "", "PRK/GOV/Kim Jong Il/Supreme Leader"},
		{"John F. Kerry", "2014", "", "USA/GOV/John Kerry/Secretary of State"},
		// unknown names
		{"Trade Minister Ahmed Samir", "2023", "", "/GOV/Ahmed Samir/Trade Minister"},
		{"Trade Minister Ahmed Samir", "2023", "Egypt", "EGY/GOV/Ahmed Samir/Trade Minister"},
		{"the Bolivian Trade Minister Ahmed Samir", "2023", "", "BOL/GOV/Ahmed Samir/Trade Minister"},
		{"Ahmed Samir, chairman of the Libyan Trade Unions Confederation, MP", "2023", "", "LBY/LEG/Ahmed Samir/Chairman"},
		// two readings
		{"Georgia", "2008", "Tbilisi and Moscow traded accusations over Abkhazia", "GEO/GOV//"},
		{"Georgia", "2020", "voters in Atlanta and Savannah, Republican and Democrat", "-"},
		{"Congo", "2008", "Kabila and Rwanda fought over Goma", "COD/GOV//"},
		{"Congo", "2008", "in Brazzaville President Sassou Nguesso", "COG/GOV//"},
		{"Korean officials", "2008", "Pyongyang, KCNA and the DPRK", "PRK/GOV//"},
		{"Brussels", "2008", "the European Commission and the EU accession talks", "EUR//European Union/"},
		{"Brussels", "2008", "the Belgian prime minister said Belgium", "BEL/GOV//"},
		{"Salisbury", "2018", "", "GBR///"},
		{"Salisbury", "1975", "", "ZWE/GOV//"},
		// case tells
		{"Michael Jordan", "1996", "the Bulls won", "-"},
		{"us", "2008", "", "-"},
		{"a turkey", "2008", "", "-"},
		{"who", "2008", "", "-"},
	} {
		p, sure, reasons, ok := Resolve(c.phrase, rapport.Date(c.day), c.context)
		got := "-"
		if ok && (p.Country != "" || p.Name != "") {
			got = show(p)
			if sure <= 0 || sure > 1 || len(reasons) == 0 {
				t.Errorf("%s: confidence %v, reasons %v", c.phrase, sure, reasons)
			}
		}
		if got != c.want {
			t.Errorf("%s on %s (%s): %s, want %s", c.phrase, c.day, c.context, got, c.want)
		}
	}
}

// TestRead reads whole reports: want lists every mention, "words = parties".
func TestRead(t *testing.T) {
	for _, c := range []struct {
		day, text string
		want      []string
	}{
		{"2023-03-27", "State Councilor and Foreign Minister Qin Gang held talks with the Honduran foreign minister, Eduardo Enrique Reina. Reina thanked China.", []string{
			"State Councilor = /GOV//State Councilor",
			"Foreign Minister Qin Gang = CHN/GOV/Qin Gang/Foreign Minister",
			"the Honduran foreign minister, Eduardo Enrique Reina = HND/GOV/Eduardo Enrique Reina/Foreign Minister",
			"Reina = HND/GOV/Eduardo Enrique Reina/Foreign Minister",
			"China = CHN/GOV//",
		}},
		{"2018-03-17", "The leaders of the U.S., France and Germany backed Britain.", []string{
			"The leaders of the U.S., France and Germany = USA/GOV// FRA/GOV// DEU/GOV//",
			"Britain = GBR/GOV//",
		}},
		{"1998-10-27", "Alberto Fujimori of Peru met an envoy of U.S. President Bill Clinton.", []string{
			"Alberto Fujimori of Peru = PER/GOV/Alberto Fujimori/President",
			"an envoy = USA/GOV//Envoy",
			"U.S. President Bill Clinton = USA/GOV/Bill Clinton/President",
		}},
		{"2024-06-08", "Chairman of the Azerbaijan Trade Unions Confederation (ATUC), MP Sattar Mohbaliyev spoke. The ATUC thanked Egypt. Mr. Mohbaliyev left.", []string{
			"Chairman of the Azerbaijan Trade Unions Confederation (ATUC), MP Sattar Mohbaliyev = AZE/LEG/Sattar Mohbaliyev/Chairman",
			"The ATUC = AZE/LAB//",
			"Egypt = EGY/GOV//",
			"Mr. Mohbaliyev = AZE/LEG/Sattar Mohbaliyev/Chairman",
		}},
		{"2015-05-01", "The Iran-backed militia fired at Portuguese-speaking nations. Gen. Philip Breedlove, NATO's supreme commander, warned Russia.", []string{
			"The Iran-backed militia = /UAF//",
			"Gen. Philip Breedlove, NATO's supreme commander = IGO/MIL/Philip Breedlove/Supreme Commander",
			"Russia = RUS/GOV//",
		}},
		{"2012-05-01", "Egyptian, Sudanese and British officials met in Cairo. Egyptian exports rose.", []string{
			"Egyptian, Sudanese and British officials = EGY/GOV// SDN/GOV// GBR/GOV//",
			"Cairo = EGY/GOV//",
			"Egyptian = EGY/GOV//",
		}},
	} {
		doc := language.Parse(c.text)
		var got []string
		for _, ms := range Read(doc, rapport.Date(c.day)).Mentions {
			last := 0
			for _, m := range ms {
				if m.First < last || m.Head < m.First || m.Head >= m.Last {
					t.Errorf("%s: tokens %d to %d, head %d, after %d", c.text, m.First, m.Last, m.Head, last)
				}
				last = m.Last
				var ps []string
				for _, p := range m.Parties {
					ps = append(ps, show(p))
				}
				got = append(got, fmt.Sprintf("%s = %s", c.text[m.Span.Start:m.Span.End], strings.Join(ps, " ")))
			}
		}
		if a, b := strings.Join(got, "\n"), strings.Join(c.want, "\n"); a != b {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", c.text, a, b)
		}
	}
}

func TestRoleOn(t *testing.T) {
	c := &Cast{}
	aliyev := rapport.Party{Country: "AZE", Sector: "ELI", Name: "Heydar Aliyev"}
	for day, want := range map[rapport.Date]string{"1994": "AZE/GOV/Heydar Aliyev/President", "2002-05": "AZE/GOV/Heydar Aliyev/President", "2010": "AZE/ELI/Heydar Aliyev/", "": "AZE/ELI/Heydar Aliyev/"} {
		if got := show(c.RoleOn(aliyev, day)); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	if got := show(c.RoleOn(rapport.Party{Country: "AGO", Sector: "REB", Name: "UNITA"}, "2010")); got != "AGO/OPP/UNITA/" {
		t.Errorf("a body's sector goes with the day: %s", got)
	}
	stranger := rapport.Party{Country: "EGY", Sector: "GOV", Name: "Ahmed Samir"}
	if got := c.RoleOn(stranger, "1994"); got != stranger {
		t.Errorf("a stranger stays as told: %+v", got)
	}
}

func TestCountryName(t *testing.T) {
	for code, want := range map[string]string{"EGY": "Egypt", "RUS": "Russia", "COD": "Democratic Republic of the Congo", "TWN": "Taiwan", "XXX": ""} {
		if got := CountryName(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// TestSameTwice holds Read to the same mentions on every run.
func TestSameTwice(t *testing.T) {
	text := "President Bush met Prime Minister Blair in Washington. Bush thanked Britain. Congo and Korea protested, Gen. Powell said."
	doc := language.Parse(text)
	first := fmt.Sprint(Read(doc, "2003-03-01"))
	for range 20 {
		if got := fmt.Sprint(Read(doc, "2003-03-01")); got != first {
			t.Fatalf("%s\nthen\n%s", first, got)
		}
	}
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"President Mubarak", "the leaders of the U.S., France and", "al-", "of of ,,", "King's 's the (ATUC)", "\xff\xfe Egypt", "Sana’a’s"} {
		f.Add(s, "2003-05")
	}
	f.Fuzz(func(t *testing.T, phrase, day string) {
		if p, sure, _, ok := Resolve(phrase, rapport.Date(day), ""); ok && (sure < 0 || sure > 1 || len(p.Country) != 0 && len(p.Country) != 3) {
			t.Errorf("%q: %+v %v", phrase, p, sure)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var docs []*language.Doc
	var days []rapport.Date
	n := 0
	for _, g := range goldReports(b) {
		d := language.Parse(g.Text)
		docs, days = append(docs, d), append(days, g.Published)
		n += len(d.Sentences)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for i, d := range docs {
			Read(d, days[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/sentence")
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := builtIn(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLookup finds a name in the tables: its words folded, its senses found.
func BenchmarkLookup(b *testing.B) {
	t := load()
	names := []string{"Hosni Mubarak", "Abdulfattah al-Sisi", "Volodymyr Zelenskyy", "Gerhard Schröder", "Kim Jong-il", "League of Arab States", "Egypt", "Nobody Known"}
	f := folder{}
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		for _, n := range names {
			light, strong := lightSeed, personSeed
			for _, w := range f.split(n) {
				light = chain(light, w.light)
				if w.strong != 0 {
					strong = chain(strong, w.strong)
				}
			}
			if t.firstOf(light) != 0 || t.firstOf(strong) != 0 {
				found++
			}
		}
	}
	if found != b.N*(len(names)-1) {
		b.Fatalf("%d of %d found", found, b.N*(len(names)-1))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(names)), "ns/name")
}

// BenchmarkResolve answers for a phrase as rapport who does.
func BenchmarkResolve(b *testing.B) {
	for b.Loop() {
		Resolve("President Mubarak", "2005", "Egypt")
	}
}

// BenchmarkMatch folds and matches running text against all tables.
func BenchmarkMatch(b *testing.B) {
	text := strings.Repeat("President Hosni Mubarak of Egypt met the foreign minister of France in Cairo on Tuesday, and the two sides agreed to begin talks on trade next month. ", 40)
	doc := language.Parse(text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := newReader(doc, "2005")
		r.fold()
		for i := range doc.Sentences {
			r.match(i)
		}
	}
}

// TestResolvePlaceLine holds that a phrase that turns around into what no
// mention stands for is no fault: a place and its country in capitals.
func TestResolvePlaceLine(t *testing.T) {
	p, sure, _, ok := Resolve("DERA ISMAIL KHAN, Pakistan", "2011-06-04", "")
	if ok && (p.Country == "" || sure <= 0) {
		t.Errorf("%+v, sure %v", p, sure)
	}
}

// TestByDay holds that a name means who bore it in the report's years: the
// namesake in office, and nobody whose first term lies decades ahead.
func TestByDay(t *testing.T) {
	for _, c := range []struct{ phrase, day, context, want string }{
		{"Mr. Eden", "1956-11-05", "", "GBR/GOV/Anthony Eden/Prime Minister"},
		{"Premier Khrushchev", "1958-07-01", "", "RUS/GOV/Nikita Khrushchev/Prime Minister"},
		{"Premier Castro", "1961-04-17", "", "CUB/GOV/Fidel Castro/Prime Minister"},
		{"President Peron", "1952-01-05", "", "ARG/GOV/Juan Perón/President"},
		{"President Peron", "1975-01-05", "", "ARG/GOV/Isabel Perón/President"},
		{"Prime Minister Trudeau", "1980-05-05", "", "CAN/GOV/Pierre Trudeau/Prime Minister"},
		{"Prime Minister Trudeau", "2017-05-05", "", "CAN/GOV/Justin Trudeau/Prime Minister"},
		{"President Kennedy", "1962-10-22", "", "USA/GOV/John F. Kennedy/President"},
		{"Senator Kennedy", "1985-06-01", "", "USA/LEG/Ted Kennedy/Senator"},
		{"Prime Minister Wilson", "1967-06-05", "", "GBR/GOV/Harold Wilson/Prime Minister"},
		{"Mr. Brown", "1967-06-05", "Britain", "GBR/GOV/George Brown/Foreign Secretary"},
		{"Mr. Brown", "2008-06-05", "Britain", "GBR/GOV/Gordon Brown/Prime Minister"},
		{"Chancellor Schröder", "2001-06-05", "", "DEU/GOV/Gerhard Schröder/Chancellor"},
		{"Foreign Minister Schröder", "1964-06-05", "", "DEU/GOV/Gerhard Schröder of the CDU/Foreign Minister"},
		{"Mr. Adam", "1956-11-05", "", "-"}, // Fawzia Yusuf Adam, minister of 2012
		{"Mr. Adam", "1956-11-05", "Somalia", "-"},
		{"Barack Obama", "1950-11-05", "", "-"}, // senator of 2005
		{"Mr. Merkel", "1950", "", "-"},
		{"Colin Powell", "1968-01-01", "", "USA/ELI/Colin Powell/"}, // an officer already
	} {
		got := "-"
		if p, _, _, ok := Resolve(c.phrase, rapport.Date(c.day), c.context); ok {
			got = show(p)
		}
		if got != c.want {
			t.Errorf("%q on %s (%s): %s, want %s", c.phrase, c.day, c.context, got, c.want)
		}
	}
}

// TestReadFarNamesakes holds that a report's "Mr. Powell" is the one of its
// years though a namesake served decades before.
func TestReadFarNamesakes(t *testing.T) {
	doc := language.Parse("The islet was quiet again after the mediation of Mr. Powell, the army said.")
	for day, want := range map[rapport.Date]string{"2003-07-01": "Colin Powell", "2012-07-01": "Colin Powell"} {
		var got []string
		for _, ms := range Read(doc, day).Mentions {
			for _, m := range ms {
				for _, p := range m.Parties {
					if p.Name != "" {
						got = append(got, p.Name)
					}
				}
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("on %s: %v, want %s", day, got, want)
		}
	}
}
