package pages

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/exchange"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
	"rapport/internal/serve/access"
)

// queueDepth is how many of the least certain claims are looked at for those to
// show first.
const queueDepth = 400

type reviewBody struct {
	Mode     string // "", "second", "history", "agreement"
	Claim    *reviewClaim
	Queue    []queued
	Left     int
	Skip     string
	History  []decided
	Pages    agreementBody
	Reviewer bool
	Done     string // what was just decided
	DoneID   string
	Types    []ontology.Type
	Sectors  []ontology.Sector
	Contexts []ontology.Context
	Statuses []rapport.Status
	Corrects int // reports with a decision, for the export
}

// queued is a claim that waits for a word.
type queued struct {
	Claim    rapport.Claim
	Sentence string
	Doubt    int // per cent
	Why      string
	weight   float64
}

// reviewClaim is the claim in hand.
type reviewClaim struct {
	card
	Report         rapport.Report
	Before, After  string // the text around its sentence
	Words          string
	Actors         []partyInput
	Recips         []partyInput
	Speaker        partyInput
	Doubt          int
	Why            string
	History        []decided
	Event          string
	Told           int
	ContextWords   string
	PlaceName      string
	PlaceCountry   string
	Off            bool // a person rejected it
	CorrectedField string
}

type partyInput struct {
	Role                          string // "actor-0"
	Label                         string
	Country, Sector, Name, Office string
}

func (s *site) review(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	u, _ := access.From(ctx)
	b := &reviewBody{Reviewer: u.May(access.Review), Types: ontology.Types(), Sectors: slices.Concat(ontology.Sectors(), ontology.International()), Contexts: ontology.Contexts(),
		Statuses: []rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}}
	if len(parts) > 1 {
		b.Mode = parts[1]
	}
	v := &view{Template: "review", Title: "Review", Section: "review", Body: b}
	var err error
	switch b.Mode {
	case "", "second":
		b.DoneID = clip(r.URL.Query().Get("done"))
		if b.DoneID != "" {
			b.Done = map[string]string{"accept": "Accepted.", "correct": "Corrected.", "reject": "Rejected.", "undo": "Taken back."}[r.URL.Query().Get("was")]
		}
		err = s.queue(r, b, u)
	case "history":
		v.Title = "Review: history"
		err = s.history(r, b, u)
	case "agreement":
		v.Title = "Review: agreement"
		var vs []record.Review
		if vs, err = s.Record.Reviews(ctx, ""); err == nil {
			b.Pages = agree(vs)
		}
	default:
		return nil, problem(http.StatusNotFound, "There is no such page of the review.", "Begin at /review.")
	}
	return v, err
}

// queue fills in the claims that wait and the one in hand: the one asked for, or
// the first.
func (s *site) queue(r *http.Request, b *reviewBody, u access.User) error {
	ctx := r.Context()
	q := r.URL.Query()
	var waiting []queued
	var err error
	if b.Mode == "second" {
		waiting, err = s.second(ctx, u.Name)
	} else {
		waiting, err = s.doubtful(ctx)
	}
	if err != nil {
		return err
	}
	b.Left = len(waiting)
	b.Skip = q.Get("skip")
	if len(b.Skip) > 4000 {
		b.Skip = ""
	}
	skipped := strings.Split(b.Skip, ",")
	at := slices.IndexFunc(waiting, func(x queued) bool { return !slices.Contains(skipped, x.Claim.ID) })
	id := q.Get("claim")
	switch {
	case id != "":
		c, err := s.Record.Claim(ctx, id)
		if err != nil {
			return err
		}
		x := queued{Claim: c, Doubt: doubt(&c), Why: "asked for"}
		if i := slices.IndexFunc(waiting, func(x queued) bool { return x.Claim.ID == id }); i >= 0 {
			x = waiting[i]
		}
		b.Claim, err = s.inHand(r, x, u, b.Mode == "second")
		if err != nil {
			return err
		}
	case at >= 0:
		if b.Claim, err = s.inHand(r, waiting[at], u, b.Mode == "second"); err != nil {
			return err
		}
	}
	for _, x := range waiting {
		if len(b.Queue) < 12 && (b.Claim == nil || x.Claim.ID != b.Claim.Claim.ID) && !slices.Contains(skipped, x.Claim.ID) {
			b.Queue = append(b.Queue, x)
		}
	}
	t := briefs.NewTeller(relationOfClaims(b.Queue))
	for i := range b.Queue {
		e := eventOf(b.Queue[i].Claim)
		b.Queue[i].Sentence, _ = t.Sentence(&e)
	}
	return nil
}

