/* Vulnerabilities, what their records add up to, and the order of their texts. */
#include "kb/writer.h"

/* Whose title names a vulnerability, the best first. */
static const uint8_t title_preference[] = {
	TU_SOURCE_CVE, TU_SOURCE_OSV, TU_SOURCE_NVD, TU_SOURCE_CVE_ADP, TU_SOURCE_KEV};

static size_t title_rank(const struct b_advisory *a)
{
	size_t rank = 0;

	while (rank < TU_COUNT(title_preference) && title_preference[rank] != a->row.source)
		rank++;
	return a->of_distro ? rank + TU_COUNT(title_preference) : rank;
}

static bool judges(const struct b_advisory *a)
{
	return a->row.source != TU_SOURCE_KEV && a->row.source != TU_SOURCE_CVE_ADP;
}

/* What the records of one vulnerability add up to. */
struct tally {
	struct kb_vulnerability row;
	size_t title_rank;
	size_t judging, dead;
	bool rejected_by_cve;
	bool in_catalogue; /* its KEV dates are those of a catalogue */
	uint32_t epss_date;
};

/* Of several files the newest counts; of the same day, or without a date, the higher score. */
static bool is_newer_epss(const struct tally *t, const struct b_epss *epss)
{
	if (!(t->row.flags & KB_HAS_EPSS) || epss->date != t->epss_date)
		return !(t->row.flags & KB_HAS_EPSS) || epss->date > t->epss_date;
	return epss->score > t->row.epss_score;
}

/* A catalogue counts before what others repeat of it. Of several catalogues the first (CISA's) that
 * states a date decides; an entry without a due date takes none away. */
static void tally_kev(struct tally *t, const struct b_advisory *a, const struct kb_kev *kev)
{
	bool catalogue = a->row.source == TU_SOURCE_KEV;

	if (catalogue && !t->in_catalogue)
		t->row.kev = (struct kb_kev){0};
	t->row.flags |= a->row.flags & (KB_HAS_KEV | KB_RANSOMWARE);
	if (t->in_catalogue && !catalogue)
		return;
	t->in_catalogue = catalogue;
	if (!t->row.kev.date_added)
		t->row.kev.date_added = kev->date_added;
	if (!t->row.kev.due_date)
		t->row.kev.due_date = kev->due_date;
}

static void tally_record(const struct tu_kb_builder *b, struct tally *t, const struct b_advisory *a)
{
	if (a->row.title && title_rank(a) < t->title_rank) {
		t->title_rank = title_rank(a);
		t->row.title = a->row.title;
		t->row.title_source = a->row.source;
	}
	if (judges(a)) {
		t->judging++;
		t->dead += kb_is_dead(a);
	}
	if (a->row.source == TU_SOURCE_CVE && a->row.state == TU_ADVISORY_REJECTED)
		t->rejected_by_cve = true;
	if (a->row.state == TU_ADVISORY_DISPUTED)
		t->row.flags |= KB_DISPUTED;
	if ((a->row.flags & KB_HAS_KEV) && kb_is_withdrawn_kev(a))
		t->row.flags |= KB_HAD_KEV;
	else if (a->row.flags & KB_HAS_KEV)
		tally_kev(t, a, &b->extras.at[a->row.extra].kev);
}

static uint16_t rejected_flag(const struct tally *t)
{
	return t->rejected_by_cve || (t->judging && t->judging == t->dead) ? KB_REJECTED : 0;
}

static void add_epss_to(struct writer *w, struct tally *tallies)
{
	for (size_t i = 0; i < w->b->epss.count; i++) {
		const struct b_epss *epss = &w->b->epss.at[i];
		uint32_t vulnerability = w->m.vulnerability_of[epss->id];
		struct kb_vulnerability *row;

		if (vulnerability == KB_NONE) {
			w->b->counts.epss_unused++;
			continue;
		}
		row = &tallies[vulnerability].row;
		if (!is_newer_epss(&tallies[vulnerability], epss))
			continue;
		tallies[vulnerability].epss_date = epss->date;
		row->flags |= KB_HAS_EPSS;
		row->epss_score = epss->score;
		row->epss_percentile = epss->percentile;
	}
}

static uint32_t ecosystems_of(const struct writer *w, uint32_t advisory)
{
	uint32_t bits = 0;

	for (uint32_t i = w->b->advisories.at[advisory].first_entry;
		i < kb_entries_end(w, advisory); i++) {
		const struct b_entry *entry = &w->b->entries.at[i];

		if (entry->package)
			bits |= tu_kb__ecosystem_bit(
				b_str(w->b, w->b->package_owners.at[entry->owner].parts[0]));
	}
	return bits;
}

/* ---- texts ---- */

/* Give the words of an advisory, which many share, their places. */
static void name_words(struct writer *w, uint32_t i)
{
	const struct kb_advisory *row = &w->b->advisories.at[w->m.order[i]].row;
	const struct kb_advisory *ahead = kb_ahead(w, i);

	if (ahead) {
		KB_LIST_AHEAD(w, scores, ahead->first_score);
		KB_LIST_AHEAD(w, cwes, ahead->first_cwe);
	}
	(void)tu_kb__put_string(w, row->database);
	for (uint32_t k = row->first_cwe; k < KB_LIST_END(w, i, first_cwe, cwes); k++)
		(void)tu_kb__put_string(w, w->b->cwes.at[k]);
	for (uint32_t k = row->first_score; k < KB_LIST_END(w, i, first_score, scores); k++) {
		(void)tu_kb__put_string(w, w->b->scores.at[k].vector);
		(void)tu_kb__put_string(w, w->b->scores.at[k].severity);
		(void)tu_kb__put_string(w, w->b->scores.at[k].scorer);
	}
}

