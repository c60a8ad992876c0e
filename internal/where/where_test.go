package where

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"rapport/internal/language"
	"rapport/internal/ontology"
	"rapport/internal/where/gazetteer"
)

// named gives "Name/ISO3" for each mention of a text at confidence 0.3 or more.
func named(text, home string) string {
	var out []string
	for _, s := range Read(language.Parse(text), home) {
		for _, m := range s {
			if m.Confidence >= 0.3 {
				out = append(out, m.Place.Name+"/"+m.Place.Country)
			}
		}
	}
	return strings.Join(out, " ")
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// The plain case, spelling, capitals, marks.
		{"The ministers met in Cairo.", "Cairo/EGY"},
		{"PORT-AU-PRINCE, Haiti — Troops landed.", "Port-au-Prince/HTI Haiti/HTI"},
		{"Talks opened in Sharm el-Sheikh.", "Sharm el-Sheikh/EGY"},
		{"Talks opened in Sana'a, in Sanaa and in Sana’a.", "Sana'a/YEM Sanaa/YEM Sana’a/YEM"},
		{"Rebels took Kyiv and Kiev.", "Kyiv/UKR Kiev/UKR"},
		{"He flew to Brasilia and São Paulo.", "Brasilia/BRA São Paulo/BRA"},
		{"The U.S. and the UK met in Washington, D.C.", "United States/USA United Kingdom/GBR Washington, D.C./USA"},
		// Longest match.
		{"Guinea-Bissau, Equatorial Guinea, Papua New Guinea and Guinea signed in New York.", "Guinea-Bissau/GNB Equatorial Guinea/GNQ Papua New Guinea/PNG Guinea/GIN New York/USA"},
		{"The Democratic Republic of Congo and the Republic of Congo share the Congo River.", "Democratic Republic of the Congo/COD Republic of the Congo/COG Congo River/"},
		// Namesakes.
		{"Protesters filled Tripoli, Lebanon.", "Tripoli/LBN Lebanon/LBN"},
		{"Libyan militias fought in Tripoli.", "Tripoli/LBY"},
		{"The Lebanese army deployed in Tripoli, and Lebanon's cabinet met.", "Tripoli/LBN Lebanon/LBN"},
		{"Police in Hyderabad, in Pakistan's Sindh province, made arrests.", "Hyderabad/PAK Pakistan/PAK Sindh/PAK"},
		{"India's prime minister opened a plant in Hyderabad.", "India/IND Hyderabad/IND"},
		{"He was born in Atlanta, Georgia.", "Atlanta/USA Georgia/USA"},
		{"He was born in Tbilisi, Georgia.", "Tbilisi/GEO Georgia/GEO"},
		{"Voters in Georgia and Florida chose.", "Georgia/USA Florida/USA"},
		{"Russian troops entered Georgia and Abkhazia.", "Georgia/GEO Abkhazia/GEO"},
		{"A nerve agent was used in Salisbury, and Britain blamed Russia.", "Salisbury/GBR United Kingdom/GBR Russia/RUS"},
		{"Congo's army accused Rwanda.", "Democratic Republic of the Congo/COD Rwanda/RWA"},
		{"Fighting reached Brazzaville, and Congo's president fled.", "Brazzaville/COG Republic of the Congo/COG"},
		{"Egypt will host talks in Alexandria.", "Egypt/EGY Alexandria/EGY"},
		{"Venezuela's army moved to Valencia.", "Venezuela/VEN Valencia/VEN"},
		{"The mayor of San Jose, Costa Rica, spoke.", "San Jose/CRI Costa Rica/CRI"},
		// Waters, regions, sites.
		{"Ships crossed the Strait of Hormuz, the Red Sea and the Suez Canal.", "Strait of Hormuz/ Red Sea/ Suez Canal/EGY"},
		{"Fighting went on in the Gaza Strip, the Golan Heights and Nagorno-Karabakh.", "Gaza Strip/PSE Golan Heights/SYR Nagorno-Karabakh/AZE"},
		{"Soldiers died in the Kursk region of Russia.", "Kursk region/RUS Russia/RUS"},
		{"The prisoners are held at Guantánamo Bay.", "Guantanamo Bay/CUB"},
		{"They met at Camp David and in Davos.", "Camp David/USA Davos/CHE"},
		// Persons and other names.
		{"President Clinton and Hillary Clinton spoke. Later Clinton left.", ""},
		{"Mr. Powell and Gen. Jackson testified.", ""},
		{"Michael Jordan and Denzel Washington watched.", ""},
		{"The Paris Club and the Warsaw Pact met.", ""},
		{"Turkey accused Jordan of meddling in Chad.", "Turkey/TUR Jordan/JOR Chad/TCD"},
		{"Police said most of the young men were free.", ""},
		{"He gave us a reading of the most nice book.", ""},
		{"Miss Piggy sang; in the 5th century BC the ill died.", ""},
		{"The Treaty of Rome and the Minsk agreements were praised.", ""},
		{"He lives in Rome, and the U.S. pays.", "Rome/ITA United States/USA"},
	} {
		if got := named(c.text, ""); got != c.want {
			t.Errorf("%s\n got  %s\n want %s", c.text, got, c.want)
		}
	}
}

