package who

import (
	"fmt"
	"strings"
	"testing"

	"rapport"
)

// TestSpellings asks for persons in other spellings than the tables': of
// alphabets, languages, orders and lengths. A third column is the context.
func TestSpellings(t *testing.T) {
	right, n := 0, 0
	var missed []string
	for l := range strings.Lines(spellings) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		cs := strings.Split(l, "; ")
		country, day, canonical := cs[0], cs[1], cs[2]
		for _, s := range cs[3:] {
			name, context, _ := strings.Cut(s, " @")
			n++
			p, sure, _, ok := Resolve(name, rapport.Date(day), context)
			if ok && p.Country == country && light(p.Name) == light(canonical) && sure > 0 {
				right++
				continue
			}
			missed = append(missed, fmt.Sprintf("%s on %s (%s): %s %s, want %s %s", name, day, context, p.Country, p.Name, country, canonical))
		}
	}
	t.Logf("%d of %d\n%s", right, n, strings.Join(missed, "\n"))
	if float64(right) < 0.96*float64(n) {
		t.Errorf("%d of %d right, want 96 %%\n%s", right, n, strings.Join(missed, "\n"))
	}
}

// TestNamed holds that a name as it is written in the tables is read without the
// search for names alike, and one written otherwise only with it.
func TestNamed(t *testing.T) {
	for _, c := range []struct {
		phrase, day, country string
		named                bool
	}{
		{"Ministry of Foreign Affairs of Portugal", "2015", "PRT", true},
		{"Boris Yeltsin", "1995", "RUS", true},
		{"Benjamin Netanjahu", "2012", "ISR", false},
	} {
		if p, _, ok := Named(c.phrase, rapport.Date(c.day)); ok != c.named || ok && p.Country != c.country {
			t.Errorf("%s: named %v as of %s, want %v of %s", c.phrase, ok, p.Country, c.named, c.country)
		}
		if p, _, _, ok := Resolve(c.phrase, rapport.Date(c.day), ""); !ok || p.Country != c.country {
			t.Errorf("%s: resolved %v as of %s, want %s", c.phrase, ok, p.Country, c.country)
		}
	}
}