func doubt(c *rapport.Claim) int { return int(math.Round((1 - c.Confidence) * 100)) }

// doubtful returns the claims nobody reviewed by doubt and importance.
func (s *site) doubtful(ctx context.Context) ([]queued, error) {
	claims, err := s.Record.Doubtful(ctx, queueDepth)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(claims))
	for i := range claims {
		ids[i] = claims[i].ID
	}
	events, err := s.Record.EventsOfClaims(ctx, ids)
	if err != nil {
		return nil, err
	}
	told := map[string]int{} // claim → reports that tell its event
	for _, e := range events {
		for _, c := range e.Claims {
			told[c] = e.Reports
		}
	}
	out := make([]queued, 0, len(claims))
	for _, c := range claims {
		out = append(out, weigh(c, told[c.ID]))
	}
	slices.SortStableFunc(out, func(a, b queued) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.Claim.ID, b.Claim.ID))
	})
	return out, nil
}

// weigh ranks a claim: its doubt, times how much hangs on it. An act weighs more
// than words and the more the farther PLOVER's score is from 0; one that only
// this claim tells weighs more than one that others tell too; news weighs more
// than background, and what is between two countries more than what is not.
func weigh(c rapport.Claim, told int) queued {
	x := queued{Claim: c, Doubt: doubt(&c)}
	importance := 0.5 + math.Abs(c.Score)/10
	var why []string
	if c.Quad == 2 || c.Quad == 4 {
		importance += 0.3
		why = append(why, quadName(c.Quad))
	}
	if told <= 1 {
		importance += 0.3
		why = append(why, "told by this report alone")
	}
	if c.Status == rapport.Actual {
		importance += 0.2
	}
	if len(rapport.Dyads(c.Actor, c.Recipient)) > 0 {
		importance += 0.3
	} else {
		why = append(why, "no second party")
	}
	x.weight = (1 - c.Confidence) * importance
	x.Why = strings.Join(why, ", ")
	return x
}

// second returns the claims that others reviewed and this person did not, in the
// order of the reviews. It does not tell what the others said.
func (s *site) second(ctx context.Context, me string) ([]queued, error) {
	vs, err := s.Record.Reviews(ctx, "")
	if err != nil {
		return nil, err
	}
	mine, seen := map[string]bool{}, map[string]bool{}
	var ids []string
	standing := standingReviews(vs)
	for _, v := range standing {
		mine[v.Claim] = mine[v.Claim] || v.Author == me
	}
	for _, v := range standing {
		if !mine[v.Claim] && !seen[v.Claim] {
			seen[v.Claim] = true
			ids = append(ids, v.Claim)
		}
	}
	var out []queued
	for _, id := range ids[:min(len(ids), queueDepth)] {
		c, err := s.Record.Claim(ctx, id)
		if rapport.KindOf(err) == rapport.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, v := range standing { // as it was coded, so that nobody sees what the first made of it
			if v.Claim == id && v.Old != nil {
				c = *v.Old
				break
			}
		}
		out = append(out, queued{Claim: c, Doubt: doubt(&c), Why: "another person has reviewed it"})
	}
	return out, nil
}

// standingReviews returns the reviews that were not undone, in their order.
func standingReviews(vs []record.Review) (out []record.Review) {
	undone := map[int64]bool{}
	for _, v := range vs {
		undone[v.Undoes] = true
	}
	for _, v := range vs {
		if v.Verdict != record.Undo && !undone[v.N] {
			out = append(out, v)
		}
	}
	return out
}