func TestHome(t *testing.T) {
	text := "Police arrested three men in Birmingham and in Cambridge."
	if got := named(text, "GBR"); got != "Birmingham/GBR Cambridge/GBR" {
		t.Errorf("at home in Britain: %s", got)
	}
	if got := named("Police arrested three men in Birmingham, Alabama.", "GBR"); got != "Birmingham/USA Alabama/USA" {
		t.Errorf("with its state beside it: %s", got)
	}
}

func TestPrepositionsAndSpans(t *testing.T) {
	text := "The minister flew from Rabat to Madrid and spoke in the Spanish capital."
	var got []string
	for _, s := range Read(language.Parse(text), "") {
		for _, m := range s {
			got = append(got, m.Prep+" "+text[m.Span.Start:m.Span.End])
			if m.Head < m.First || m.Head >= m.Last {
				t.Errorf("head %d outside [%d,%d)", m.Head, m.First, m.Last)
			}
		}
	}
	if g := strings.Join(got, ", "); g != "from Rabat, to Madrid" {
		t.Error(g)
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		name, country, want string
		lat, lon            float64
		id                  int
	}{
		{"Rabat", "", "Rabat/MAR", 34.0, -6.8, 2538475},
		{"Cordoba", "ARG", "Cordoba/ARG", -31.4, -64.2, 0},
		{"côte d'ivoire", "", "Ivory Coast/CIV", 7.6, -5.6, 0},
		{"Strait of Hormuz", "", "Strait of Hormuz/", 26.6, 56.3, 0},
		{"Hebron", "PSE", "Hebron/PSE", 31.5, 35.1, 0},
		{"Basra", "", "Basra/IRQ", 30.5, 47.8, 0},
	} {
		p, ok := Lookup(c.name, c.country)
		if !ok {
			t.Errorf("%s is not there", c.name)
			continue
		}
		if got := p.Name + "/" + p.Country; got != c.want || math.Abs(*p.Lat-c.lat) > 0.2 || math.Abs(*p.Lon-c.lon) > 0.2 || c.id != 0 && p.GeoNames != c.id {
			t.Errorf("%s: %s at %.2f, %.2f, id %d", c.name, got, *p.Lat, *p.Lon, p.GeoNames)
		}
	}
	for _, name := range []string{"", "Egyptian", "Nowhere at All", "Rabat "} {
		if p, ok := Lookup(name, "XXX"); ok {
			t.Errorf("%q is %s", name, p.Name)
		}
	}
}

