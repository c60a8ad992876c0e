package api

import (
	"rapport"
	"rapport/internal/record"
	"rapport/internal/relations"
	"rapport/internal/serve/access"
)

// input is what a route takes.
type input struct {
	about   string
	types   []string // media types; application/json where there is none
	value   any      // of the type of the JSON
	example any
	may     bool // the body may be missing
}

var (
	reportBody = &input{
		about: "One report as text or HTML, one as a JSON object, several as an array or as JSON Lines. What it holds is told by its bytes. Up to 1,000 reports, 256 KiB of text each unless the server says otherwise.",
		types: []string{"text/plain", "text/html", "application/json", "application/x-ndjson"},
		value: rapport.Report{},
		example: map[string]any{"id": "wire-1", "title": "Aliyev receives Egypt's foreign minister", "outlet": "A wire", "published": "2024-06-08",
			"text": "Azerbaijani President Ilham Aliyev received Egyptian Foreign Minister Sameh Shoukry in Baku on Saturday."},
	}
	reportParams = []param{
		{name: "id", about: "name of a report that brings none"},
		{name: "outlet", about: "who published what does not say so"},
		{name: "published", about: "day of publication of what does not tell it", example: "2024-06-08"},
	}
	pID = param{name: "id", in: "path", about: "its id"}
	pA  = param{name: "a", in: "path", about: "a country: code of ISO 3166 or name", example: "AZE"}
	pB  = param{name: "b", in: "path", about: "the other", example: "EGY"}
	pN  = param{name: "n", in: "path", about: "its number", example: "3"}
	pAs = param{name: "as_of", about: "as known on this day: from reports published by then", example: "2024-06-08"}
	pOf = param{name: "claim", about: "id of a claim: only those on it"}
)