func (s *site) inHand(r *http.Request, x queued, u access.User, blind bool) (*reviewClaim, error) {
	ctx := r.Context()
	c := x.Claim
	rep, err := s.Record.Report(ctx, c.Report)
	if err != nil {
		return nil, err
	}
	set := s.reportOf(rep, []rapport.Claim{c})
	h := &reviewClaim{card: set.Claims[0], Report: rep, Doubt: x.Doubt, Why: x.Why, Words: shown(c.Evidence.Text)}
	if c.Evidence.End <= len(rep.Text) && c.Evidence.Start >= 0 {
		h.Before, h.After = shown(tail(rep.Text[:c.Evidence.Start], 320)), shown(head(rep.Text[c.Evidence.End:], 240))
	}
	if e, err := s.Record.EventOf(ctx, c.ID); err == nil {
		h.Event, h.Told = e.ID, e.Reports
	}
	h.Actors, h.Recips = partyInputs("actor", c.Actor), partyInputs("recipient", c.Recipient)
	if c.Speaker != nil {
		h.Speaker = inputOf("speaker-0", "Speaker", *c.Speaker)
	} else {
		h.Speaker = partyInput{Role: "speaker-0", Label: "Speaker"}
	}
	h.ContextWords = strings.Join(c.Context, ", ")
	if c.Place != nil {
		h.PlaceName, h.PlaceCountry = c.Place.Name, c.Place.Country
	}
	vs, err := s.Record.Reviews(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if !blind {
		h.History = backward(reviewLines(vs, u, 0))
		if st := standingReviews(vs); len(st) > 0 {
			h.Off = st[len(st)-1].New == nil
		}
	}
	return h, nil
}

// tail and head are the ends of a text next to a sentence, cut between words.
func tail(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[len(s)-most:]
	if i := strings.IndexAny(s, " \n"); i >= 0 {
		s = s[i:]
	}
	return "…" + strings.ToValidUTF8(s, "")
}

func head(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most]
	if i := strings.LastIndexAny(s, " \n"); i >= 0 {
		s = s[:i]
	}
	return strings.ToValidUTF8(s, "") + " …"
}

func partyInputs(role string, ps []rapport.Party) (out []partyInput) {
	name := capital(role)
	for i, p := range ps {
		out = append(out, inputOf(role+"-"+strconv.Itoa(i), fmt.Sprintf("%s %d", name, i+1), p))
	}
	return append(out, partyInput{Role: role + "-" + strconv.Itoa(len(ps)), Label: fmt.Sprintf("%s %d", name, len(ps)+1)})
}

func inputOf(role, label string, p rapport.Party) partyInput {
	return partyInput{role, label, p.Country, p.Sector, p.Name, p.Office}
}

func relationOfClaims(qs []queued) *relations.Relation {
	r := &relations.Relation{Claims: map[string]rapport.Claim{}}
	for _, q := range qs {
		r.Claims[q.Claim.ID] = q.Claim
	}
	return r
}

// decideClaim keeps what a reviewer says of a claim.
func (s *site) decideClaim(r *http.Request, id string) (string, error) {
	ctx := r.Context()
	verdict := record.Verdict(r.PostForm.Get("verdict"))
	v := record.Review{Claim: id, Verdict: verdict, Note: clip(r.PostForm.Get("note")), Author: author(r), Time: s.stamp()}
	mode := ""
	if r.PostForm.Get("mode-of-review") == "second" {
		mode = "/second"
	}
	skip := r.PostForm.Get("skip")
	next := url.Values{}
	if skip != "" && len(skip) < 4000 {
		next.Set("skip", skip)
	}
	switch verdict {
	case "next":
		next.Set("skip", strings.Trim(skip+","+id, ","))
		return "/review" + mode + "?" + next.Encode(), nil
	case record.Correct:
		c, err := s.Record.Claim(ctx, id)
		if err != nil {
			return "", err
		}
		if v.New, err = corrected(c, r.PostForm); err != nil {
			return "", err
		}
	case record.Accept, record.Reject:
	default:
		return "", problem(http.StatusBadRequest, "A claim is accepted, corrected or rejected.", "")
	}
	kept, err := s.Record.AddReview(ctx, v)
	if err != nil {
		return "", err
	}
	if err := s.settle(ctx); err != nil {
		return "", err
	}
	next.Set("done", "r"+strconv.FormatInt(kept.N, 10))
	next.Set("was", string(verdict))
	return "/review" + mode + "?" + next.Encode(), nil
}

