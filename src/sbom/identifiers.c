/* Identifiers that are not valid: used as far as they are clear, and reported. */
#include "sbom/inventory.h"

#include "ident/lenient.h"

enum { NOTED_SINGLY = 200 };

/* How far a purl can be used. */
enum use { USE_NOTHING, USE_PART, USE_ALL };

static enum tu_status check_arena(struct tu_sbom_builder *b)
{
	if (!b->identifiers)
		b->identifiers = tu_arena_new(0);
	if (!b->identifiers)
		return tu_sbom__nomem(b);
	tu_arena_reset(b->identifiers);
	return TU_OK;
}

static enum tu_status use_of(struct tu_sbom_builder *b, struct tu_str text, enum use *out_use,
	struct tu_error *out_fault)
{
	struct tu_purl purl;
	enum tu_status status = check_arena(b);

	*out_fault = (struct tu_error){0};
	if (status)
		return status;
	status = tu_purl_read(b->identifiers, text, &purl, out_fault);
	if (status == TU_E_NOMEM)
		return tu_sbom__nomem(b);
	*out_use = status ? USE_NOTHING : out_fault->status ? USE_PART : USE_ALL;
	return TU_OK;
}

enum tu_status tu_sbom__take_purl(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_sbom_draft *draft, struct tu_str purl, const char *what)
{
	struct tu_str *own = &draft->component.purl;
	struct tu_str other = *own;
	struct tu_error fault;
	enum use first = USE_NOTHING;
	enum use second = USE_NOTHING;

	if (own->len == 0)
		return tu_sbom__copy(b, purl, own);
	if (tu_str_eq(*own, purl))
		return TU_OK;
	if (use_of(b, *own, &first, &fault) || use_of(b, purl, &second, &fault))
		return TU_E_NOMEM;
	if (second <= first)
		return tu_sbom__note_each(b, at, what, purl);
	if (tu_sbom__copy(b, purl, own))
		return TU_E_NOMEM;
	return tu_sbom__note_each(b, at, "not used: a package URL that is not valid:", other);
}

/* Each with its text and what is wrong, up to a number that leaves room for other notes. */
static enum tu_status note(struct tu_sbom_builder *b, const struct tu_sbom_at *at, const char *what,
	struct tu_str text, const struct tu_error *fault)
{
	struct tu_buf detail;
	enum tu_status status;

	if (b->identifiers_noted++ >= NOTED_SINGLY)
		return tu_sbom__note(b, at, "further identifiers that are not valid", TU_STR(""));
	tu_buf_init(&detail, (size_t)1 << 20);
	tu_buf_printf(
		&detail, "\"%.*s\" (%s)", TU_STR_FMT(tu_str_first(text, 1024)), fault->message);
	status = detail.failed ? tu_sbom__nomem(b)
			       : tu_sbom__note_each(b, at, what, tu_buf_str(&detail));
	tu_buf_done(&detail);
	return status;
}

static enum tu_status check_purl(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str text)
{
	static const char *const words[] = {
		[USE_NOTHING] = "not used: a package URL that is not valid:",
		[USE_PART] = "not a valid package URL, used as far as it is clear:"};
	enum use use = USE_ALL;
	struct tu_error fault;

	if (text.len == 0)
		return TU_OK;
	if (use_of(b, text, &use, &fault))
		return TU_E_NOMEM;
	return use == USE_ALL ? TU_OK : note(b, at, words[use], text, &fault);
}

static enum tu_status check_cpe(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str text)
{
	struct tu_error fault = {0};
	struct tu_cpe cpe;
	enum tu_status status = check_arena(b);

	if (status)
		return status;
	status = tu_cpe_read(b->identifiers, text, &cpe, &fault);
	if (status == TU_E_NOMEM)
		return tu_sbom__nomem(b);
	if (status)
		return note(b, at, "not used: a CPE name that is not valid:", text, &fault);
	return fault.status
		? note(b, at, "not a valid CPE name, used as far as it is clear:", text, &fault)
		: TU_OK;
}

enum tu_status tu_sbom__check_identifiers(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_component *component)
{
	enum tu_status status = check_purl(b, at, component->purl);

	for (size_t i = 0; !status && i < component->cpe_count; i++)
		status = check_cpe(b, at, component->cpes[i]);
	return status;
}