// routes is the API.
func (a *API) routes() []route {
	const get, post = "GET", "POST"
	return []route{
		{method: get, path: "/events", name: "listEvents", tag: "events", role: access.Read, fixed: true, list: true, out: ToldEvent{}, params: eventParams, handle: listEvents,
			short: "List events", about: "By day, oldest first. Those nobody dates stand at the day of their report. Each comes with the sentences that tell it."},
		{method: get, path: "/events/{id}", name: "getEvent", tag: "events", role: access.Read, fixed: true, out: WholeEvent{}, params: []param{pID}, handle: getEvent,
			short: "Get an event", about: "With all claims that tell it, their reasons, and why they were taken for one event."},
		{method: get, path: "/claims", name: "listClaims", tag: "claims", role: access.Read, fixed: true, list: true, out: ToldClaim{}, handle: listClaims,
			params: append([]param{{name: "report", about: "id of the report that tells them"}, pPair, pType, pStatus, pSince, pUntil, pSure, pNewest}, listParams...),
			short:  "List claims", about: "Those of a pair by day, others in the order kept."},
		{method: get, path: "/claims/{id}", name: "getClaim", tag: "claims", role: access.Read, fixed: true, out: WholeClaim{}, params: []param{pID}, handle: getClaim,
			short: "Get a claim", about: "As it stands after reviews, with these."},
		{method: get, path: "/reports", name: "listReports", tag: "reports", role: access.Read, fixed: true, list: true, out: rapport.Report{}, handle: listReports,
			params: append([]param{{name: "outlet", about: "exactly"}, pSince, pUntil, pNewest}, listParams...),
			short:  "List reports", about: "In the order kept, without their texts."},
		{method: post, path: "/reports", name: "postReports", tag: "reports", role: access.Ingest, out: Posted{}, in: reportBody, params: reportParams, handle: postReports,
			short: "Add reports", about: "Codes reports and keeps them with their claims. Adding a report twice is adding it once. The answer comes when what it says is kept is on the disk; a report that cannot be read or coded is told and the others are kept."},
		{method: get, path: "/reports/{id}", name: "getReport", tag: "reports", role: access.Read, fixed: true, out: WholeReport{}, params: []param{pID}, handle: getReport,
			short: "Get a report", about: "Its text and its claims, whose offsets are bytes of that text in UTF-8."},
		{method: get, path: "/reports/{id}/text", name: "getReportText", tag: "reports", role: access.Read, fixed: true, types: []string{"text/plain"}, params: []param{pID}, handle: getText,
			short: "Get the text of a report", about: "Byte for byte as it was kept."},
		{method: get, path: "/relations", name: "listRelations", tag: "relations", role: access.Read, fixed: true, list: true, out: Pair{}, handle: listRelations,
			params: append([]param{{name: "party", about: "only the pairs of this country", example: "EGY"}}, listParams...),
			short:  "List pairs of countries", about: "By how many events the record holds on them, most first."},
		{method: get, path: "/relations/{a}/{b}", name: "getRelation", tag: "relations", role: access.Read, fixed: true, out: relations.Relation{}, params: []param{pA, pB, pAs}, handle: getRelation,
			short: "Get a relation", about: "The register of a pair: visits, agreements, pledges, trade, frictions and the rest, with the events, claims and reports that each line rests on."},
		{method: get, path: "/briefs/{a}/{b}", name: "getBrief", tag: "relations", role: access.Read, fixed: true, params: []param{pA, pB,
			{name: "format", about: "what to write it in", enum: []string{"md", "html", "docx", "pdf", "json"}}, pAs, pSince, {name: "one_page", typ: "boolean", about: "the glance and the latest of each section"}}, handle: getBrief,
			types: []string{"text/markdown", "text/html", briefTypes["docx"], "application/pdf", "application/json"},
			short: "Get a brief", about: "A relation as prose with footnotes."},
		{method: get, path: "/search", name: "search", tag: "search", role: access.Read, fixed: true, list: true, out: record.Hit{}, handle: listSearch,
			params: []param{{name: "q", about: "words; \"several in a row\", OR, -without", example: "embassy Baku"}, {name: "limit", typ: "integer", about: "how many at most, 20 unless given; 200 is the most", least: at(1), most: at(200)}, pFormat},
			short:  "Search reports", about: "Reports that hold all words, best first, each with its best sentence and the claims that rest on it."},
		{method: post, path: "/code", name: "code", tag: "code", role: access.Read, list: true, out: Coded{}, in: reportBody, params: append([]param{pFormat}, reportParams...), handle: postCode,
			short: "Code a text", about: "Text in, claims out. Nothing is kept. As ndjson it is a claim a line, as rapport code --format jsonl prints it."},
		{method: get, path: "/reviews", name: "listReviews", tag: "reviews", role: access.Read, fixed: true, list: true, out: record.Review{}, params: append([]param{pOf, pNewest}, listParams...), handle: listReviews,
			short: "List reviews", about: "What people decided on claims, in order. Reviews are never changed or deleted."},
		{method: post, path: "/reviews", name: "postReview", tag: "reviews", role: access.Review, status: 201, out: record.Review{}, in: &input{about: "The decision.", value: NewReview{},
			example: map[string]any{"claim": "0123456789abcdef", "verdict": "correct", "set": map[string]any{"date": "2024-06-08"}}}, handle: postReview,
			short: "Review a claim", about: "Accept, correct or reject it."},
		{method: post, path: "/reviews/{n}/undo", name: "undoReview", tag: "reviews", role: access.Review, status: 201, out: record.Review{}, in: &input{about: "A remark.", value: Note{}, may: true}, params: []param{pN}, handle: undoReview,
			short: "Take a review back", about: "The last standing one of its claim."},
		{method: get, path: "/merges", name: "listMerges", tag: "merges", role: access.Read, fixed: true, list: true, out: record.Decision{}, params: append([]param{pOf, pNewest}, listParams...), handle: listMerges,
			short: "List decisions on merging", about: "What people decided on which claims are one event, in order."},
		{method: post, path: "/merges", name: "postMerge", tag: "merges", role: access.Review, status: 201, out: record.Decision{}, in: &input{about: "The decision.", value: NewMerge{},
			example: map[string]any{"verdict": "part", "of": []string{"ev-0123456789abcdef"}}}, handle: postMerge,
			short: "Decide what is one event", about: "Join claims or events, or part them."},
		{method: post, path: "/merges/{n}/undo", name: "undoMerge", tag: "merges", role: access.Review, status: 201, out: record.Decision{}, in: &input{about: "A remark.", value: Note{}, may: true}, params: []param{pN}, handle: undoMerge,
			short: "Take a decision on merging back"},
		{method: get, path: "/stats", name: "getStats", tag: "server", role: access.Read, fixed: true, out: record.Stats{}, handle: getStats,
			short: "Count what the record holds"},
		{method: get, path: "/trail", name: "listTrail", tag: "server", role: access.Admin, list: true, out: access.Entry{}, params: listParams, handle: listTrail,
			short: "List who did what", about: "Posts, logins and what was refused, newest first."},
	}
}