// undo takes a review (r3) or a decision on merging (d2) back.
func (s *site) undo(r *http.Request) (string, error) {
	ctx := r.Context()
	id := r.PostForm.Get("id")
	n, err := strconv.ParseInt(strings.TrimLeft(id, "rd"), 10, 64)
	back := "/review/history"
	switch {
	case err != nil || id == "":
		return "", problem(http.StatusBadRequest, "What is taken back is a review such as r3 or a decision such as d2.", "")
	case id[0] == 'r':
		v, err := s.Record.ReviewN(ctx, n)
		if err != nil {
			return "", err
		}
		if _, err := s.Record.AddReview(ctx, record.Review{Claim: v.Claim, Verdict: record.Undo, Undoes: n, Author: author(r), Time: s.stamp()}); err != nil {
			return "", err
		}
		back = "/review?" + url.Values{"claim": {v.Claim}, "done": {id}, "was": {"undo"}}.Encode()
	default:
		if _, err := s.Record.Decide(ctx, record.Decision{Undoes: n, Author: author(r), Time: s.stamp()}); err != nil {
			return "", err
		}
	}
	if err := s.settle(ctx); err != nil {
		return "", err
	}
	if to := r.PostForm.Get("back"); strings.HasPrefix(to, "/event/") {
		e := strings.TrimPrefix(to, "/event/")
		if _, err := s.Record.Event(ctx, e); err == nil {
			back = pathTo("event", e)
		}
	}
	return back, nil
}

// settle derives the events that a decision changed.
func (s *site) settle(ctx context.Context) error {
	if s.Merge == nil {
		return nil
	}
	return s.Merge(context.WithoutCancel(ctx))
}

