/* What statements that apply make of the findings of a match. */
#include <tutela/vex.h>

static struct tu_str reason_of(const struct tu_vex_claim *claim)
{
	struct tu_str why = claim->status == TU_CLAIM_NOT_AFFECTED ? claim->impact : claim->action;

	return why.len ? why : claim->notes;
}

/* "supplier says not_affected (vulnerable_code_not_present): … [Acme, acme.vex.json]" */
static bool phrase(struct tu_arena *arena, const struct tu_vex_input *input,
	const struct tu_vex_link *link, bool trusted, struct tu_str *out_text)
{
	const struct tu_vex_document *document = input->documents[link->document];
	const struct tu_vex_claim *claim = &document->claims[link->claim];
	struct tu_str why = reason_of(claim);
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text, "%s says %s",
		document->own	  ? "the SBOM"
			: trusted ? "trusted supplier"
				  : "supplier",
		tu_claim_status_name(claim->status));
	if (link->all_versions)
		tu_buf_c(&text, ", all versions");
	if (claim->justification.len)
		tu_buf_printf(&text, " (%.*s)", TU_STR_FMT(claim->justification));
	if (why.len)
		tu_buf_printf(&text, ": %.*s", TU_STR_FMT(why));
	tu_buf_c(&text, " [");
	if (claim->author.len)
		tu_buf_printf(&text, "%.*s, ", TU_STR_FMT(claim->author));
	tu_buf_printf(&text, "%s]", input->names[link->document]);
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_text);
	tu_buf_done(&text);
	return fine;
}

/* The SBOM's own words, where they decide. */
static struct tu_str own_words(const struct tu_vex_claim *claim)
{
	struct tu_str detail = tu_claim_detail(claim);

	if (detail.len)
		return detail;
	return claim->justification.len ? claim->justification : tu_claim_state(claim);
}

static size_t *count_of(struct tu_match_counts *counts, enum tu_match_verdict verdict)
{
	switch (verdict) {
	case TU_MATCH_AFFECTED:
		return &counts->affected;
	case TU_MATCH_NOT_AFFECTED:
		return &counts->not_affected;
	case TU_MATCH_UNDECIDED:
	default:
		return &counts->undecided;
	}
}

static void clear(struct tu_finding *finding, const struct tu_vex_claim *claim,
	struct tu_match_counts *counts)
{
	--*count_of(counts, finding->verdict);
	finding->verdict = TU_MATCH_NOT_AFFECTED;
	finding->reason = claim->patch ? TU_WHY_PATCHED : TU_WHY_VEX;
	++*count_of(counts, finding->verdict);
}

/* What the SBOM says of a finding goes before what its build shows. */
static bool is_open(const struct tu_finding *finding, bool own)
{
	return finding->verdict != TU_MATCH_NOT_AFFECTED ||
		(own && finding->reason == TU_WHY_NOT_BUILT);
}

static bool apply_link(struct tu_arena *arena, const struct tu_vex_input *input,
	const struct tu_vex_link *link, struct tu_finding *finding, struct tu_match_counts *counts)
{
	const struct tu_vex_document *document = input->documents[link->document];
	const struct tu_vex_claim *claim = &document->claims[link->claim];
	bool trusted = tu_vex_trusts(&input->trust, document, claim);
	bool decides = document->own ? trusted : input->trust.files;
	bool clears = decides && tu_claim_clears(claim->status) && is_open(finding, document->own);

	finding->own_word = clears && document->own;
	if (finding->own_word) {
		finding->statement = own_words(claim);
	} else if (finding->statement.len || (document->own && trusted)) {
		return true; /* the build's word; or nothing that decides */
	} else if (!phrase(arena, input, link, trusted, &finding->statement)) {
		return false;
	}
	if (clears)
		clear(finding, claim, counts);
	return true;
}

enum tu_status tu_vex_decide(struct tu_arena *arena, const struct tu_vex_input *input,
	const struct tu_vex_application *application, const struct tu_match_result **out_result,
	struct tu_error *err)
{
	const struct tu_match_result *old = input->match;
	struct tu_match_result *result = tu_arena_alloc(arena, sizeof(*result));
	struct tu_finding *findings = tu_arena_array(arena, old->finding_count, sizeof(*findings));

	if (!result || !findings)
		return tu_no_memory(err);
	*result = *old;
	if (old->finding_count)
		memcpy(findings, old->findings, old->finding_count * sizeof(*findings));
	for (size_t i = 0; i < application->link_count; i++)
		if (!apply_link(arena, input, &application->links[i],
			    &findings[application->links[i].finding], &result->counts))
			return tu_no_memory(err);
	result->findings = findings;
	*out_result = result;
	return TU_OK;
}
