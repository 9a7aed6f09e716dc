#include "portfolio/facts.h"

#include <stdlib.h>

#include <tutela/exploited.h>

#include "kb/shown_score.h"
#include "portfolio/identity.h"

static int compare(const void *a, const void *b)
{
	const struct tu_vuln_fact *x = a, *y = b;

	return tu_str_cmp(x->vuln, y->vuln);
}

enum tu_status tu_facts_of(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_match_result *result, const struct tu_distinct *distinct,
	struct tu_facts *out)
{
	struct tu_vuln_fact *at = tu_arena_array(arena, distinct->finding_count, sizeof(*at));
	size_t count = 0;

	if (!at)
		return TU_E_NOMEM;
	for (size_t i = 0; i < distinct->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[distinct->first_finding + i];

		if (finding->verdict == TU_MATCH_NOT_AFFECTED)
			continue;
		at[count++] = (struct tu_vuln_fact){
			tu_kb_vulnerability(kb, finding->vulnerability).id, finding->vulnerability,
			finding->verdict, finding->reason, finding->fixed};
	}
	if (count)
		qsort(at, count, sizeof(*at), compare);
	*out = (struct tu_facts){at, count, distinct->known, distinct->platform};
	return TU_OK;
}

enum tu_status tu_facts_match(struct tu_arena *arena, const struct tu_kb *kb,
	struct tu_str identity, struct tu_facts *out, struct tu_error *err)
{
	const struct tu_inventory *inventory;
	const struct tu_match_result *result;
	enum tu_status status = tu_identity_read(arena, identity, &inventory, err);

	if (status == TU_OK)
		status = tu_match(arena, kb, inventory, NULL, &result, err);
	if (status != TU_OK)
		return status;
	/* distinct components stand in the order of the document: the first is the one */
	return tu_facts_of(arena, kb, result, &result->distinct[0], out) ? tu_no_memory(err)
									 : TU_OK;
}

bool tu_facts_eq(const struct tu_facts *a, const struct tu_facts *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct tu_vuln_fact *x = &a->at[i], *y = &b->at[i];

		if (x->verdict != y->verdict || x->reason != y->reason ||
			!tu_str_eq(x->vuln, y->vuln) || !tu_str_eq(x->fixed, y->fixed))
			return false;
	}
	return true;
}

struct tu_vuln_row tu_vuln_row_of(const struct tu_kb *kb, uint32_t vulnerability)
{
	struct tu_kb_vulnerability facts = tu_kb_vulnerability(kb, vulnerability);
	struct tu_shown_score shown = tu_kb__shown_score(kb, vulnerability);
	struct tu_vuln_row row = {.name = facts.id,
		.title = facts.title,
		.severity = shown.severity,
		.score = shown.tenths,
		.kev = facts.has_kev,
		.epss = facts.epss_score < 0 ? (int64_t)UINT32_MAX
					     : (int64_t)((double)facts.epss_score * 1000000 + 0.5),
		.withdrawn = facts.rejected};

	for (uint32_t i = 0; i < facts.advisories; i++) {
		struct tu_kb_advisory record =
			tu_kb_advisory(kb, tu_kb_record(kb, vulnerability, i));
		int64_t date =
			record.modified > record.published ? record.modified : record.published;

		if (date * 1000000 > row.modified)
			row.modified = date * 1000000;
	}
	return row;
}

bool tu_vuln_exploited_by(struct tu_arena *arena, const struct tu_kb *kb, uint32_t vulnerability,
	struct tu_str *out_names)
{
	enum { NAMES_MAX = 1 << 16 };
	struct tu_buf names;
	bool fine;

	*out_names = TU_STR("");
	if (!tu_kb_vulnerability(kb, vulnerability).has_kev)
		return true;
	tu_buf_init(&names, NAMES_MAX);
	tu_kb_exploited_names(kb, vulnerability, "\n", &names);
	fine = !names.failed && tu_arena_dup(arena, tu_buf_str(&names), out_names);
	tu_buf_done(&names);
	return fine;
}
