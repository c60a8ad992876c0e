package text

import (
	"testing"

	"rapport"
)

// The styles are those of the agencies and ministries named; the sentences
// after the dateline are made up.
func TestDateline(t *testing.T) {
	for _, c := range []struct{ text, span, place, date string }{
		// Wires: month first, agency in brackets, a dash.
		{"CAIRO, June 8, 2024 (AP) — Egypt hosted talks on Saturday.", "CAIRO, June 8, 2024 (AP) —", "CAIRO", "2024-06-08"},
		{"ALGIERS, Dec. 12 (AP) – Ethiopia signed.", "ALGIERS, Dec. 12 (AP) –", "ALGIERS", ""},
		{"CAIRO (AP) -- Egypt hosted talks.", "CAIRO (AP) --", "CAIRO", ""},
		{"BEIJING/TOKYO, Sept 3 (Reuters) - China said no.", "BEIJING/TOKYO, Sept 3 (Reuters) -", "BEIJING/TOKYO", ""},
		{"Cairo (AFP) - Egypt hosted talks.", "Cairo (AFP) -", "Cairo", ""},
		{"CAIRO, June 8 (Xinhua) -- Egypt hosted talks.", "CAIRO, June 8 (Xinhua) --", "CAIRO", ""},
		{"SEOUL, Jan. 2, 2019 (Yonhap) -- North Korea", "SEOUL, Jan. 2, 2019 (Yonhap) --", "SEOUL", "2019-01-02"},
		{"PORT-AU-PRINCE, Haiti, Sept. 20 (Agency) — U.S. troops", "PORT-AU-PRINCE, Haiti, Sept. 20 (Agency) —", "PORT-AU-PRINCE, Haiti", ""},
		{"WASHINGTON, D.C., March 3, 1999 (UPI) -- The White House", "WASHINGTON, D.C., March 3, 1999 (UPI) --", "WASHINGTON, D.C.", "1999-03-03"},
		{"ST. PETERSBURG, Russia, May 30 (AP) _ Leaders met.", "ST. PETERSBURG, Russia, May 30 (AP) _", "ST. PETERSBURG, Russia", ""},
		{"N'DJAMENA, 4 February 2008 (IRIN) - Rebels", "N'DJAMENA, 4 February 2008 (IRIN) -", "N'DJAMENA", "2008-02-04"},
		{"ABU DHABI, 8th June, 2024 (WAM) -- His Highness", "ABU DHABI, 8th June, 2024 (WAM) --", "ABU DHABI", "2024-06-08"},
		{"RIO DE JANEIRO, Nov 18 (EFE).- The leaders", "RIO DE JANEIRO, Nov 18 (EFE).-", "RIO DE JANEIRO", ""},
		{"MINSK, 8 June 2021 (BelTA) – Belarus", "MINSK, 8 June 2021 (BelTA) –", "MINSK", "2021-06-08"},
		{"Kuala Lumpur, Jun 8 (Bernama) -- Malaysia", "Kuala Lumpur, Jun 8 (Bernama) --", "Kuala Lumpur", ""},
		{"New Delhi, Jun 8 (PTI) Prime Minister Modi will", "New Delhi, Jun 8 (PTI)", "New Delhi", ""},
		{"New Delhi [India], June 8 (ANI): Prime Minister", "New Delhi [India], June 8 (ANI):", "New Delhi", ""},
		{"(ANSA) - ROME, JUN 8 - Italy's premier", "ROME, JUN 8 -", "ROME", ""},
		{"GENEVA, 5-6 March 1997 (UN) – Delegates", "GENEVA, 5-6 March 1997 (UN) –", "GENEVA", "1997-03-06"},
		{"UNITED NATIONS, July 14 (Agency) — The General Assembly", "UNITED NATIONS, July 14 (Agency) —", "UNITED NATIONS", ""},
		{"JEDDAH, Saudi Arabia, Dhu al-Hijjah 02, 1445, June 08, 2024, SPA -- The Crown Prince", "JEDDAH, Saudi Arabia, Dhu al-Hijjah 02, 1445, June 08, 2024, SPA --", "JEDDAH, Saudi Arabia", "2024-06-08"},
		{"BRISBANE, Australia, Jan. 1(Xinhua) -- Body of the text.", "BRISBANE, Australia, Jan. 1(Xinhua) --", "BRISBANE, Australia", ""},
		{"Panama  City,  Sept. 8 (CNA) -- Body", "Panama  City,  Sept. 8 (CNA) --", "Panama City", ""},
		{"PARIS (AFP) - – The two delegations met", "PARIS (AFP) - –", "PARIS", ""},
		{"Tehran, IRNA – Foreign Minister", "Tehran, IRNA –", "Tehran", ""},
		// Full stops and slashes.
		{"MOSCOW, June 8. /TASS/. Russia will respond.", "MOSCOW, June 8. /TASS/.", "MOSCOW", ""},
		{"MOSCOW. June 8 (Interfax) - Russia will respond.", "MOSCOW. June 8 (Interfax) -", "MOSCOW", ""},
		{"ASTANA. KAZINFORM - The President", "ASTANA. KAZINFORM -", "ASTANA", ""},
		{"NUR-SULTAN. May 3, 2020. KAZINFORM – The President", "NUR-SULTAN. May 3, 2020. KAZINFORM –", "NUR-SULTAN", "2020-05-03"},
		{"DUSHANBE , 10 March . /State Agency/ . At the invitation", "DUSHANBE , 10 March . /State Agency/ .", "DUSHANBE", ""},
		{"KYIV . September 7 . /State Agency/ – Ukraine and Russia", "KYIV . September 7 . /State Agency/ –", "KYIV", ""},
		{"TEHRAN , Mar. 11 ( State Agency ) – The Islamic Republic", "TEHRAN , Mar. 11 ( State Agency ) –", "TEHRAN", ""},
		{"BAKU, Azerbaijan, June 8. President Ilham Aliyev received", "BAKU, Azerbaijan, June 8.", "BAKU, Azerbaijan", ""},
		{"Baku. 8 June. REPORT.AZ/ The two sides", "Baku. 8 June. REPORT.AZ/", "Baku", ""},
		// Agencies without brackets.
		{"Tehran, June 8, IRNA – Iran's foreign minister", "Tehran, June 8, IRNA –", "Tehran", ""},
		{"Damascus, SANA- Foreign Minister", "Damascus, SANA-", "Damascus", ""},
		{"Cairo, June 8, AZERTAC", "Cairo, June 8, AZERTAC", "Cairo", ""},
		// A place and a dash.
		{"JAKARTA — Twelve days after the wave, the pledges have outrun the lorries.", "JAKARTA —", "JAKARTA", ""},
		{"Luanda – The visit that the president began on Friday is the third he has paid.", "Luanda –", "Luanda", ""},
		{"Four states cut off Qatar\n\nManama — Saudi Arabia and Egypt broke off relations with Qatar on Monday.", "Manama —", "Manama", ""},
		// Ministries.
		{"MEDIA RELEASE — 7 April 2008\n\nNew Zealand and China sign", "MEDIA RELEASE — 7 April 2008", "", "2008-04-07"},
		{"KINGDOM OF MOROCCO\nMinistry of Foreign Affairs\nPress release — Rabat, 31 May 2021\n\nMorocco takes note.", "Press release — Rabat, 31 May 2021", "Rabat", "2021-05-31"},
		{"READOUT OF THE CALL\nCanberra, 22 February 2016\n\nPrime Minister", "Canberra, 22 February 2016", "Canberra", "2016-02-22"},
		{"Spokesperson's regular press conference, Beijing, March 27, 2023 (excerpts)\n\nQ: Could you", "Beijing, March 27, 2023", "Beijing", "2023-03-27"},
		{"Press Release No. 236/24, Ankara, 8 June 2024\n\nWe welcome", "Press Release No. 236/24, Ankara, 8 June 2024", "Ankara", "2024-06-08"},
		{"FOR IMMEDIATE RELEASE\nWashington, DC – June 8, 2024 – The Secretary", "Washington, DC – June 8, 2024 –", "Washington, DC", "2024-06-08"},
		{"Statement on Sudan\n\nSaturday, 8 June 2024\n\nWe call", "Saturday, 8 June 2024", "", "2024-06-08"},
		{"Joint statement\n08.06.2024 15:30\nThe parties", "08.06.2024 15:30", "", "2024-06-08"},
		{"2024-06-08\nThe parties met.", "2024-06-08", "", "2024-06-08"},
		{"Published: 8 June 2024\n\nThe parties met.", "Published: 8 June 2024", "", "2024-06-08"},
		{"8 June 2024 – The Secretary-General called for calm.", "8 June 2024 –", "", "2024-06-08"},
		{"Brussels, 8 June 2024\r\nThe parties met.\r\n", "Brussels, 8 June 2024", "Brussels", "2024-06-08"},
		// Further down, under headline, byline and bullets.
		{"Egypt hosts talks\n\nBy A Reporter\n\n- Talks open\n- More to come\n\nCAIRO, June 8 (Reuters) - Egypt", "CAIRO, June 8 (Reuters) -", "CAIRO", ""},

		{"Monday, March 5, 2007\n\nTaipei, Taiwan — The city opened its festival of lanterns on Sunday night.", "Taipei, Taiwan —", "Taipei, Taiwan", "2007-03-05"},
		{"MARCH 3, 2021 PRESS RELEASE\n\nWashington, D.C.–Speaker Nancy Pelosi spoke in the House today on a bill.", "Washington, D.C.–", "Washington, D.C.", "2021-03-03"},
		{"WASHINGTON (Reuters) The president", "WASHINGTON (Reuters)", "WASHINGTON", ""},

		// None.
		{"AMAZING NIGHT- Great party, and the owner of the place was very kind to us.", "", "", ""},
		{"Product Information (example):", "", "", ""},
		{"Russia — once a power there — has withdrawn its men from the valley.", "", "", ""},
		{"Beijing - Moscow axis grows\n\nThe leaders met.", "", "", ""},
		{"On June 8, 1967 – the third day – Israel attacked.", "", "", ""},
		{"BREAKING — Russia has attacked Ukraine from three sides, officials said.", "", "", ""},
		{"EGYPT, AZERBAIJAN SIGN DEAL - REPORT\n\nThe two signed.", "", "", ""},
		{"NATO – The alliance has agreed to send ships to the Baltic Sea, it said.", "", "", ""},
		{"Cairo, June 8, was a quiet place.", "", "", ""},
		{"Friday prayers passed quietly.", "", "", ""},
		{"It rained.", "", "", ""},
		{"", "", "", ""},
		{"The ministers met in Cairo on June 8, 2024.\n\nThey will meet again.", "", "", ""},
		{"May – The month passes slowly for those who wait at the border crossing.", "", "", ""},
		{"President Putin — The man who would not go, as his rivals called him then.", "", "", ""},
	} {
		l := findDateline(c.text)
		got := c.text[l.span.Start:l.span.End]
		if got != c.span || l.place != c.place || string(l.day.date()) != c.date {
			t.Errorf("%q\n got %q, place %q, date %q\nwant %q, place %q, date %q", c.text, got, l.place, l.day.date(), c.span, c.place, c.date)
		}
	}
}