// stamp is the time of a decision, to the millisecond and always as long, so
// that times sort as text.
func (s *site) stamp() string { return s.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

func author(r *http.Request) string {
	u, _ := access.From(r.Context())
	return u.Name
}

// clip bounds a note.
func clip(s string) string { return head(strings.TrimSpace(clean(s)), 1000) }

// corrected is a claim as the fields of a form have it. What the form does not
// hold stays.
func corrected(c rapport.Claim, f url.Values) (*rapport.Claim, error) {
	get := func(name, old string) string {
		if !f.Has(name) {
			return old
		}
		return strings.TrimSpace(clean(f.Get(name)))
	}
	was := c
	c.Event, c.Mode = get("event", c.Event), get("mode", c.Mode)
	c.CAMEO, c.About = get("cameo", c.CAMEO), get("about", c.About)
	c.AboutDate, c.Date = rapport.Date(get("about_date", string(c.AboutDate))), rapport.Date(get("date", string(c.Date)))
	c.Status = rapport.Status(get("status", string(c.Status)))
	if c.Date != was.Date {
		c.DateBasis = rapport.DateFromText
	}
	if c.Date == "" {
		c.DateBasis = ""
	}
	if c.Event != was.Event || c.Mode != was.Mode {
		c.Quad, c.Score = ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
		if c.CAMEO == was.CAMEO { // the code of the type that it was
			c.CAMEO = ontology.DefaultCAMEO(c.Event, c.Mode, c.About)
		}
	}
	var err error
	if c.Actor, err = partiesFrom(f, "actor", was.Actor); err != nil {
		return nil, err
	}
	if c.Recipient, err = partiesFrom(f, "recipient", was.Recipient); err != nil {
		return nil, err
	}
	if f.Has("speaker-0-country") {
		var old []rapport.Party
		if was.Speaker != nil {
			old = []rapport.Party{*was.Speaker}
		}
		sp, err := partiesFrom(f, "speaker", old)
		if err != nil {
			return nil, err
		}
		if c.Speaker = nil; len(sp) > 0 {
			c.Speaker = &sp[0]
		}
	}
	if f.Has("context") {
		c.Context = strings.FieldsFunc(f.Get("context"), func(r rune) bool { return r == ',' || r == ' ' })
	}
	if f.Has("place") {
		name, country := get("place", ""), strings.ToUpper(get("place-country", ""))
		switch {
		case name == "":
			c.Place = nil
		case was.Place == nil || was.Place.Name != name || was.Place.Country != country:
			c.Place = &rapport.Place{Name: name, Country: country} // where it lies is not known any more
		}
	}
	if err := ontology.Check(&c); err != nil {
		return nil, problem(http.StatusBadRequest, "The correction is no claim: "+err.Error()+".", "Go back and mend it; the code book is under /code.")
	}
	if len(changes(&was, &c)) == 0 {
		return nil, problem(http.StatusBadRequest, "Nothing was changed.", "Go back and accept the claim instead.")
	}
	return &c, nil
}

// partiesFrom reads the parties of a role; one without a country is none.
func partiesFrom(f url.Values, role string, old []rapport.Party) ([]rapport.Party, error) {
	if !f.Has(role + "-0-country") {
		return old, nil
	}
	var out []rapport.Party
	for i := 0; i < 20 && f.Has(fmt.Sprintf("%s-%d-country", role, i)); i++ {
		field := func(name string) string {
			return strings.TrimSpace(clean(f.Get(fmt.Sprintf("%s-%d-%s", role, i, name))))
		}
		country := field("country")
		if country == "" {
			continue
		}
		code, ok := ontology.ParseCountry(country)
		if up := strings.ToUpper(country); !ok && ontology.IsInternational(up) {
			code, ok = up, true
		}
		if !ok {
			return nil, problem(http.StatusBadRequest, clean(country)+" is no country that is known here.", "Write its name or its ISO 3166 code; UNO, EUR, IGO, NGO, MNC, ISM and IMG stand for international bodies.")
		}
		p := rapport.Party{Country: code, Sector: strings.ToUpper(field("sector")), Name: field("name"), Office: field("office")}
		if i < len(old) { // what the form does not show stays where the party does
			if o := old[i]; o.Country == p.Country {
				p.Text = o.Text
				if o.Name == p.Name {
					p.Wikidata = o.Wikidata
				}
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// changes names the fields in which two states of a claim differ.
func changes(old, to *rapport.Claim) (out []string) {
	if old == nil || to == nil {
		return nil
	}
	fields := func(c *rapport.Claim) map[string]json.RawMessage {
		m := map[string]json.RawMessage{}
		if b, err := c.MarshalJSON(); err == nil {
			json.Unmarshal(b, &m) // what MarshalJSON wrote is an object
		}
		return m
	}
	short := func(b json.RawMessage) string {
		s := strings.Trim(string(b), `"`)
		if len(s) > 140 {
			s = strings.ToValidUTF8(s[:140], "") + " …"
		}
		return s
	}
	a, b := fields(old), fields(to)
	for name := range b {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, fmt.Sprintf("%s %s → %s", name, short(a[name]), short(b[name])))
		}
	}
	slices.Sort(out)
	return out
}

// historyMost is how many decisions the history lists.
const historyMost = 200

func (s *site) history(r *http.Request, b *reviewBody, u access.User) error {
	ctx := r.Context()
	vs, err := s.Record.Reviews(ctx, "")
	if err != nil {
		return err
	}
	by := map[string][]record.Review{}
	var order []string
	for _, v := range vs {
		if by[v.Claim] == nil {
			order = append(order, v.Claim)
		}
		by[v.Claim] = append(by[v.Claim], v)
	}
	for _, id := range order {
		for _, x := range reviewLines(by[id], u, 0) {
			x.What += " claim " + id
			b.History = append(b.History, x)
		}
	}
	ds, err := s.decisionsOn(r, nil, nil)
	if err != nil {
		return err
	}
	b.History = append(b.History, ds...)
	slices.SortStableFunc(b.History, func(x, y decided) int { return cmp.Or(strings.Compare(y.Time, x.Time), number(y.ID)-number(x.ID)) })
	b.History = b.History[:min(len(b.History), historyMost)]
	reports, err := s.Record.Reviewed(ctx)
	b.Corrects = len(reports)
	return err
}

func number(id string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(id, "rd"))
	return n
}

// agreementBody is how far reviewers agree, two by two.
type agreementBody struct {
	Pairs     []agreementOf
	Reviewers []counted
}

// agreementOf is how far two reviewers agree on the claims that both reviewed.
type agreementOf struct {
	A, B   string
	Claims int
	Same   int
	Share  float64
	Kappa  float64
	Sure   bool // Kappa is defined: chance alone would not make them agree on all
	Table  [3][3]int
	Differ []string // claims they differ on
}

var verdicts = []record.Verdict{record.Accept, record.Correct, record.Reject}

// Verdicts names the rows of Table.
func (agreementOf) Verdicts() []string { return []string{"accept", "correct", "reject"} }

// agree computes, for each two persons, the share of claims on which their last
// standing verdicts are the same, and Cohen's kappa: the share beyond what chance
// would give, by how often each gives each verdict (J. Cohen, "A coefficient of
// agreement for nominal scales", 1960).
func agree(vs []record.Review) (out agreementBody) {
	said := map[string]map[string]record.Verdict{} // person → claim → verdict
	for _, v := range standingReviews(vs) {
		if said[v.Author] == nil {
			said[v.Author] = map[string]record.Verdict{}
		}
		said[v.Author][v.Claim] = v.Verdict
	}
	n := map[string]int{}
	for who, claims := range said {
		n[who] = len(claims)
	}
	out.Reviewers = ranked(n, 50)
	for i, a := range out.Reviewers {
		for _, b := range out.Reviewers[i+1:] {
			x := agreementOf{A: a.Name, B: b.Name}
			for claim, va := range said[a.Name] {
				vb, ok := said[b.Name][claim]
				if !ok {
					continue
				}
				x.Claims++
				x.Table[slices.Index(verdicts, va)][slices.Index(verdicts, vb)]++
				if va == vb {
					x.Same++
				} else {
					x.Differ = append(x.Differ, claim)
				}
			}
			if x.Claims == 0 {
				continue
			}
			slices.Sort(x.Differ)
			x.Differ = x.Differ[:min(len(x.Differ), 50)]
			x.Share, x.Kappa, x.Sure = kappa(x.Table)
			out.Pairs = append(out.Pairs, x)
		}
	}
	return out
}

// kappa returns the observed agreement of a square table of counts and Cohen's
// kappa; sure is false where both gave the same one verdict throughout.
func kappa(t [3][3]int) (share, k float64, sure bool) {
	n, same := 0, 0
	var rows, cols [3]int
	for i := range t {
		for j := range t {
			n += t[i][j]
			rows[i] += t[i][j]
			cols[j] += t[i][j]
		}
		same += t[i][i]
	}
	if n == 0 {
		return 0, 0, false
	}
	share = float64(same) / float64(n)
	chance := 0.0
	for i := range t {
		chance += float64(rows[i]) / float64(n) * float64(cols[i]) / float64(n)
	}
	if chance >= 1 {
		return share, 0, false
	}
	return share, (share - chance) / (1 - chance), true
}

// goldFile writes what persons decided as gold reports, zipped.
func (s *site) goldFile(ctx context.Context, w io.Writer) error {
	return exchange.Gold(ctx, w, s.Record)
}
