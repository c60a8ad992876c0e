package outlets

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/ontology"
)

var update = flag.Bool("update", false, "write the table of counts anew")

// members are the member states of the United Nations.
const members = `AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB BRN BTN BWA CAF CAN CHE CHL CHN CIV CMR COD COG
COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESP EST ETH FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI HUN IDN
IND IRL IRN IRQ ISL ISR ITA JAM JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR
MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN PER PHL PLW PNG POL PRK PRT PRY QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM
SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON TTO TUN TUR TUV TZA UGA UKR URY USA UZB VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE`

// uncovered are the members of whose state no outlet with an address is known
// for sure.
const uncovered = "COM GNB MHL TUV"

func TestMembers(t *testing.T) {
	all := strings.Fields(members)
	if len(all) != 193 {
		t.Fatalf("%d members, want 193", len(all))
	}
	official := map[string]bool{}
	for _, o := range All() {
		switch o.Kind {
		case "state agency", "ministry", "presidency", "government":
			official[o.Country] = official[o.Country] || len(o.Hosts) > 0
		}
	}
	var without []string
	for _, c := range all {
		if !official[c] {
			without = append(without, c)
		}
	}
	if got := strings.Join(without, " "); got != uncovered {
		t.Errorf("no agency, ministry or office with a host for %s, want %s", got, uncovered)
	}
}

// TestData holds the tables to their columns.
func TestData(t *testing.T) {
	files, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, f := range files {
		b, err := data.ReadFile("data/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		size += len(b)
		if !strings.HasPrefix(string(b), "# ") {
			t.Errorf("%s has no header", f.Name())
		}
	}
	if size > 150_000 {
		t.Errorf("the tables have %d bytes, more than 150,000", size)
	}
	names, hosts, used := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, o := range All() {
		if was := names[fold(o.Name)]; was != "" {
			t.Errorf("%s and %s have one name", was, o.Name)
		}
		names[fold(o.Name)] = o.Name
		used[o.Kind] = true
		for _, h := range o.Hosts {
			if was := hosts[h]; was != "" {
				t.Errorf("%s and %s have the host %s", was, o.Name, h)
			}
			hosts[h] = o.Name
			if h != Host(h) || strings.ContainsAny(h, "/ ,|") || strings.HasPrefix(h, "www.") {
				t.Errorf("%s: %q is no host", o.Name, h)
			}
		}
		var seen []string
		for _, n := range append([]string{o.Name}, o.Also...) {
			if slices.Contains(seen, n) {
				t.Errorf("%s has the name %q twice", o.Name, n)
			}
			seen = append(seen, n)
			if strings.TrimSpace(n) != n || strings.Contains(n, "|") || len(n) > maxName {
				t.Errorf("%s: bad name %q", o.Name, n)
			}
		}
		if len(o.Languages) == 0 {
			t.Errorf("%s has no language", o.Name)
		}
		for _, l := range o.Languages {
			if len(l) < 2 || len(l) > 3 || strings.ToLower(l) != l {
				t.Errorf("%s: %q is no language", o.Name, l)
			}
		}
		if i := strings.LastIndexByte(o.Name, '('); i > 0 && strings.HasSuffix(o.Name, ")") {
			if iso3, ok := ontology.ParseCountry(o.Name[i+1 : len(o.Name)-1]); ok && iso3 != o.Country {
				t.Errorf("%s has the country %s", o.Name, o.Country)
			}
		}
	}
	for _, k := range Kinds() {
		if !used[k.Name] {
			t.Errorf("no outlet is a %s", k.Name)
		}
		if k.Voice != State && k.Voice != Country && k.Voice != None || k.Means == "" {
			t.Errorf("kind %q is not whole: %+v", k.Name, k)
		}
	}
	if n := len(All()); n < 600 {
		t.Errorf("%d outlets, want 600", n)
	}
}

// TestCounts shows in review what a change of the tables does.
func TestCounts(t *testing.T) {
	kinds, countries, bases := map[string]int{}, map[string]int{}, map[string]int{}
	for _, o := range All() {
		kinds[o.Kind]++
		countries[o.Country]++
		bases[o.Basis]++
	}
	var b strings.Builder
	for _, part := range []struct {
		name   string
		counts map[string]int
	}{{"basis", bases}, {"kind", kinds}, {"country", countries}} {
		var keys []string
		for k := range part.counts {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			fmt.Fprintf(&b, "%s\t%s\t%d\n", part.name, k, part.counts[k])
		}
	}
	const file = "testdata/counts.tsv"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the counts are not those of %s: go test ./internal/outlets -update, and look at the change", file)
	}
}

func TestByHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.irna.ir/news/1/x":       "IRNA",
		"http://en.irna.ir":                  "IRNA",
		"WWW.MFA.GOV.TR":                     "Ministry of Foreign Affairs of Türkiye",
		"https://ankara.emb.mfa.gov.tr:443/": "Ministry of Foreign Affairs of Türkiye",
		"https://user@english.news.cn./a?b":  "Xinhua",
		"https://spectator.sme.sk/x":         "The Slovak Spectator", // longer than sme.sk
		"https://www.sme.sk/x":               "SME",
		"https://guardian.ng":                "The Guardian (Nigeria)",
		"https://health.gov.za/x":            "Government of South Africa",
		"https://notirna.ir":                 "",
		"ir":                                 "",
		"":                                   "",
		"://":                                "",
	} {
		o, ok := ByHost(address)
		if o.Name != want || ok != (want != "") {
			t.Errorf("ByHost(%q) = %q, %v, want %q", address, o.Name, ok, want)
		}
	}
}

func TestByName(t *testing.T) {
	for name, want := range map[string]string{
		"irna":                                 "IRNA",
		"Agence France-Presse (AFP)":           "Agence France-Presse",
		"AFP":                                  "Agence France-Presse",
		"The Hindu":                            "The Hindu",
		"hindu":                                "The Hindu",
		"Cumhuriyet":                           "Cumhuriyet",
		"Hurriyet":                             "Hürriyet",
		"Nhan Dan Online":                      "Nhân Dân",
		"INA (Iraq)":                           "INA (Iraq)",
		"The Guardian, Nigeria":                "The Guardian (Nigeria)",
		"Egyptian Foreign Ministry":            "Ministry of Foreign Affairs of Egypt",
		"Ministry of Foreign Affairs, Egypt":   "Ministry of Foreign Affairs of Egypt",
		"Ministry of Foreign Affairs (Turkey)": "Ministry of Foreign Affairs of Türkiye",
		"MFA Russia":                           "Ministry of Foreign Affairs of Russia",
		"Office of the President of Georgia":   "President of Georgia",
		"Government of Kenya and Uganda":       "",
		"No Such Paper":                        "",
		"":                                     "",
	} {
		got := ""
		if found := ByName(name); len(found) > 0 {
			got = found[0].Name
		}
		if got != want {
			t.Errorf("ByName(%q) = %q, want %q", name, got, want)
		}
	}
	if n := len(ByName("APS")); n != 2 {
		t.Errorf("%d outlets sign APS, want the Algerian and the Senegalese", n)
	}
	if found := ByName("APA (Azerbaijan)"); len(found) != 1 || found[0].Country != "AZE" {
		t.Errorf("APA (Azerbaijan) is %v", found)
	}
}