/* Give the texts that are an advisory's own their places, but for addresses. */
static void name_texts(struct writer *w, uint32_t i)
{
	const struct kb_advisory *row = &w->b->advisories.at[w->m.order[i]].row;
	const struct kb_advisory *ahead = kb_ahead(w, i);

	if (ahead) {
		kb_string_ahead(w, ahead->id);
		kb_string_ahead(w, ahead->title);
	}
	(void)tu_kb__put_string(w, row->id);
	(void)tu_kb__put_string(w, row->title);
	for (uint32_t k = row->first_alias; k < KB_LIST_END(w, i, first_alias, aliases); k++)
		(void)tu_kb__put_string(w, w->b->aliases.at[k]);
	for (uint32_t k = row->first_related; k < KB_LIST_END(w, i, first_related, related); k++)
		(void)tu_kb__put_string(w, w->b->related.at[k]);
}

/* Words that all vulnerabilities share come first; then all texts of one vulnerability
 * together, in the order of the rows. Half of all text are addresses, which only a report in full
 * shows: they come later, in the same order. */
static void name_strings(struct writer *w, const struct tally *tallies)
{
	uint32_t advisory = 0;

	for (uint32_t i = 0; i < w->m.live; i++)
		name_words(w, i);
	for (uint32_t i = 0; i < w->m.vulnerabilities; i++) {
		(void)tu_kb__put_string(w, w->m.primary[w->number[i]]);
		(void)tu_kb__put_string(w, tallies[w->number[i]].row.title);
		for (; advisory < w->m.live && w->home[advisory] == i; advisory++)
			name_texts(w, advisory);
	}
}

/* ---- rows ---- */

/* Add up what all records say. */
static void tally_all(struct writer *w, struct tally *tallies)
{
	for (uint32_t i = 0; i < w->m.vulnerabilities; i++)
		tallies[i].title_rank = SIZE_MAX;
	for (uint32_t i = 0; i < w->m.link_count; i++) {
		const struct b_link *link = &w->m.links[i];
		struct tally *t = &tallies[link->vulnerability];

		tally_record(w->b, t, &w->b->advisories.at[link->advisory]);
		t->row.ecosystems |= ecosystems_of(w, link->advisory);
	}
	add_epss_to(w, tallies);
	for (uint32_t i = 0; i < w->m.vulnerabilities; i++) {
		tallies[i].row.flags |= rejected_flag(&tallies[i]);
		w->rejected[i] = (tallies[i].row.flags & KB_REJECTED) != 0;
		w->b->counts.rejected += w->rejected[i];
	}
}

static void write_vulnerability_rows(
	struct writer *w, const struct tally *tallies, const uint32_t *first)
{
	tu_kb__begin(w, KB_VULNERABILITIES, sizeof(struct kb_vulnerability));
	for (uint32_t i = 0; i < w->m.vulnerabilities; i++) {
		struct kb_vulnerability row = tallies[w->number[i]].row;

		row.id = tu_kb__put_string(w, w->m.primary[w->number[i]]);
		row.title = tu_kb__put_string(w, row.title);
		row.kev.date_added = tu_kb__put_string(w, row.kev.date_added);
		row.kev.due_date = tu_kb__put_string(w, row.kev.due_date);
		row.first_record = first[i];
		tu_kb__put(w, &row, sizeof(row));
	}
	tu_kb__put(w, &(struct kb_vulnerability){.first_record = w->m.link_count},
		sizeof(struct kb_vulnerability));
	tu_kb__end(w, KB_VULNERABILITIES);
	tu_kb__begin(w, KB_PLACES, sizeof(uint32_t));
	tu_kb__put_rows(w, w->place, w->m.vulnerabilities, sizeof(*w->place));
	tu_kb__end(w, KB_PLACES);
}

bool tu_kb__write_vulnerabilities(struct writer *w)
{
	uint32_t count = w->m.vulnerabilities;
	struct tally *tallies = tu_arena_array(w->passing, count, sizeof(*tallies));
	uint32_t *next = tu_arena_array(w->passing, count + 1, sizeof(*next));
	uint32_t *records = tu_arena_array(w->passing, w->m.link_count, sizeof(*records));

	w->rejected = tu_arena_array(w->arena, count, sizeof(*w->rejected));
	if (!tallies || !next || !records || !w->rejected)
		return false;
	tally_all(w, tallies);
	name_strings(w, tallies);
	for (uint32_t i = 0; i < w->m.link_count; i++)
		next[w->place[w->m.links[i].vulnerability] + 1]++;
	for (uint32_t i = 0; i < count; i++)
		next[i + 1] += next[i];
	write_vulnerability_rows(w, tallies, next);
	for (uint32_t i = 0; i < w->m.link_count; i++)
		records[next[w->place[w->m.links[i].vulnerability]]++] =
			w->m.position[w->m.links[i].advisory];
	tu_kb__begin(w, KB_RECORDS, sizeof(uint32_t));
	tu_kb__put_rows(w, records, w->m.link_count, sizeof(*records));
	tu_kb__end(w, KB_RECORDS);
	return true;
}