func TestSigned(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"CAIRO, June 8 (AP) — Egypt", "AP"},
		{"MOSCOW, June 8. /TASS/. Russia", "TASS"},
		{"TEHRAN , Mar. 11 ( State Agency ) – The", "State Agency"},
		{"New Delhi [India], June 8 (ANI): Prime Minister", "ANI"},
		{"Tehran, June 8, IRNA – Iran's", "IRNA"},
		{"NUR-SULTAN. May 3, 2020. KAZINFORM /Staff Writer/ – The President", "KAZINFORM"},
		{"(ANSA) - ROME, JUN 8 - Italy's premier", "ANSA"},
		{"CAIRO, June 8, 2024 (updated) — Egypt", ""},
		{"Brussels, 8 June 2024\nThe parties met.", ""},
	} {
		if got := findDateline(c.text).signed; got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPublished(t *testing.T) {
	for _, c := range []struct{ given, text, want string }{
		{"", "CAIRO, June 8 (AP) — Egypt", ""},
		{"", "CAIRO, June 8, 2024 (AP) — Egypt", "2024-06-08"},
		{"2024-06-10", "CAIRO, June 8 (AP) — Egypt", "2024-06-10"},
		{"2024-06-10", "CAIRO, June 8, 2019 (AP) — Egypt", "2024-06-10"},
		{"2024", "CAIRO, June 8 (AP) — Egypt", "2024-06-08"},
		{"2024-06", "CAIRO, June 8 (AP) — Egypt", "2024-06-08"},
		{"2024-06", "CAIRO, May 8 (AP) — Egypt", "2024-06"},
		{"2023", "CAIRO, Feb. 29 (AP) — Egypt", "2023"},
		{"2023-12/2024-01", "CAIRO, Jan. 3 (AP) — Egypt", "2024-01-03"},
		{"199X", "CAIRO, June 8 (AP) — Egypt", "199X"},
		{"2024/..", "CAIRO, June 8 (AP) — Egypt", "2024/.."},
		{"", "Press release, June 2024\n\nEgypt", "2024-06"},
	} {
		if got := findDateline(c.text).published(rapport.Date(c.given)); string(got) != c.want {
			t.Errorf("given %q, %q: got %q, want %q", c.given, c.text, got, c.want)
		}
	}
}

func TestHeadline(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Four states cut off Qatar\n\nManama — Saudi Arabia and Egypt broke off relations with Qatar on Monday.", "Four states cut off Qatar"},
		{"READOUT OF THE CALL\nCanberra, 22 February 2016\n\nPrime Minister", "READOUT OF THE CALL"},
		{"MEDIA RELEASE — 7 April 2008\n\nNew Zealand and China sign free trade agreement\n\nNew Zealand has", "New Zealand and China sign free trade agreement"},
		{"\r\n\r\nTroops leave\r\n\r\nThe last of them left.\r\n", "Troops leave"},
		{"Press conference, Beijing, March 27, 2023 (excerpts)\n\nQ: Could you", "Press conference, Beijing, March 27, 2023 (excerpts)"},
		{"Court rules against the U.S.\n\nThe court", "Court rules against the U.S."},
		{"CAIRO, June 8 (AP) — Egypt signs\n\nThe court", ""},
		{"The ministers met in Cairo.\n\nThey will meet again.", ""},
		{"The ministers met in Cairo and\nagreed to meet again.", ""},
		{"Only a line", ""},
		{"What we know on Friday:\n\n• One", ""},
		{"", ""},
	} {
		if got := headline(c.text, findDateline(c.text).span); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}