// TestSignatures asks that who signs datelines is known.
func TestSignatures(t *testing.T) {
	b, err := os.ReadFile("../text/agencies.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for l := range strings.Lines(string(b)) {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		n++
		if len(ByName(l)) == 0 {
			t.Errorf("nobody signs %s", l)
		}
	}
	if n < 50 {
		t.Errorf("%d signatures were read", n)
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct{ name, address, want, side string }{
		{"The Guardian", "https://guardian.ng/news/x", "The Guardian (Nigeria)", "NGA"},
		{"The Guardian", "", "The Guardian", "GBR"},
		{"IRNA", "https://allafrica.com/stories/1", "IRNA", "IRN"},
		{"Nobody's Paper", "https://allafrica.com/stories/1", "allAfrica", ""},
		{"APS", "", "", ""},
		{"APS", "https://aps.sn/x", "APS (Senegal)", "SEN"},
		{"Saba", "", "Saba", "YEM"}, // two, of one country
		{"Meduza", "", "Meduza", ""},
		{"UN News", "", "United Nations News", ""},
		{"", "", "", ""},
	} {
		o, _ := Of(c.name, c.address)
		if o.Name != c.want || o.Side() != c.side {
			t.Errorf("Of(%q, %q) = %q of %q, want %q of %q", c.name, c.address, o.Name, o.Side(), c.want, c.side)
		}
	}
}

func TestFind(t *testing.T) {
	for words, want := range map[string]string{"irna.ir": "IRNA", "mongolia agency": "Montsame", "tehran times": "Tehran Times"} {
		if found := Find(words); !slices.ContainsFunc(found, func(o Outlet) bool { return o.Name == want }) || len(found) > 5 {
			t.Errorf("Find(%q) = %v, want %s and few besides", words, found, want)
		}
	}
	for _, words := range []string{"EGY", "Egypt", "state agency"} {
		if found := Find(words); len(found) < 10 {
			t.Errorf("Find(%q) found %d", words, len(found))
		}
	}
	if found := Find(" "); len(found) != 0 {
		t.Errorf("nothing found %d", len(found))
	}
}

func TestExtend(t *testing.T) {
	t.Cleanup(func() { extended.Store(nil) })
	own := "# mine\nThe Shore Gazette\tGazette;AFP\tshore.example;afp.com\tGRC\tnewspaper\ten\nIRNA\t\tirna.example\tIRN\tstate agency\tfa;en\r\n"
	if err := Extend(strings.NewReader(own), "outlets.tsv"); err != nil {
		t.Fatal(err)
	}
	if o, ok := Of("", "https://news.shore.example/x"); !ok || o.Country != "GRC" || o.Basis != "user" {
		t.Errorf("a user's outlet is %+v", o)
	}
	if o, _ := ByHost("afp.com"); o.Name != "The Shore Gazette" {
		t.Errorf("afp.com is %s: a user's hosts go first", o.Name)
	}
	if o := ByName("IRNA"); len(o) != 1 || o[0].Basis != "user" {
		t.Errorf("IRNA is %v: a user's row takes the other's place", o)
	}
	if _, ok := ByHost("irna.ir"); ok {
		t.Error("what a user's row replaces is still found")
	}
	before := len(All())
	for _, bad := range []string{"A\tB\n", "A\t\ta.example\tXXX\tnewspaper\ten\n", "A\t\ta.example\tGRC\tpamphlet\ten\n", "A\t\thost\tGRC\tnewspaper\ten\n",
		"\t\ta.example\tGRC\tnewspaper\ten\n", "A\t\ta.example\tGRC\tnewspaper\ten\nB\t\ta.example\tGRC\tnewspaper\ten\n", "A\t\ta.example\tGRC\tnewspaper\ten\trumour\n"} {
		err := Extend(strings.NewReader(bad), "outlets.tsv")
		if err == nil || rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), "outlets.tsv: line ") {
			t.Errorf("%q gives %v", bad, err)
		}
	}
	if len(All()) != before {
		t.Error("a table that was refused changed something")
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"Agence France-Presse (AFP)", "Ministry of Foreign Affairs of Egypt", "(", ",", "Ä\xff ʼ", "the"} {
		f.Add(s, "https://www.irna.ir/x")
	}
	f.Add("", "://..@:?#")
	f.Fuzz(func(t *testing.T, name, address string) {
		o, ok := Of(name, address)
		if ok != (o.Name != "") {
			t.Errorf("Of(%q, %q) = %+v, %v", name, address, o, ok)
		}
		if h := Host(address); h != "" && h != Host(h) {
			t.Errorf("Host(%q) = %q, and its host %q", address, h, Host(h))
		}
	})
}

func FuzzExtend(f *testing.F) {
	f.Add("A\tB;C\ta.example\tGRC\tnewspaper\ten\n")
	f.Add("\ufeff#\n\t\t\t\t\t\n")
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := parse(s, "f", user)
		if err != nil && rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%q gives %v", s, err)
		}
		for _, o := range rows {
			if len(index(rows).named(o.Name)) == 0 && len(o.Name) <= maxName {
				t.Errorf("%q is not found by its name", o.Name)
			}
		}
	})
}

func BenchmarkOf(b *testing.B) {
	Of("", "") // read the tables
	for b.Loop() {
		Of("IRNA", "https://en.irna.ir/news/1")
		Of("Egyptian Foreign Ministry", "https://unknown.example/x")
	}
}
