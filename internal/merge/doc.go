// Package merge decides which claims tell of one happening and joins them
// into events. It is pure: claims and judgements in, judgements and events
// out; no database, no clock, no order. The same set of claims gives the same
// bytes in whatever order it comes.
//
// [Judge] compares claims and says of pairs worth a word whether they are the
// same event, with a score and its reasons. [Events] joins claims along those
// judgements; a person's judgement outweighs any rule, and a later one an
// earlier one. Nothing is lost by joining: values that disagree stay side by
// side in [rapport.Event.Disputed] with the claims that state them.
//
// The way of a merge:
//
//  1. Blocks. Only claims of one pair of countries and one kind of act are
//     ever compared (pair.go: keys).
//  2. Points. A pair of claims gets points for and against on type, parties,
//     date, place, words (pair.go: weigh). Some differences are a veto: other
//     months, other visitors, done and denied.
//  3. Clusters. Claims dated to the day are joined first, best pair first.
//     Then those that say only the month, the year or nothing look for the
//     one happening they fit; a claim that fits two equally well joins
//     neither (judge.go).
//
// Rejected: single linkage over all pairs above a threshold. One claim dated
// "2022" then chains every visit of that year into one.
package merge
