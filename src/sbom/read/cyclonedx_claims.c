/* CycloneDX JSON, vulnerabilities: what a VEX or VDR inside the document says (see cyclonedx.h). */
#include "sbom/read/cyclonedx.h"
#include "vex/claim/cyclonedx.h"

#include <stddef.h>

#include "base/hex.h"
#include "sbom/read/members.h"

static enum tu_status read_state(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str word = tu_json_str(at->value);

	(void)into;
	if (tu_claim_status_of(TU_WORDS_CYCLONEDX, word) != TU_CLAIM_UNSTATED)
		return TU_OK;
	return tu_sbom__note(b, at, "not understood: analysis state", word);
}

static const struct tu_sbom_member analysis_members[] = {
	{TU_STR_INIT("state"), TU_SBOM_STRING, read_state, 0},
	KNOWN("justification"),
	KNOWN("detail"),
	UNKEPT("response"),
	UNKEPT("firstIssued"),
	UNKEPT("lastUpdated"),
};
static const struct tu_sbom_shape analysis_shape = {"not understood: member of an analysis:",
	analysis_members, TU_COUNT(analysis_members), "lost: member of an analysis:"};

static enum tu_status read_analysis(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &analysis_shape, into);
}

/* A BOM-Link into this very document becomes its bom-ref; one to the whole document sets
 * *out_whole. One that is broken or leads to another document stays as it is. */
static struct tu_str unlinked(
	const struct tu_inventory *inventory, struct tu_str ref, bool *out_whole)
{
	struct tu_str own = inventory->serial;
	uint32_t version = inventory->bom_version ? inventory->bom_version : 1;
	struct tu_bom_link link;

	*out_whole = false;
	(void)tu_str_skip(&own, TU_STR("urn:uuid:"));
	if (!tu_bom_link(ref, &link) || link.broken || !tu_str_ieq(own, link.serial) ||
		link.version != version)
		return ref;
	*out_whole = link.whole;
	return link.ref;
}

static enum tu_sbom_found find_affected(
	const struct tu_sbom_builder *b, struct tu_str ref, uint32_t *out_index)
{
	char decoded[1024];
	enum tu_sbom_found found = tu_sbom__find(b, ref, out_index);

	if (found != TU_SBOM_FOUND_NOTHING || ref.len > sizeof(decoded))
		return found;
	return tu_sbom__find(b, tu_percent_decode(ref, decoded), out_index);
}

/* What the vulnerabilities of the document are read with. */
struct claims {
	struct tu_sbom_builder *b;
	const struct tu_sbom_at *at; /* the vulnerability at hand */
	enum tu_status status;
};

static bool name_component(struct tu_arena *arena, uint32_t index, struct tu_vex_product *product)
{
	uint32_t *about = tu_arena_array(arena, 1, sizeof(*about));

	if (!about)
		return false;
	*about = index;
	product->components = about;
	product->component_count = 1;
	return true;
}

static void refer(void *context, struct tu_json value, struct tu_vex_product *product)
{
	struct claims *c = context;
	struct tu_str ref = unlinked(c->b->inventory, tu_json_str(value), &product->whole);
	enum tu_sbom_found found;
	struct tu_bom_link link;
	uint32_t index;

	if (product->whole)
		return;
	found = find_affected(c->b, ref, &index);
	if (found == TU_SBOM_FOUND_OTHER ||
		(found == TU_SBOM_FOUND_NOTHING && tu_bom_link(ref, &link) && !link.broken)) {
		product->ref = product->id; /* a service, or in another document */
		return;
	}
	if (found == TU_SBOM_FOUND_COMPONENT && !name_component(c->b->arena, index, product))
		c->status = tu_sbom__nomem(c->b);
	product->dangling = found == TU_SBOM_FOUND_NOTHING;
}

/* The shapes report the others, each at its place. */
static void note_claim(void *context, struct tu_json at, enum tu_claim_note what)
{
	struct claims *c = context;

	(void)at;
	if (!c->status && (what == TU_CLAIM_ODD_VERSIONS || what == TU_CLAIM_CONTRADICTED))
		c->status = tu_sbom__note(c->b, c->at, tu_claim_note_text(what), TU_STR(""));
}

static enum tu_status read_affected_ref(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	bool whole;
	struct tu_str ref = unlinked(b->inventory, tu_json_str(at->value), &whole);
	uint32_t index;

	(void)into;
	if (whole || find_affected(b, ref, &index) != TU_SBOM_FOUND_NOTHING)
		return TU_OK;
	return tu_sbom__note(b, at, "a vulnerability names what the document does not have:", ref);
}

static const struct tu_sbom_member affects_members[] = {
	{TU_STR_INIT("ref"), TU_SBOM_STRING, read_affected_ref, 0},
	KNOWN("versions"),
};
static const struct tu_sbom_shape affects_shape = {
	"not understood: member of what a vulnerability affects:", affects_members,
	TU_COUNT(affects_members)};

static enum tu_status read_affected(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__object(b, at, &affects_shape, into);
}

static enum tu_status read_affects(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_affected, into);
}

static const struct tu_sbom_member vulnerability_members[] = {
	KNOWN("id"),
	{TU_STR_INIT("analysis"), TU_SBOM_OBJECT, read_analysis, 0},
	{TU_STR_INIT("affects"), TU_SBOM_ARRAY, read_affects, 0},
	UNKEPT("bom-ref"),
	UNKEPT("source"),
	UNKEPT("references"),
	UNKEPT("ratings"),
	UNKEPT("cwes"),
	UNKEPT("description"),
	UNKEPT("detail"),
	UNKEPT("recommendation"),
	UNKEPT("workaround"),
	UNKEPT("proofOfConcept"),
	UNKEPT("advisories"),
	UNKEPT("created"),
	UNKEPT("published"),
	UNKEPT("updated"),
	UNKEPT("rejected"),
	UNKEPT("credits"),
	UNKEPT("tools"),
	UNKEPT("properties"),
};
static const struct tu_sbom_shape vulnerability_shape = {
	"not understood: member of a vulnerability:", vulnerability_members,
	TU_COUNT(vulnerability_members), "lost: member of a vulnerability:"};

static enum tu_status keep_pointer(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_str *out_pointer)
{
	enum tu_status status;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 16);
	tu_sbom__pointer(at, &text);
	status = text.failed ? tu_sbom__nomem(b) : tu_sbom__copy(b, tu_buf_str(&text), out_pointer);
	tu_buf_done(&text);
	return status;
}

/* The shapes report members that are not understood; the claim is read by the reader that reads
 * documents beside an SBOM, too. */
enum tu_status tu_sbom__cyclonedx_vulnerability(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct claims claims = {.b = b, .at = at};
	struct tu_claim_reading reading = {b->arena, refer, note_claim, &claims, TU_OK};
	struct tu_vex_claim claim;
	enum tu_status status = tu_sbom__object(b, at, &vulnerability_shape, NULL);

	(void)into;
	if (status)
		return status;
	if (!TU_JSON_STR(at->value, "id").len)
		return tu_sbom__note_each(
			b, at, "left out: a vulnerability without id", TU_STR(""));
	tu_claim_read_cyclonedx(&reading, at->value, &claim);
	if (reading.status)
		return tu_sbom__nomem(b);
	b->about.count = 0;
	if (!claims.status)
		claims.status = keep_pointer(b, at, &claim.pointer);
	return claims.status ? claims.status : tu_sbom__add_claim(b, &claim);
}
