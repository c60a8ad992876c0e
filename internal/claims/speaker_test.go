package claims

import (
	"slices"
	"strings"
	"testing"

	"rapport"
)

// TestSpeakers holds on whose word each claim is told: "TYPE by COUNTRY", in the
// order of the text, "TYPE" alone where the report tells it itself.
func TestSpeakers(t *testing.T) {
	const day = "2015-06-10" // a Wednesday
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"what follows a semicolon is not said before it",
			"The Kenyan minister said that Sudan had shelled Chad; Ghana condemned Togo.",
			[]string{"ASSAULT by KEN", "ACCUSE"}},
		{"what precedes a semicolon is not said after it",
			"Peru expelled the Danish ambassador on Monday; Chile has bombed Bolivia, the Norwegian minister said.",
			[]string{"SANCTION", "ASSAULT by NOR"}},
		{"what is said by others on each side",
			"Kenya said that Sudan had bombed Chad; Norway said that Denmark had arrested two Finns.",
			[]string{"ASSAULT by KEN", "COERCE by NOR"}},
		{"a semicolon in a quotation divides nothing",
			"“Sudan bombed Chad on Monday; Libya bombed Mali on Tuesday,” the Kenyan foreign minister said.",
			[]string{"ASSAULT by KEN", "ASSAULT by KEN"}},
		{"as one said",
			"Sudan bombed Chad on Monday, as the Kenyan foreign minister said.",
			[]string{"ASSAULT by KEN"}},
		{"as one held something",
			"Sudan bombed Chad on Monday as the Kenyan minister held a dinner in Nairobi.",
			[]string{"ASSAULT"}},
		{"a measure told by who takes it",
			"Turkey said it had recalled its ambassador from Chad.",
			[]string{"SANCTION"}},
		{"a refusal told by who refuses",
			"The Norwegian government said it had rejected the Danish offer.",
			[]string{"REJECT"}},
		{"a party's own word, which is no state's",
			"The Colombian rebels said they welcomed the Norwegian offer.",
			[]string{"SUPPORT"}},
		{"two agree, says one of them",
			"Portugal and Angola have agreed to open consulates, the Portuguese foreign minister said.",
			[]string{"AGREE"}},
		{"a deed of its own that is past",
			"The Turkish army said it had bombed Syrian positions on Monday.",
			[]string{"ASSAULT by TUR"}},
		{"a deed of another",
			"Turkey said Syria had recalled its ambassador from Chad.",
			[]string{"SANCTION by TUR"}},
		{"two fought, says one of them",
			"Chadian and Sudanese troops exchanged fire on Monday, the Chadian foreign minister said.",
			[]string{"ASSAULT by TCD"}},
		{"the ground of thanks",
			"The Peruvian foreign minister thanked Spain for sending field hospitals to Arequipa.",
			[]string{"SUPPORT", "AID by PER"}},
		{"the ground of gratitude",
			"The president of Malawi expressed gratitude to Zambia for recognising the new government.",
			[]string{"SUPPORT", "SUPPORT by MWI"}},
		{"the ground of a complaint",
			"Mali complained that Niger had closed the border.",
			[]string{"ACCUSE", "COERCE by MLI"}},
		{"told besides the thanks",
			"The Peruvian foreign minister thanked Spain and met the Chilean ambassador.",
			[]string{"SUPPORT", "CONSULT"}},
		{"told of who is thanked",
			"Peru thanked Spain, which had bombed Libya on Monday, for its patience.",
			[]string{"SUPPORT", "ASSAULT"}},
		{"told of the time of thanks",
			"Mali thanked Togo for its patience, while Niger bombed Chad.",
			[]string{"SUPPORT", "ASSAULT"}},
		{"who speaks after what is said, read as what was done",
			"Syrian tanks destroyed two bridges on the eastern bank, the military command in Tel Aviv said.",
			[]string{"ASSAULT by ISR"}},
		{"who speaks after what is said, with a name",
			"Chad and the rebels of the north will meet again in Togo on 6 August, the U.N. moderator, Ann Bell, said on Tuesday.",
			[]string{"AGREE by UNO"}},
		{"who confirms what is said",
			"Sudanese police used water cannon to clear the square on Tuesday, the mayor of Nairobi confirmed.",
			[]string{"ASSAULT by KEN"}},
		{"whom one tells that",
			"The Norwegian foreign minister told correspondents that Denmark had airlifted 900 tonnes of flour to Chad.",
			[]string{"AID by NOR"}},
		{"what follows a comma and says something of its own",
			"After Sudan bombed Chad on Monday, the Kenyan minister said that Libya had arrested two Finns.",
			[]string{"ASSAULT", "COERCE by KEN"}},
		{"whom one tells of who did something",
			"The Norwegian foreign minister told the pilots that bombed Chad a story.",
			[]string{"ASSAULT"}},
		{"who recounts",
			"The Mexican foreign minister recounted that Peru had expelled two diplomats of Chile.",
			[]string{"SANCTION by MEX"}},
		{"who assures",
			"Gabon has not bombed Chad, the Norwegian foreign minister assured observers on Monday.",
			[]string{"ASSAULT by NOR"}},
		{"who fears",
			"Norway fears that Sudanese troops could bomb Chad.",
			[]string{"ASSAULT by NOR"}},
		{"who counts no deeds",
			"Kenya counted the votes after Sudan bombed Chad.",
			[]string{"ASSAULT"}},
		{"who hopes nothing of it",
			"Sudan bombed Chad on Monday, and Kenya hopes.",
			[]string{"ASSAULT"}},
		{"according to whom two things happened",
			"Sudan bombed Chad on Monday and Libya arrested two Finns, according to the Kenyan government.",
			[]string{"ASSAULT by KEN", "COERCE by KEN"}},
		{"according to whom two others happened",
			"Norway expelled the Danish ambassador and Peru bombed Chile, according to the Kenyan police.",
			[]string{"SANCTION by KEN", "ASSAULT by KEN"}},
		{"according to whom it first happened",
			"According to the Kenyan army, Sudan bombed Chad and arrested two Finns.",
			[]string{"ASSAULT by KEN", "COERCE by KEN"}},
		{"according to whom, before a semicolon",
			"Sudan bombed Chad, according to the Kenyan army; Libya arrested two Finns.",
			[]string{"ASSAULT by KEN", "COERCE"}},
		{"according to plan",
			"Sudan bombed Chad on Monday and Libya arrested two Finns, according to plan.",
			[]string{"ASSAULT", "COERCE"}},
		{"what the report adds in a relative clause",
			"The Kenyan government said Norway had expelled the envoy of Sudan, which bombed Chad on Monday.",
			[]string{"SANCTION by KEN", "ASSAULT"}},
		{"what the report adds of a person",
			"Kenya said that Togo had received the general, whom Ghana had jailed in 2012.",
			[]string{"CONSULT by KEN", "COERCE"}},
		{"what the report adds of the speaker's friend",
			"Kenya said that Ghana, which recognised Kosovo in May, had recalled its ambassador from Togo.",
			[]string{"SUPPORT", "SANCTION by KEN"}},
		{"a relative clause that tells which",
			"Kenya said that the pilots who bombed Chad on Monday were Sudanese.",
			[]string{"ASSAULT by KEN"}},
		{"a relative clause in a quotation",
			"“Norway recalled its ambassador from Sudan, which bombed Chad on Monday,” the Kenyan foreign minister said.",
			[]string{"SANCTION by KEN", "ASSAULT by KEN"}},
	} {
		ks := code(t, c.text, day)
		slices.SortStableFunc(ks, func(a, b rapport.Claim) int { return a.Reasons[0].Span[0] - b.Reasons[0].Span[0] })
		var got []string
		for _, k := range ks {
			s := k.Event
			if k.Speaker != nil {
				s += " by " + k.Speaker.Country
			}
			got = append(got, s)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\n got  %s\n want %s", c.name, c.text, strings.Join(got, " | "), strings.Join(c.want, " | "))
		}
	}
}