// TestTables holds the hand-written tables to the GeoNames one: a country's
// capital lies in it, and so near its middle that neither can be elsewhere.
func TestTables(t *testing.T) {
	w, err := load()
	if err != nil {
		t.Fatal(err)
	}
	middle := map[string]gazetteer.Place{}
	names := map[string]string{}
	for i := range w.hand.Len() {
		p := w.hand.Place(i)
		if p.Kind == gazetteer.Country {
			if _, ok := middle[p.Country]; !ok {
				middle[p.Country] = p
			} else if rows := ontology.FindCodes(p.Name, ""); len(rows) != 1 || rows[0].Code != p.Country || rows[0].Until == "" {
				t.Errorf("%s stands twice, and %s is no state that went on as it", p.Country, p.Name)
			}
		}
		if p.Kind == gazetteer.City || p.Kind == gazetteer.Adjective {
			continue
		}
		key := fmt.Sprint(string(gazetteer.Fold(nil, p.Name)), p.Country)
		if was, ok := names[key]; ok {
			t.Errorf("%s stands twice, as %s too", p.Name, was)
		}
		names[key] = p.Name
		if p.Country != "" && middle[p.Country].Name == "" {
			t.Errorf("%s: no country %s", p.Name, p.Country)
		}
	}
	// How far a capital may lie from the middle of the widest states.
	wide := map[string]float64{"RUS": 60, "CAN": 40, "USA": 30, "KIR": 180, "GRL": 20, "IDN": 15, "CHL": 15, "BRA": 15, "AUS": 20, "CHN": 15, "FSM": 12, "FJI": 3, "NOR": 8, "ARG": 11, "UMI": 370, "PYF": 10}
	capitals := 0
	for i := range w.cities.Len() {
		if w.cities.Rank(i) != gazetteer.Capital {
			continue
		}
		p := w.cities.Place(i)
		m, ok := middle[p.Country]
		if !ok {
			t.Errorf("capital %s: no country %s", p.Name, p.Country)
			continue
		}
		capitals++
		far := wide[p.Country]
		if far == 0 {
			far = 11
		}
		if d := math.Hypot(p.Lat-m.Lat, (p.Lon-m.Lon)*math.Cos(p.Lat*math.Pi/180)); d > far {
			t.Errorf("%s lies %.1f degrees from the middle of %s", p.Name, d, m.Name)
		}
	}
	if capitals < 190 {
		t.Errorf("%d capitals", capitals)
	}
	// Sites and regions lie within reach of their country.
	for i := range w.hand.Len() {
		p := w.hand.Place(i)
		if p.Kind == gazetteer.Adjective || p.Kind == gazetteer.Country || p.Country == "" {
			continue
		}
		m := middle[p.Country]
		far := 3*wide[p.Country] + 18
		if d := math.Hypot(p.Lat-m.Lat, (p.Lon-m.Lon)*math.Cos(p.Lat*math.Pi/180)); d > far {
			t.Errorf("%s lies %.1f degrees from the middle of %s", p.Name, d, m.Name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Talks in Sana'a, Port-au-Prince, Washington, D.C. and the Al-Tanf base.", "USA")
	f.Add("St. Petersburg – Imia/Kardak ’’’ Côte d’Ivoire Đà Nẵng \xff\xfe A", "")
	f.Add(strings.Repeat("New ", 300)+"York", "X")
	f.Fuzz(func(t *testing.T, text, home string) {
		if len(text) > 2000 {
			return
		}
		doc := language.Parse(text)
		for i, s := range Read(doc, home) {
			for _, m := range s {
				n := len(doc.Sentences[i].Tokens)
				if m.Sentence != i || m.First < 0 || m.First >= m.Last || m.Last > n || m.Head < m.First || m.Head >= m.Last || m.Span.Len() <= 0 ||
					m.Confidence <= 0 || m.Confidence > 1 || m.Place.Name == "" {
					t.Fatalf("%q: %+v", text, m)
				}
			}
		}
		Lookup(text, home)
	})
}