// spellings: country; day; canonical name; spellings as asked, "@" before a context.
const spellings = `
EGY; 2020; Abdel Fattah el-Sisi; Abdulfattah al-Sisi; Abdel-Fattah El-Sissi; Abd al-Fattah as-Sisi; el-Sisi @Egypt; Sissi @Egypt; al-Sissi @EGY; El Sisi, Abdel Fattah
EGY; 2005; Hosni Mubarak; Mubarak @Egypt; Husni Mubarak; Moubarak @Egypt; Mubarak, Hosni; Mohamed Hosni Mubarak; MUBARAK @EG
LBY; 2000; Muammar Gaddafi; Qaddafi; Kadhafi; Gadhafi @Libya; Qadhafi @Libya; Moammar Gadhafi; Mu'ammar al-Qadhafi; Khadafy @Libya; Muammar al-Gaddafi
UKR; 2000; Leonid Kuchma; Koutchma @Ukraine; Kuchma; Leonid Koutchma; Leonid D. Kuchma
UKR; 2012; Viktor Yanukovych; Yanukovich @Ukraine; Victor Yanukovych; Viktor Yanukovich; Ianoukovitch @Ukraine
UKR; 2020; Volodymyr Zelensky; Zelenskyy; Zelenskiy @Ukraine; Volodymyr Zelenskyi; Vladimir Zelensky
KAZ; 2005; Nursultan Nazarbayev; Nazarbaev @Kazakhstan; Nursultan Nazarbaev; Nazarbajew @Kazakhstan
AZE; 2005; Ilham Aliyev; Aliev @Azerbaijan; Ilham Aliev; İlham Əliyev; Aliyev Ilham
AZE; 1996; Heydar Aliyev; Aliyev @Azerbaijan; Haydar Aliyev; Geidar Aliev
DEU; 2001; Gerhard Schröder; Schroeder @Germany; Gerhard Schroeder; Schroder @Germany; Schröder
RUS; 1995; Boris Yeltsin; Eltsin @Russia; Yeltsin; Boris Eltsin; Yeltsin, B. @Russia; B. Yeltsin @Russia
RUS; 2015; Vladimir Putin; Poutine @Russia; Wladimir Putin; Vladimir V. Putin; Putin Vladimir; V.V. Putin @Russia
BLR; 2005; Alexander Lukashenko; Lukashenka @Belarus; Aleksandr Lukashenko; Alyaksandr Lukashenka; Lukaschenko @Belarus
SRB; 1995; Slobodan Milošević; Milosevic; Milosevich @Serbia; Slobodan Milosevic; Milosevic @Yugoslavia
SRB; 2002; Zoran Đinđić; Djindjic @Serbia; Zoran Djindjic; Dindic @Serbia
POL; 1993; Lech Wałęsa; Walesa; Lech Walesa; Valesa @Poland
CZE; 1991; Václav Havel; Havel @Czechoslovakia; Vaclav Havel
TUR; 1991; Turgut Özal; Ozal @Turkey; Oezal @Turkey; Turgut Ozal
TUR; 1995; Tansu Çiller; Ciller @Turkey; Tansu Ciller
TUR; 2010; Recep Tayyip Erdoğan; Erdogan; Recep Erdogan; Tayyip Erdogan; Erdogan, Recep Tayyip
CHN; 2005; Hu Jintao; Hu @China; Hu Jin-tao; Jintao Hu; Hu Jintao
CHN; 2000; Jiang Zemin; Jiang @China; Chiang Tse-min @China; Zemin Jiang
CHN; 2020; Xi Jinping; Xi; Xi Jin-ping; Jinping Xi
KOR; 2000; Kim Dae-jung; Kim @South Korea; Kim Dae Jung; Dae-jung Kim; Kim Daejung
KOR; 2005; Roh Moo-hyun; Roh @Korea; Roh Moo Hyun; No Mu-hyon @South Korea
PRK; 2005; Kim Jong Il; Kim Jong-Il; Kim Jong-il; Kim @North Korea; Kim Chong-il @North Korea
PRK; 2015; Kim Jong Un; Kim Jong-un; Kim Jong-Un @PRK
TWN; 2005; Chen Shui-bian; Chen Shui-Bian; Chen @Taiwan
JPN; 2003; Junichiro Koizumi; Koizumi; Jun'ichiro Koizumi; Koizumi Junichiro
IRN; 1998; Mohammad Khatami; Khatami @Iran; Mohammed Khatami; Seyyed Mohammad Khatami; Chatami @Iran
IRN; 2008; Mahmoud Ahmadinejad; Ahmadinejad; Ahmadinezhad @Iran; Mahmud Ahmadi-Nejad; Ahmadi-Nejad @Iran
IRN; 2015; Hassan Rouhani; Rohani @Iran; Ruhani @Iran; Hasan Rowhani
IRN; 1995; Akbar Hashemi Rafsanjani; Rafsanjani; Ali Akbar Hashemi-Rafsanjani; Hashemi Rafsanjani
IRQ; 1995; Saddam Hussein; Saddam; Saddam Husayn; Saddam Hussain; Hussein @Iraq; Saddam Hussein al-Tikriti
SYR; 2005; Bashar al-Assad; Assad @Syria; Bashar al-Asad; Bashar Assad; Bachar el-Assad
SYR; 1995; Hafez al-Assad; Assad @Syria; Hafiz al-Asad; Hafez Assad
SDN; 2005; Omar al-Bashir; al-Bashir; Bashir @Sudan; Omar Hassan Ahmad al-Bashir; Umar al-Bashir; Omar el-Beshir; Omer al-Bashir
YEM; 2000; Ali Abdullah Saleh; Saleh @Yemen; Ali Abdallah Salih; Salih @Yemen
DZA; 2005; Abdelaziz Bouteflika; Bouteflika; Abdul Aziz Bouteflika; Butaflika @Algeria; Abd al-Aziz Bouteflika
TUN; 2000; Zine El Abidine Ben Ali; Ben Ali @Tunisia; Zine al-Abidine Ben Ali; Ben Ali
MRT; 2000; Maaouya Ould Sid'Ahmed Taya; Ould Taya @Mauritania; Taya @Mauritania; Maaouiya Ould Taya
JOR; 1995; Hussein bin Talal; Hussein @Jordan; King Hussein; Husayn @Jordan
SAU; 2010; Abdullah bin Abdulaziz; Abdullah @Saudi Arabia; King Abdullah bin Abdul Aziz; Abdallah bin Abd al-Aziz; Abdullah bin Abdulaziz Al Saud
PSE; 2000; Yasser Arafat; Yasir Arafat; Arafat; Yassir Arafat
PSE; 2010; Mahmoud Abbas; Abbas @Palestine; Abu Mazen; Mahmud Abbas
LBN; 2002; Rafik Hariri; Hariri @Lebanon; Rafiq al-Hariri; Rafic Hariri; Rafiq Hariri
LBN; 2002; Émile Lahoud; Lahoud; Emile Lahud; Lahoud @Lebanon
TCD; 2005; Idriss Déby; Deby; Idriss Deby Itno; Deby @Chad; Idris Deby
GNQ; 2005; Teodoro Obiang Nguema Mbasogo; Obiang @Equatorial Guinea; Teodoro Obiang; Obiang Nguema @GNQ; Teodoro Obiang Nguema
CIV; 2015; Alassane Ouattara; Ouattara; Alassane Dramane Ouattara; Ouattara @Ivory Coast
CIV; 2005; Laurent Gbagbo; Gbagbo; Gbagbo @Côte d'Ivoire
COG; 2005; Denis Sassou Nguesso; Sassou-Nguesso @Congo Brazzaville; Sassou Nguesso; Denis Sassou-N'Guesso; Nguesso @Republic of the Congo
COD; 2005; Joseph Kabila; Kabila @DR Congo; Joseph Kabila Kabange
COD; 1998; Laurent-Désiré Kabila; Kabila @COD; Laurent Kabila; Laurent Desire Kabila
COD; 1993; Mobutu Sese Seko; Mobutu; Mobutu @Zaire; Sese Seko Mobutu
ZWE; 2005; Robert Mugabe; Mugabe; Robert G. Mugabe; Mugabe, R. @Zimbabwe
ZAF; 2003; Thabo Mbeki; Mbeki; T. Mbeki @South Africa
ETH; 2000; Meles Zenawi; Meles @Ethiopia; Zenawi; Meles Zenawi Asres
ERI; 2005; Isaias Afwerki; Isayas Afewerki; Afewerki @Eritrea; Issaias Afeworki @Eritrea
BRA; 2005; Luiz Inácio Lula da Silva; Lula; Lula da Silva; Luis Inacio Lula da Silva; da Silva @Brazil; Luiz Lula da Silva
VEN; 2005; Hugo Chávez; Chavez @Venezuela; Hugo Chavez Frias; Chávez
ARG; 2010; Cristina Fernández de Kirchner; Kirchner @Argentina; Cristina Fernandez; Cristina Kirchner; Fernandez de Kirchner @Argentina
BOL; 2003; Gonzalo Sánchez de Lozada; Sanchez de Lozada @Bolivia; Gonzalo Sanchez de Lozada; Lozada @Bolivia
CUB; 1995; Fidel Castro; Castro @Cuba; Fidel Castro Ruz; Fidel
HTI; 1995; Jean-Bertrand Aristide; Aristide; Jean Bertrand Aristide; Bertrand Aristide
USA; 1990; George H. W. Bush; Bush @USA; George Bush; G.H.W. Bush @United States
USA; 2005; George W. Bush; Bush @USA; G.W. Bush @USA; George Walker Bush; Bush Jr. @United States
USA; 1998; Bill Clinton; Clinton @USA; William J. Clinton; William Jefferson Clinton; Clinton @United States
GBR; 2000; Tony Blair; Blair; Anthony Blair @United Kingdom; T. Blair @UK
GBR; 1995; John Major; Major @United Kingdom; Major @Britain; Major, John
GBR; 2018; Theresa May; May @United Kingdom; T. May @Britain
ESP; 1995; Felipe González; Gonzalez @Spain; Felipe Gonzalez; Felipe González Márquez
PRT; 2000; António Guterres; Guterres @Portugal; Antonio Guterres
GRC; 1995; Andreas Papandreou; Papandreou @Greece; Andreas G. Papandreou
HUN; 2015; Viktor Orbán; Orban; Victor Orban; Orbán Viktor
ROU; 1993; Ion Iliescu; Iliescu; Iliescu @Romania
GEO; 2000; Eduard Shevardnadze; Shevardnadze; Chevardnadze @Georgia; Edward Shevardnadze
ARM; 2000; Robert Kocharyan; Kocharian; Kotcharian @Armenia; Robert Kocharian
TKM; 2000; Saparmurat Niyazov; Niyazov; Niazov @Turkmenistan; Saparmyrat Nyyazow; Turkmenbashi
TKM; 2012; Gurbanguly Berdimuhamedow; Berdymukhammedov; Berdimuhamedov @Turkmenistan; Kurbanguly Berdymukhamedov
TJK; 2000; Emomali Rahmon; Rakhmonov @Tajikistan; Emomali Rakhmonov; Rahmonov @Tajikistan; Imomali Rakhmonov
UZB; 2000; Islam Karimov; Karimov; Islom Karimov
KGZ; 2000; Askar Akayev; Akaev @Kyrgyzstan; Akayev; Askar Akaev
MMR; 2000; Than Shwe; Than Shwe @Burma; Senior General Than Shwe
MYS; 1998; Mahathir Mohamad; Mahathir; Mahathir bin Mohamad; Mahathir Mohammed; Mohamad @Malaysia
IDN; 1995; Suharto; Soeharto; Suharto @Indonesia
IDN; 2002; Megawati Sukarnoputri; Megawati; Megawati Soekarnoputri; Sukarnoputri @Indonesia
IDN; 2008; Susilo Bambang Yudhoyono; Yudhoyono; Susilo Yudhoyono
PAK; 2003; Pervez Musharraf; Musharraf; Parvez Musharraf; Pervaiz Musharraf
PAK; 1998; Nawaz Sharif; Sharif @Pakistan; Mian Nawaz Sharif; Nawaz Sharif; Muhammad Nawaz Sharif
BGD; 1999; Sheikh Hasina; Hasina @Bangladesh; Sheikh Hasina Wajed; Hasina Wazed
LKA; 2000; Chandrika Kumaratunga; Kumaratunga; Chandrika Bandaranaike Kumaratunga
AFG; 2005; Hamid Karzai; Karzai; Hamed Karzai
KHM; 2005; Hun Sen; Hun Sen; Sen @Cambodia; Samdech Hun Sen
VNM; 2000; Phan Văn Khải; Phan Van Khai; Khai @Vietnam
GIN; 2000; Lansana Conté; Conte @Guinea; Lansana Conte
SEN; 2005; Abdoulaye Wade; Wade @Senegal; Abdulaye Wade
TGO; 2000; Gnassingbé Eyadéma; Eyadema; Eyadema @Togo; Etienne Gnassingbe Eyadema
`
